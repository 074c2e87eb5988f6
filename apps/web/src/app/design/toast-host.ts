import { ChangeDetectionStrategy, Component, ElementRef, inject } from '@angular/core';
import { Icon } from './icon';
import { Toasts } from './toast';

/** Where toasts appear: once, in the shell. */
@Component({
  selector: 'gd-toast-host',
  imports: [Icon],
  template: `
    <div role="status" aria-label="News" i18n-aria-label data-testid="toasts">
      @for (toast of toasts.items(); track toast.id) {
        <div class="toast" data-testid="toast" [class.bad]="toast.tone === 'bad'">
          <span>{{ toast.text }}</span>
          @if (toast.action; as action) {
            <button type="button" data-testid="toast-action" (click)="toasts.act(toast)">{{ action.label }}</button>
          }
          <button type="button" aria-label="Dismiss" i18n-aria-label (click)="toasts.dismiss(toast.id)">
            <gd-icon name="close" />
          </button>
        </div>
      }
    </div>
  `,
  styles: `
    :host {
      position: fixed;
      right: 16px;
      bottom: 16px;
      z-index: 40;
      max-width: calc(100vw - 32px);
    }
    [role='status'] {
      display: grid;
      gap: 8px;
      justify-items: end;
    }
    .toast {
      display: flex;
      align-items: center;
      gap: 8px;
      max-width: 460px;
      padding: 6px 6px 6px 14px;
      border-radius: 9px;
      background: var(--gd-ink);
      color: var(--gd-page);
      box-shadow: 0 6px 24px rgb(0 0 0 / 30%);
      overflow-wrap: anywhere;
    }
    .toast span {
      margin-right: auto;
    }
    .bad {
      border-left: 5px solid light-dark(#ff8f86, #b42318);
    }
    button {
      display: inline-flex;
      align-items: center;
      min-height: 28px;
      padding: 0 8px;
      border: 0;
      border-radius: 6px;
      background: transparent;
      color: inherit;
      font-weight: 650;
      text-decoration: underline;
      text-underline-offset: 2px;
      cursor: pointer;
    }
    button:focus-visible {
      outline-color: currentColor;
    }
    @media (max-width: 759px) {
      :host {
        inset: auto 10px calc(62px + env(safe-area-inset-bottom));
        max-width: none;
      }
    }
  `,
  host: {
    '(mouseenter)': 'toasts.hold()',
    '(mouseleave)': 'releaseUnlessFocused()',
    '(focusin)': 'toasts.hold()',
    '(focusout)': 'toasts.release()',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ToastHost {
  protected readonly toasts = inject(Toasts);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);

  protected releaseUnlessFocused(): void {
    if (!this.element.nativeElement.contains(document.activeElement)) this.toasts.release();
  }
}
