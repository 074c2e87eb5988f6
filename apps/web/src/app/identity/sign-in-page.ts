import { ChangeDetectionStrategy, Component } from '@angular/core';
import { SignInForm } from './sign-in-form';

/** Instead of the dashboard, as long as nobody is signed in. */
@Component({
  selector: 'gd-sign-in-page',
  imports: [SignInForm],
  template: `
    <main id="main" tabindex="-1" class="gd-card" data-testid="sign-in-page">
      <h1 i18n><img src="favicon.svg" alt="" width="26" height="26" />GAN Dashboard</h1>
      <gd-sign-in-form />
    </main>
  `,
  styles: `
    :host {
      display: grid;
      min-height: 100dvh;
      place-items: center;
      padding: 16px;
      box-sizing: border-box;
    }
    main {
      width: min(360px, 100%);
      padding: 22px;
      box-sizing: border-box;
    }
    h1 {
      display: flex;
      align-items: center;
      gap: 10px;
      font-size: 18px;
      margin-bottom: 18px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SignInPage {}
