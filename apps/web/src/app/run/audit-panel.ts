import { ChangeDetectionStrategy, Component, effect, inject, input, signal } from '@angular/core';
import type { AuditEntry } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { RunsApi } from '../api/runs-api';
import { formatMoment } from '../design/format';
import { ProblemNotice } from '../problems/problem-notice';

/** What was done to the open run, by whom and when. Read when it is opened, and again when the run's state changes. */
@Component({
  selector: 'gd-audit-panel',
  imports: [ProblemNotice],
  template: `
    <details (toggle)="toggled($event)">
      <summary data-testid="audit-open" i18n>Who did what</summary>
      @if (problem(); as failed) {
        <gd-problem-notice what="The trail could not be loaded" i18n-what [problem]="failed" (retry)="load()" />
      }
      <ol data-testid="audit-list">
        @for (entry of entries(); track entry.id) {
          <li>
            <span class="gd-muted">{{ formatMoment(entry.at) }}</span>
            <strong>{{ entry.actor }}</strong>
            <span>{{ wordsOf(entry) }}</span>
          </li>
        } @empty {
          <li class="gd-muted">
            @if (isLoading()) {
              <ng-container i18n>Loading…</ng-container>
            } @else {
              <ng-container i18n>Nothing was done to this run yet.</ng-container>
            }
          </li>
        }
      </ol>
    </details>
  `,
  styles: `
    summary {
      padding: 10px 12px;
      cursor: pointer;
      font-weight: 650;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      padding: 5px 12px;
      border-top: 1px solid var(--gd-border);
      overflow-wrap: anywhere;
    }
  `,
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AuditPanel {
  readonly runId = input.required<string>();
  /** Anything whose change means that something was done. */
  readonly status = input.required<string>();

  private readonly api = inject(RunsApi);
  private readonly isOpen = signal(false);
  protected readonly entries = signal<readonly AuditEntry[]>([]);
  protected readonly isLoading = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly formatMoment = formatMoment;

  constructor() {
    effect(() => {
      this.status();
      this.runId();
      if (this.isOpen()) void this.load();
    });
  }

  protected toggled(event: Event): void {
    this.isOpen.set((event.target as HTMLDetailsElement).open);
  }

  protected wordsOf({ action, detail }: AuditEntry): string {
    const facts = Object.entries(detail)
      .filter(([name]) => !name.endsWith('_id'))
      .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    return [action, ...facts].join(', ');
  }

  protected async load(): Promise<void> {
    const id = this.runId();
    this.isLoading.set(true);
    try {
      const entries = await this.api.audit(id);
      if (id === this.runId()) this.entries.set(entries);
      this.problem.set(null);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.isLoading.set(false);
    }
  }
}
