import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { Icon } from '../design/icon';
import { AccountMenu } from '../identity/account-menu';
import { ConnectionBadge } from './connection-badge';
import { ThemeSwitch } from './theme-switch';

@Component({
  selector: 'gd-top-bar',
  imports: [AccountMenu, ConnectionBadge, Icon, RouterLink, RouterLinkActive, ThemeSwitch],
  template: `
    <header>
      <a class="skip" href="#main" (click)="skip($event)">Skip to content</a>
      <h1>
        <a class="home" routerLink="/"><img src="favicon.svg" alt="" width="22" height="22" />GAN Dashboard</a>
      </h1>
      <gd-connection-badge />
      <a
        class="gd-tool menu"
        routerLink="/reports"
        routerLinkActive="active"
        ariaCurrentWhenActive="page"
        title="Reports"
        data-testid="nav-reports"
        ><gd-icon name="table" /><span>Reports</span></a
      >
      <a
        class="gd-tool menu"
        routerLink="/sse-test"
        routerLinkActive="active"
        ariaCurrentWhenActive="page"
        title="Stream inspector"
        data-testid="nav-stream-inspector"
        ><gd-icon name="pulse" /><span>Stream inspector</span></a
      >
      <a class="gd-tool menu" title="API docs" href="api/docs" target="_blank" rel="noopener"
        ><gd-icon name="book" /><span>API docs</span></a
      >
      <gd-theme-switch />
      <gd-account-menu />
    </header>
  `,
  styles: `
    header {
      position: relative;
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
      font-size: 14.5px;
      font-weight: 680;
      letter-spacing: -0.01em;
      margin-right: auto;
      white-space: nowrap;
    }
    .home {
      display: flex;
      align-items: center;
      gap: 8px;
      text-decoration: none;
    }
    .menu.active {
      background: var(--gd-selected);
      color: var(--gd-text);
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
      .menu span {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      header {
        padding: 6px 10px;
        gap: 6px 4px;
      }
      .menu {
        padding: 0;
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
