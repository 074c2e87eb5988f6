import { ChangeDetectionStrategy, Component, computed, effect, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import type { ReportDetail } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { ConfirmDialog } from '../design/confirm-dialog';
import { formatMoment } from '../design/format';
import { Icon } from '../design/icon';
import { Skeleton } from '../design/skeleton';
import { StatusChip } from '../design/status-chip';
import { ProblemNotice } from '../problems/problem-notice';
import { ReportBody } from './report-body';
import { ReportPoller } from './report-poller';
import { ReportsApi } from './reports-api';

/** One report: while it is made, what it says, or why it failed. */
@Component({
  selector: 'gd-report-page',
  imports: [
    ConfirmDialog,
    Icon,
    MatButton,
    MatProgressBar,
    ProblemNotice,
    ReportBody,
    RouterLink,
    Skeleton,
    StatusChip,
  ],
  templateUrl: './report-page.html',
  styleUrl: './report-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ReportPage {
  private readonly api = inject(ReportsApi);
  private readonly router = inject(Router);
  private readonly params = toSignal(inject(ActivatedRoute).paramMap);
  protected readonly id = computed(() => this.params()?.get('id') ?? '');
  protected readonly report = signal<ReportDetail | null>(null);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly isStale = computed(() => this.problem() !== null && this.report() !== null);
  private readonly poller = new ReportPoller(() => this.load());

  protected readonly subtitle = computed(() => {
    const report = this.report();
    if (!report) return '';
    const rows = report.rows === null ? [] : [$localize`${report.rows.toLocaleString('en')} rows drawn`];
    return [formatMoment(report.created_at), ...rows, $localize`seed ${report.seed}`].join(' · ');
  });

  constructor() {
    effect(() => {
      this.id();
      this.report.set(null);
      void this.poller.now();
    });
  }

  protected fileUrl(): string {
    return this.api.fileUrl(this.id());
  }

  protected retry(): void {
    void this.poller.now();
  }

  /** The same report again, in place of one that failed. */
  protected async again({
    run_id,
    checkpoint_id,
    real_dataset_id,
    synthetic_dataset_id,
    ...asked
  }: ReportDetail): Promise<void> {
    const more = { seed: asked.seed, ...(asked.target === null ? {} : { target: asked.target }) };
    try {
      const next = await this.api.create(
        run_id !== null
          ? {
              run_id,
              ...more,
              ...(checkpoint_id === null ? {} : { checkpoint_id }),
              ...(asked.rows === null ? {} : { rows: asked.rows }),
            }
          : { real_dataset_id: real_dataset_id ?? '', synthetic_dataset_id: synthetic_dataset_id ?? '', ...more },
      );
      await this.router.navigate(['/reports', next.id]);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  protected async remove(): Promise<void> {
    try {
      await this.api.delete(this.id());
      await this.router.navigate(['/reports']);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  private async load(): Promise<boolean> {
    const id = this.id();
    try {
      const report = await this.api.get(id);
      if (id !== this.id()) return false;
      this.report.set(report);
      this.problem.set(null);
    } catch (error) {
      if (id !== this.id()) return false;
      this.problem.set(toApiProblem(error));
    }
    const status = this.report()?.status;
    return status === 'queued' || status === 'running';
  }
}
