import { ChangeDetectionStrategy, Component, afterNextRender, inject, output, viewChild } from '@angular/core';
import type { ElementRef } from '@angular/core';
import { places } from '../shell/navigation';
import { Preferences } from '../shell/preferences';

/** The keys that work on every page. */
@Component({
  selector: 'gd-shortcut-sheet',
  template: `
    <dialog #dialog aria-labelledby="keys-title" closedby="any" data-testid="shortcut-sheet" (close)="closed.emit()">
      <div class="head">
        <h2 id="keys-title" i18n>Keyboard shortcuts</h2>
        <button type="button" class="gd-tool outlined" (click)="dialog.close()" i18n>Close</button>
      </div>
      @if (!preferences.hasSingleKeys()) {
        <p class="gd-muted" i18n>Keys without Ctrl or ⌘ are switched off in the settings.</p>
      }
      <dl>
        @for (row of rows; track $index) {
          <div>
            <dt>{{ row.what }}</dt>
            <dd>
              @for (key of row.keys; track key) {
                <kbd>{{ key }}</kbd>
              }
            </dd>
          </div>
        }
      </dl>
    </dialog>
  `,
  styles: `
    dialog {
      width: min(640px, calc(100vw - 20px));
      padding: 16px 18px;
      border: 1px solid var(--gd-border);
      border-radius: 12px;
      background: var(--gd-surface);
      color: var(--gd-text);
    }
    dialog::backdrop {
      background: rgb(0 0 0 / 45%);
    }
    .head,
    dl div {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 12px;
    }
    h2 {
      font-size: 15px;
    }
    dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(240px, 1fr));
      gap: 0 28px;
      margin-top: 10px;
    }
    dl div {
      min-height: 30px;
      border-bottom: 1px solid var(--gd-border);
    }
    dd {
      display: flex;
      gap: 4px;
    }
    kbd {
      min-width: 22px;
      padding: 1px 6px;
      border: 1px solid var(--gd-border-strong);
      border-radius: 5px;
      background: var(--gd-sunken);
      font: inherit;
      font-size: 12px;
      text-align: center;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ShortcutSheet {
  protected readonly preferences = inject(Preferences);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  readonly closed = output();

  protected readonly rows: readonly { what: string; keys: readonly string[] }[] = [
    {
      what: $localize`Search and commands`,
      keys: [/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : $localize`Ctrl`, 'K'],
    },
    { what: $localize`Search and commands`, keys: ['/'] },
    { what: $localize`These shortcuts`, keys: ['?'] },
    { what: $localize`Labels of the rail`, keys: ['['] },
    ...places.map(({ label, key }) => ({ what: label, keys: ['g', key] })),
  ];

  constructor() {
    afterNextRender(() => this.dialog().nativeElement.showModal());
  }
}
