import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { ApiProblem } from '../api/api-problem';
import { Icon } from '../design/icon';

/** A failed request: what happened, what to do, and the way to try again. */
@Component({
  selector: 'gd-problem-notice',
  imports: [Icon],
  template: `
    <gd-icon name="warning" />
    <div class="text">
      <strong>{{ what() }}</strong>
      <p>{{ problem().detail }}</p>
      @if (problem().errors.length > 0) {
        <ul>
          @for (error of problem().errors; track $index) {
            <li>
              <code>{{ error.path }}</code> {{ error.message }}
            </li>
          }
        </ul>
      }
      <p class="advice">{{ problem().advice }}</p>
      <div class="actions">
        @if (canRetry()) {
          <button type="button" class="gd-tool outlined" (click)="retry.emit()" i18n>
            <gd-icon name="refresh" />Try again
          </button>
        }
        @if (canDismiss()) {
          <button type="button" class="gd-tool" (click)="dismiss.emit()" i18n>Dismiss</button>
        }
      </div>
    </div>
  `,
  host: { role: 'alert', 'data-testid': 'problem' },
  styles: `
    :host {
      display: flex;
      gap: 9px;
      padding: 9px 12px;
      border: 1px solid color-mix(in srgb, var(--gd-danger) 40%, transparent);
      border-radius: 8px;
      background: color-mix(in srgb, var(--gd-danger) 7%, var(--gd-surface));
    }
    gd-icon {
      color: var(--gd-danger);
      margin-top: 1px;
    }
    .text {
      min-width: 0;
      overflow-wrap: anywhere;
    }
    .advice {
      color: var(--gd-muted);
    }
    ul {
      list-style: disc;
      padding-left: 16px;
    }
    .actions {
      display: flex;
      gap: 6px;
    }
    .actions > * {
      margin-top: 6px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProblemNotice {
  /** What was attempted: "The runs could not be loaded". */
  readonly what = input.required<string>();
  readonly problem = input.required<ApiProblem>();
  readonly canRetry = input(true);
  readonly canDismiss = input(false);
  readonly retry = output();
  readonly dismiss = output();
}
