import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { ExpiredDialog } from './identity/expired-dialog';
import { Session } from './identity/session';
import { SignInPage } from './identity/sign-in-page';
import { TopBar } from './shell/top-bar';

@Component({
  selector: 'gd-root',
  imports: [ExpiredDialog, RouterOutlet, SignInPage, TopBar],
  template: `
    @if (session.signOn() === 'signed-out') {
      <gd-sign-in-page />
    } @else {
      <gd-top-bar />
      <router-outlet />
      @if (session.signOn() === 'expired') {
        <gd-expired-dialog />
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {
  protected readonly session = inject(Session);
}
