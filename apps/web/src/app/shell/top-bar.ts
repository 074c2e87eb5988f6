import { ChangeDetectionStrategy, Component } from '@angular/core';
import { Icon } from '../design/icon';
import { ConnectionBadge } from './connection-badge';
import { ThemeSwitch } from './theme-switch';

@Component({
  selector: 'gd-top-bar',
  imports: [ConnectionBadge, ThemeSwitch, Icon],
  template: `
    <header>
      <a class="skip" href="#main" (click)="skip($event)">Skip to content</a>
      <h1><img src="favicon.svg" alt="" width="22" height="22" />GAN Dashboard</h1>
      <gd-connection-badge />
      <a class="gd-tool docs" href="api/docs" target="_blank" rel="noopener"
        ><gd-icon name="book" /><span>API docs</span></a
      >
      <gd-theme-switch />
    </header>
  `,
  styles: `
    header {
      display: flex;
      align-items: center;
      gap: 10px 14px;
      min-height: 46px;
      padding: 6px 14px;
      background: var(--gd-surface);
      border-bottom: 1px solid var(--gd-border);
      flex-wrap: wrap;
    }
    h1 {
      display: flex;
      align-items: center;
      gap: 8px;
      font-size: 14.5px;
      font-weight: 680;
      letter-spacing: -0.01em;
      margin-right: auto;
      white-space: nowrap;
    }
    .skip {
      position: absolute;
      left: -999px;
      padding: 6px 10px;
      background: var(--gd-surface);
      z-index: 10;
    }
    .skip:focus {
      left: 8px;
    }
    @media (max-width: 560px) {
      .docs span {
        display: none;
      }
      header {
        padding: 6px 10px;
        gap: 6px 8px;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TopBar {
  /** A plain `#main` would leave the page under a base href that is not the page's own address. */
  protected skip(event: Event): void {
    event.preventDefault();
    document.getElementById('main')?.focus();
  }
}
