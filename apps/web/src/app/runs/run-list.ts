import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { Run } from '@gan-dashboard/shared-types';
import { DatasetsStore } from '../datasets/datasets-store';
import { formatMoment, formatPercent } from '../design/format';
import { Skeleton } from '../design/skeleton';
import { StatusChip } from '../design/status-chip';
import { HealthChip } from '../run/quality/health-chip';
import { ProblemNotice } from '../problems/problem-notice';
import { Selection } from '../workspace/selection';
import { isActive } from './run-state';
import { RunsStore } from './runs-store';
import { AriaLabel } from '../design/aria-label';

/** All runs, newest first, each with its state as it is now. */
@Component({
  selector: 'gd-run-list',
  imports: [AriaLabel, HealthChip, MatProgressBar, ProblemNotice, Skeleton, StatusChip],
  templateUrl: './run-list.html',
  styleUrl: './run-list.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunList {
  protected readonly store = inject(RunsStore);
  protected readonly selection = inject(Selection);
  private readonly datasets = inject(DatasetsStore);

  protected readonly isActive = isActive;
  protected readonly rows = computed(() =>
    this.store.items()?.map((run) => ({ run, source: this.source(run), facts: this.facts(run) })),
  );

  private source(run: Run): string {
    return this.datasets.nameOf(run.dataset_id);
  }

  private facts(run: Run): string {
    if (run.status === 'queued') {
      return run.queue_position === null
        ? $localize`waiting for its turn`
        : $localize`place ${run.queue_position} in the queue`;
    }
    if (run.total_epochs === 0) return formatMoment(run.created_at);
    const epochs = $localize`epoch ${run.epoch} / ${run.total_epochs}`;
    return isActive(run.status)
      ? `${epochs} · ${formatPercent(run.progress_percent)}`
      : `${epochs} · ${formatMoment(run.created_at)}`;
  }
}
