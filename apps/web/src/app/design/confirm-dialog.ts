import { ChangeDetectionStrategy, Component, input, output, viewChild } from '@angular/core';
import type { ElementRef } from '@angular/core';
import { MatButton } from '@angular/material/button';

/** Asks before something is lost. The browser's own modal dialog keeps the focus inside and closes on Escape. */
@Component({
  selector: 'gd-confirm-dialog',
  imports: [MatButton],
  template: `
    <dialog #dialog aria-labelledby="confirm-title" data-testid="confirm-dialog">
      <h2 id="confirm-title">{{ title() }}</h2>
      <p class="gd-muted">{{ text() }}</p>
      <div class="actions">
        <button matButton type="button" (click)="dialog.close()" i18n>Cancel</button>
        <button
          matButton="filled"
          type="button"
          class="danger"
          data-testid="confirm-button"
          (click)="dialog.close(); confirmed.emit()"
        >
          {{ action() }}
        </button>
      </div>
    </dialog>
  `,
  styles: `
    dialog {
      width: min(420px, calc(100vw - 32px));
      padding: 18px;
      border: 1px solid var(--gd-border);
      border-radius: 12px;
      background: var(--gd-surface);
      color: var(--gd-text);
    }
    dialog::backdrop {
      background: rgb(0 0 0 / 45%);
    }
    h2 {
      font-size: 15px;
      margin-bottom: 6px;
      overflow-wrap: anywhere;
    }
    .actions {
      display: flex;
      justify-content: flex-end;
      gap: 8px;
      margin-top: 18px;
    }
    .danger {
      --mat-button-filled-container-color: var(--gd-danger);
      --mat-button-filled-label-text-color: light-dark(#fff, #14181f);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConfirmDialog {
  readonly title = input.required<string>();
  readonly text = input.required<string>();
  readonly action = input.required<string>();
  readonly confirmed = output();
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  ask(): void {
    this.dialog().nativeElement.showModal();
  }
}
