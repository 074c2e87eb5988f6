import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { TopBar } from './shell/top-bar';

@Component({
  selector: 'gd-root',
  imports: [RouterOutlet, TopBar],
  template: `
    <gd-top-bar />
    <router-outlet />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {}
