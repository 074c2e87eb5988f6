import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { ExpiredDialog } from './identity/expired-dialog';
import { Session } from './identity/session';
import { SignInPage } from './identity/sign-in-page';
import { Shell } from './shell/shell';

@Component({
  selector: 'gd-root',
  imports: [ExpiredDialog, Shell, SignInPage],
  template: `
    @if (session.signOn() === 'signed-out') {
      <gd-sign-in-page />
    } @else {
      <gd-shell />
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
