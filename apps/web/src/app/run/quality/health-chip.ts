import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { HealthAlert } from '@gan-dashboard/shared-types';
import { verdictTitles } from './health-text';

/** The verdict on a training in a word or two; the colour only repeats it. */
@Component({
  selector: 'gd-health-chip',
  template: `<span class="mark" aria-hidden="true">{{ mark() }}</span
    ><span><span class="gd-visually-hidden" i18n>Health: </span>{{ title() }}</span>`,
  host: { '[class]': 'health().severity', '[title]': 'health().message', 'data-testid': 'health-chip' },
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      padding: 0 7px;
      border: 1px solid currentColor;
      border-radius: 9px;
      font-size: 11px;
      font-weight: 600;
      line-height: 16px;
      white-space: nowrap;
      color: var(--gd-real);
    }
    :host(.warning) {
      color: var(--gd-warning);
    }
    :host(.error) {
      color: var(--gd-danger);
    }
    .gd-visually-hidden {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HealthChip {
  readonly health = input.required<HealthAlert>();
  protected readonly title = computed(() => verdictTitles[this.health().verdict]);
  protected readonly mark = computed(() => (this.health().severity === 'ok' ? '✓' : '!'));
}
