import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { ToastHost } from '../design/toast-host';
import { Palette } from '../search/palette';
import { ShortcutSheet } from '../search/shortcut-sheet';
import { BottomBar } from './bottom-bar';
import { Rail } from './rail';
import { Shortcuts } from './shortcuts';
import { TopBar } from './top-bar';

/** What stands around every page. Each page brings its own `main` with the id `main`. */
@Component({
  selector: 'gd-shell',
  imports: [BottomBar, Palette, Rail, RouterOutlet, ShortcutSheet, ToastHost, TopBar],
  template: `
    <a class="skip" href="#main" (click)="skip($event)" i18n>Skip to content</a>
    <gd-rail />
    <div class="page">
      <gd-top-bar />
      <router-outlet />
    </div>
    <gd-bottom-bar />
    <gd-toast-host />
    @if (shortcuts.overlay() === 'palette') {
      @defer (on immediate) {
        <gd-palette (closed)="shortcuts.close()" />
      }
    }
    @if (shortcuts.overlay() === 'sheet') {
      @defer (on immediate) {
        <gd-shortcut-sheet (closed)="shortcuts.close()" />
      }
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      align-items: start;
    }
    .page {
      min-width: 0;
    }
    .skip {
      position: absolute;
      left: -999px;
      padding: 6px 10px;
      background: var(--gd-surface);
      z-index: 30;
    }
    .skip:focus {
      left: 8px;
      top: 8px;
    }
    @media (max-width: 759px) {
      :host {
        grid-template-columns: minmax(0, 1fr);
        padding-bottom: calc(54px + env(safe-area-inset-bottom));
      }
    }
  `,
  host: { '(document:keydown)': 'shortcuts.take($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Shell {
  protected readonly shortcuts = inject(Shortcuts);

  /** A plain `#main` would leave the page under a base href that is not the page's own address. */
  protected skip(event: Event): void {
    event.preventDefault();
    const main = document.getElementById('main') ?? document.querySelector('main');
    if (!main) return;
    if (!main.hasAttribute('tabindex')) main.tabIndex = -1;
    main.focus();
  }
}
