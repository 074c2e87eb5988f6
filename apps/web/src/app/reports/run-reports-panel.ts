import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { isFinalRunStatus } from '@gan-dashboard/shared-types';
import type { Report, Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { DatasetsStore } from '../datasets/datasets-store';
import { formatMoment } from '../design/format';
import { StatusChip } from '../design/status-chip';
import { ProblemNotice } from '../problems/problem-notice';
import { ReportPoller } from './report-poller';
import { ReportsApi } from './reports-api';

const shownReports = 5;

/** The reports of the open run, and the button that asks for another one. */
@Component({
  selector: 'gd-run-reports-panel',
  imports: [MatButton, ProblemNotice, RouterLink, StatusChip],
  template: `
    <div class="gd-card-head"><h2 id="run-reports-title" i18n>Quality</h2></div>
    @if (problem(); as failed) {
      <gd-problem-notice
        what="Reports"
        i18n-what
        [problem]="failed"
        [canDismiss]="true"
        (retry)="retry()"
        (dismiss)="problem.set(null)"
      />
    }
    <form (submit)="create($event)">
      <div class="gd-field">
        <label for="report-target" i18n>Column to predict (optional)</label>
        <select #chosen id="report-target" class="gd-input" (change)="target.set(chosen.value)">
          <option value="" i18n>None</option>
          @for (name of targets(); track name) {
            <option [value]="name" [selected]="name === target()">{{ name }}</option>
          }
        </select>
      </div>
      <button
        matButton="filled"
        type="submit"
        data-testid="report-button"
        aria-describedby="report-reason"
        [disabled]="reason() !== ''"
        i18n
      >
        Quality report
      </button>
      <p id="report-reason" class="gd-muted gd-small" role="status" data-testid="report-reason">
        @if (reason(); as said) {
          <ng-container>{{ said }}</ng-container>
        } @else {
          <ng-container i18n
            >Draws rows from the newest checkpoint and measures them beside the real ones.</ng-container
          >
        }
      </p>
    </form>
    @if (reports().length > 0) {
      <ul aria-labelledby="run-reports-title" data-testid="run-report-list">
        @for (report of reports(); track report.id) {
          <li>
            <a [routerLink]="['/reports', report.id]">{{ report.title }}</a>
            <span class="gd-muted gd-small">{{ formatMoment(report.created_at) }}</span>
            <gd-status-chip [status]="report.status" />
          </li>
        }
      </ul>
    }
  `,
  styles: `
    form {
      display: flex;
      flex-wrap: wrap;
      align-items: end;
      gap: 8px 12px;
      padding: 12px;
    }
    form .gd-field {
      width: 220px;
    }
    form p {
      flex: 1 1 200px;
      padding-bottom: 6px;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 12px;
      padding: 7px 12px;
      border-top: 1px solid var(--gd-border);
    }
    li a {
      flex: 1 1 200px;
      min-width: 0;
      overflow-wrap: anywhere;
    }
  `,
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunReportsPanel {
  readonly run = input.required<Run>();
  readonly hasCheckpoint = input.required<boolean>();

  private readonly api = inject(ReportsApi);
  private readonly router = inject(Router);
  private readonly datasets = inject(DatasetsStore);
  protected readonly reports = signal<readonly Report[]>([]);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly isCreating = signal(false);
  protected readonly target = signal('');
  private readonly runId = computed(() => this.run().id);
  private readonly poller = new ReportPoller(() => this.load());
  protected readonly formatMoment = formatMoment;

  protected readonly targets = computed(() =>
    (this.datasets.byId(this.run().dataset_id)?.columns ?? [])
      .filter(({ role }) => role !== 'id' && role !== 'excluded')
      .map(({ name }) => name),
  );
  /** Why no report can be asked for; empty where one can. */
  protected readonly reason = computed(() => {
    const run = this.run();
    if (run.dataset_id === null) return $localize`The run was trained elsewhere: compare two data sets under Reports.`;
    if (!this.hasCheckpoint()) {
      return isFinalRunStatus(run.status)
        ? $localize`This run ended without a checkpoint, so there is nothing to measure.`
        : $localize`A report can be made as soon as the run has saved its first checkpoint.`;
    }
    return this.isCreating() ? $localize`The report is being asked for.` : '';
  });

  constructor() {
    effect(() => {
      this.runId();
      this.reports.set([]);
      void this.poller.now();
    });
  }

  protected retry(): void {
    void this.poller.now();
  }

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    if (this.reason() !== '') return;
    this.isCreating.set(true);
    try {
      const target = this.target() === '' ? {} : { target: this.target() };
      const { id } = await this.api.create({ run_id: this.runId(), ...target });
      await this.router.navigate(['/reports', id]);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.isCreating.set(false);
    }
  }

  private async load(): Promise<boolean> {
    const runId = this.runId();
    try {
      const { items } = await this.api.list({ runId });
      if (runId !== this.runId()) return false;
      this.reports.set(items.slice(0, shownReports));
      return items.some(({ status }) => status === 'queued' || status === 'running');
    } catch (error) {
      if (runId === this.runId()) this.problem.set(toApiProblem(error));
      return false;
    }
  }
}
