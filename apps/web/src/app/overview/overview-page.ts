import { ChangeDetectionStrategy, Component, DestroyRef, computed, effect, inject, signal } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import type { Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import { DatasetsStore } from '../datasets/datasets-store';
import { formatDuration, formatMoment, formatPercent } from '../design/format';
import { Skeleton } from '../design/skeleton';
import { StatusChip } from '../design/status-chip';
import { Clock } from '../live/clock';
import { ProblemNotice } from '../problems/problem-notice';
import { HealthChip } from '../run/quality/health-chip';
import { queueText } from '../run/queue-text';
import { RunsStore } from '../runs/runs-store';
import { WorkerList } from '../workers/worker-list';
import { WorkersStore } from '../workers/workers-store';
import { FirstRun } from './first-run';
import { LossSpark } from './loss-spark';
import { LossStore } from './loss-store';
import { OlderRunsApi } from './older-runs-api';
import { diskUses, overviewOf } from './overview-facts';
import { AriaLabel } from '../design/aria-label';

/** What happens now, what waits, and what wants attention. */
@Component({
  selector: 'gd-overview-page',
  imports: [
    AriaLabel,
    FirstRun,
    HealthChip,
    LossSpark,
    MatProgressBar,
    ProblemNotice,
    RouterLink,
    Skeleton,
    StatusChip,
    WorkerList,
  ],
  providers: [LossStore],
  templateUrl: './overview-page.html',
  styleUrl: './overview-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OverviewPage {
  protected readonly runs = inject(RunsStore);
  protected readonly losses = inject(LossStore);
  private readonly olderRuns = inject(OlderRunsApi);
  private readonly datasets = inject(DatasetsStore);
  private readonly workers = inject(WorkersStore);
  private readonly clock = inject(Clock);

  protected readonly lists = computed(() => overviewOf(this.runs.items() ?? []));
  protected readonly disks = computed(() => diskUses(this.workers.items() ?? []));
  protected readonly diskWarnings = computed(() => this.disks().filter(({ warning }) => warning !== ''));
  protected readonly alertCount = computed(() => this.lists().alerts.length + this.diskWarnings().length);
  /**
   * Nobody had trained here when the page was opened. The steps stay until it is left, so that the last of them is
   * still there once the run has started.
   */
  protected readonly isFirstUse = signal(false);
  private readonly shownIds = computed(() =>
    this.lists()
      .running.map(({ id }) => id)
      .join(' '),
  );

  protected readonly moment = formatMoment;
  protected readonly percent = formatPercent;

  constructor() {
    void this.loadRuns();
    void this.datasets.load();
    this.workers.watch(inject(DestroyRef));
    effect(() => this.losses.show(this.shownIds().split(' ').filter(Boolean)));
    effect(() => {
      if (this.runs.items()?.length === 0) this.isFirstUse.set(true);
    });
  }

  /** The newest runs, and what matters here of the older ones. */
  protected async loadRuns(): Promise<void> {
    await this.runs.load();
    if (!this.runs.hasMore()) return;
    try {
      this.runs.put(await this.olderRuns.list());
    } catch (error) {
      this.runs.problem.set(toApiProblem(error));
    }
  }

  protected eta(run: Run): string {
    if (run.status === 'paused') return 'paused';
    return run.eta_seconds === null ? $localize`ETA not known yet` : $localize`${formatDuration(run.eta_seconds)} left`;
  }

  protected epochs(run: Run): string {
    return run.total_epochs > 0 ? $localize`epoch ${run.epoch} / ${run.total_epochs}` : '';
  }

  protected facts(run: Run): string {
    return `${run.model} · ${this.datasets.nameOf(run.dataset_id)}`;
  }

  protected waiting(run: Run): string {
    return queueText(run, this.clock.now());
  }
}
