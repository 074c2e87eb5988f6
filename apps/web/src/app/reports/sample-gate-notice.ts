import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { gateOverrideSchema, sampleSchema } from '@gan-dashboard/shared-types';
import type { Sample } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { checked } from '../api/request';
import { formatMoment } from '../design/format';
import { ProblemNotice } from '../problems/problem-notice';

/** What the download gate says about a sample; where it refuses, the numbers and the way around it. */
@Component({
  selector: 'gd-sample-gate-notice',
  imports: [MatButton, ProblemNotice],
  template: `
    @if (sample().gate; as gate) {
      @switch (gate.state) {
        @case ('passed') {
          <p class="gd-muted gd-small" data-testid="gate-passed" i18n>
            The privacy check of the download gate was passed.
          </p>
        }
        @case ('overridden') {
          <p class="gd-small" data-testid="gate-overridden" i18n>
            The download gate refused this sample ({{ reasons() }}). {{ overridden() }}
          </p>
        }
        @case ('refused') {
          <div class="refused" role="group" aria-label="Download gate" i18n-aria-label data-testid="gate-refused">
            <p><strong i18n>The download gate refuses this sample:</strong> {{ reasons() }}.</p>
            <p class="gd-muted gd-small" i18n>
              Draw from an earlier checkpoint or train with more data. An administrator can let it go all the same; the
              reason stands in the audit trail.
            </p>
            <form (submit)="override($event)">
              <div class="gd-field">
                <label for="gate-reason" i18n>Reason (10 characters or more)</label>
                <input
                  #text
                  id="gate-reason"
                  class="gd-input"
                  autocomplete="off"
                  data-testid="gate-reason"
                  [value]="reason()"
                  (input)="reason.set(text.value)"
                />
              </div>
              <button matButton="outlined" type="submit" data-testid="gate-override" [disabled]="!canOverride()" i18n>
                Override
              </button>
            </form>
          </div>
        }
      }
    }
    @if (problem(); as failed) {
      <gd-problem-notice
        what="The gate was not overridden"
        i18n-what
        [problem]="failed"
        [canRetry]="false"
        [canDismiss]="true"
        (dismiss)="problem.set(null)"
      />
    }
  `,
  styles: `
    :host {
      display: block;
      padding: 0 12px 8px;
    }
    .refused {
      display: grid;
      gap: 6px;
      padding: 9px 12px;
      border: 1px solid var(--gd-border);
      border-left: 4px solid var(--gd-danger);
      border-radius: 8px;
      overflow-wrap: anywhere;
    }
    form {
      display: flex;
      flex-wrap: wrap;
      align-items: end;
      gap: 8px;
    }
    .gd-field {
      flex: 1 1 240px;
      min-width: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SampleGateNotice {
  readonly sample = input.required<Sample>();
  readonly changed = output();

  private readonly http = inject(HttpClient);
  protected readonly reason = signal('');
  protected readonly problem = signal<ApiProblem | null>(null);
  private readonly isSending = signal(false);
  private readonly request = computed(() => gateOverrideSchema.safeParse({ reason: this.reason() }));
  protected readonly canOverride = computed(() => this.request().success && !this.isSending());
  protected readonly reasons = computed(() => this.sample().gate?.reasons.join('; ') ?? '');
  protected readonly overridden = computed(() => {
    const override = this.sample().gate?.override;
    return override ? $localize`Overridden by ${override.by}, ${formatMoment(override.at)}\: ${override.reason}` : '';
  });

  protected async override(event: Event): Promise<void> {
    event.preventDefault();
    const request = this.request();
    if (!request.success || !this.canOverride()) return;
    this.isSending.set(true);
    try {
      const path = `api/v1/samples/${this.sample().id}/gate-override`;
      await checked(this.http.post(path, request.data), sampleSchema);
      this.reason.set('');
      this.problem.set(null);
      this.changed.emit();
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.isSending.set(false);
    }
  }
}
