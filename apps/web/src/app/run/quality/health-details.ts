import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { HealthAlert } from '@gan-dashboard/shared-types';
import { HealthChip } from './health-chip';
import { healthNumbers } from './health-text';

/** The verdict on the open run: its reason, the rule and the numbers behind it, and what to try. */
@Component({
  selector: 'gd-health-details',
  imports: [HealthChip],
  template: `
    <details data-testid="health-details">
      <summary>
        <gd-health-chip [health]="health()" /> <span class="message">{{ health().message }}</span>
      </summary>
      <div class="body">
        @if (health().advice.length > 0) {
          <p><strong i18n>What to try</strong></p>
          <ul data-testid="health-advice">
            @for (text of health().advice; track $index) {
              <li>{{ text }}</li>
            }
          </ul>
        }
        <p class="gd-small"><strong i18n>Rule:</strong> {{ health().rule }}</p>
        @if (numbers().length > 0) {
          <dl>
            @for (number of numbers(); track number.name) {
              <div>
                <dt>{{ number.name }}</dt>
                <dd>{{ number.value }}</dd>
              </div>
            }
          </dl>
        }
        <p class="gd-small gd-muted" i18n>Since epoch {{ health().epoch }}, step {{ health().step }}.</p>
      </div>
    </details>
  `,
  styles: `
    :host {
      display: block;
    }
    summary {
      cursor: pointer;
      min-height: 24px;
      overflow-wrap: anywhere;
    }
    .message {
      margin-left: 6px;
    }
    .body {
      display: grid;
      gap: 6px;
      padding: 8px 12px;
      margin-top: 4px;
      border: 1px solid var(--gd-border);
      border-radius: 8px;
      background: var(--gd-sunken);
      overflow-wrap: anywhere;
    }
    ul {
      margin: 0;
      padding-left: 18px;
    }
    dl {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 16px;
      margin: 0;
      font-size: 12px;
    }
    dt {
      color: var(--gd-muted);
    }
    dd {
      margin: 0;
      font-weight: 600;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HealthDetails {
  readonly health = input.required<HealthAlert>();
  protected readonly numbers = computed(() => healthNumbers(this.health()));
}
