import { ChangeDetectionStrategy, Component } from '@angular/core';
import { AccountMenu } from '../identity/account-menu';
import { Breadcrumb } from './breadcrumb';
import { ConnectionBadge } from './connection-badge';
import { ThemeSwitch } from './theme-switch';

/** Where one is, whether what is shown is live, and what belongs to the person. */
@Component({
  selector: 'gd-top-bar',
  imports: [AccountMenu, Breadcrumb, ConnectionBadge, ThemeSwitch],
  template: `
    <header>
      <gd-breadcrumb />
      <gd-connection-badge />
      <gd-theme-switch />
      <gd-account-menu />
    </header>
  `,
  styles: `
    header {
      position: relative;
      display: flex;
      align-items: center;
      gap: 6px 12px;
      min-height: 46px;
      padding: 6px 14px;
      background: var(--gd-surface);
      border-bottom: 1px solid var(--gd-border);
      flex-wrap: wrap;
    }
    gd-breadcrumb {
      margin-right: auto;
    }
    @media (max-width: 759px) {
      header {
        padding: 6px 10px;
        gap: 6px;
      }
      gd-breadcrumb {
        flex-basis: 100%;
      }
      gd-connection-badge {
        margin-right: auto;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TopBar {}
