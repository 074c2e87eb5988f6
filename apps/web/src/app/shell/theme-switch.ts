import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Icon } from '../design/icon';
import type { IconName } from '../design/icon';
import { Theme } from './theme';
import type { ThemeChoice } from './theme';
import { AriaLabel } from '../design/aria-label';

@Component({
  selector: 'gd-theme-switch',
  imports: [AriaLabel, Icon],
  template: `
    <div role="group" aria-label="Theme" i18n-aria-label>
      @for (option of options; track option.choice) {
        <button
          type="button"
          class="gd-tool"
          [attr.aria-pressed]="theme.choice() === option.choice"
          gdLabel="{{ option.label }} theme"
          i18n-gdLabel
          title="{{ option.label }} theme"
          i18n-title
          [attr.data-testid]="'theme-' + option.choice"
          (click)="theme.choose(option.choice)"
        >
          <gd-icon [name]="option.icon" />
        </button>
      }
    </div>
  `,
  styles: `
    div {
      display: flex;
      gap: 2px;
      padding: 2px;
      border: 1px solid var(--gd-border);
      border-radius: 8px;
    }
    button {
      min-height: 24px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ThemeSwitch {
  protected readonly theme = inject(Theme);
  protected readonly options: readonly { choice: ThemeChoice; label: string; icon: IconName }[] = [
    { choice: 'system', label: $localize`System`, icon: 'system' },
    { choice: 'light', label: $localize`Light`, icon: 'sun' },
    { choice: 'dark', label: $localize`Dark`, icon: 'moon' },
  ];
}
