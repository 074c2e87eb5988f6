import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { ToastHost } from '../design/toast-host';
import { BottomBar } from './bottom-bar';
import { Rail } from './rail';
import { TopBar } from './top-bar';

/** What stands around every page. Each page brings its own `main` with the id `main`. */
@Component({
  selector: 'gd-shell',
  imports: [BottomBar, Rail, RouterOutlet, ToastHost, TopBar],
  template: `
    <a class="skip" href="#main" (click)="skip($event)">Skip to content</a>
    <gd-rail />
    <div class="page">
      <gd-top-bar />
      <router-outlet />
    </div>
    <gd-bottom-bar />
    <gd-toast-host />
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
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Shell {
  /** A plain `#main` would leave the page under a base href that is not the page's own address. */
  protected skip(event: Event): void {
    event.preventDefault();
    const main = document.getElementById('main') ?? document.querySelector('main');
    if (!main) return;
    if (!main.hasAttribute('tabindex')) main.tabIndex = -1;
    main.focus();
  }
}
