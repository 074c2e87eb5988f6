import { ChangeDetectionStrategy, Component, afterNextRender, viewChild } from '@angular/core';
import type { ElementRef } from '@angular/core';
import { SignInForm } from './sign-in-form';

/** Over the page, which keeps what was typed into it until the same person is back. */
@Component({
  selector: 'gd-expired-dialog',
  imports: [SignInForm],
  template: `
    <dialog #dialog aria-labelledby="expired-title" data-testid="expired-dialog" (cancel)="$event.preventDefault()">
      <h2 id="expired-title" i18n>Your session has ended</h2>
      <p class="gd-muted" i18n>Sign in again to go on; what you have typed is still there.</p>
      <gd-sign-in-form />
    </dialog>
  `,
  styles: `
    dialog {
      width: min(360px, calc(100vw - 32px));
      padding: 18px;
      box-sizing: border-box;
      border: 1px solid var(--gd-border);
      border-radius: 12px;
      background: var(--gd-surface);
      color: var(--gd-text);
    }
    dialog::backdrop {
      background: rgb(0 0 0 / 55%);
    }
    h2 {
      font-size: 15px;
      margin-bottom: 6px;
    }
    p {
      margin-bottom: 12px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ExpiredDialog {
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  constructor() {
    afterNextRender(() => this.dialog().nativeElement.showModal());
  }
}
