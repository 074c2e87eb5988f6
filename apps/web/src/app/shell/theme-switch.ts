import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Icon } from '../design/icon';
import type { IconName } from '../design/icon';
import { Theme } from './theme';
import type { ThemeChoice } from './theme';

@Component({
  selector: 'gd-theme-switch',
  imports: [Icon],
  template: `
    <div role="group" aria-label="Theme">
      @for (option of options; track option.choice) {
        <button
          type="button"
          class="gd-tool"
          [attr.aria-pressed]="theme.choice() === option.choice"
          [attr.aria-label]="option.label + ' theme'"
          [title]="option.label + ' theme'"
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
    { choice: 'system', label: 'System', icon: 'system' },
    { choice: 'light', label: 'Light', icon: 'sun' },
    { choice: 'dark', label: 'Dark', icon: 'moon' },
  ];
}
