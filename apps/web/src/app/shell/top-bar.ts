import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Icon } from '../design/icon';
import { AccountMenu } from '../identity/account-menu';
import { ProjectChooser } from '../projects/project-chooser';
import { Breadcrumb } from './breadcrumb';
import { ConnectionBadge } from './connection-badge';
import { Shortcuts } from './shortcuts';
import { ThemeSwitch } from './theme-switch';

/** Where one is, whether what is shown is live, and what belongs to the person. */
@Component({
  selector: 'gd-top-bar',
  imports: [AccountMenu, Breadcrumb, ConnectionBadge, Icon, ProjectChooser, ThemeSwitch],
  template: `
    <header>
      <gd-breadcrumb />
      <gd-project-chooser />
      <button
        type="button"
        class="gd-tool outlined search"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        data-testid="search-open"
        (click)="shortcuts.open('palette')"
      >
        <gd-icon name="search" /><span i18n>Search</span><kbd aria-hidden="true" i18n>{{ command }} K</kbd>
      </button>
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
    .search {
      color: var(--gd-muted);
    }
    kbd {
      font: inherit;
      font-size: 11px;
    }
    @media (max-width: 1100px) {
      .search span {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      kbd {
        display: none;
      }
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
export class TopBar {
  protected readonly shortcuts = inject(Shortcuts);
  protected readonly command = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : $localize`Ctrl`;
}
