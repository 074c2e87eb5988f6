import { ChangeDetectionStrategy, Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import type { Checkpoint, Sample } from '@gan-dashboard/shared-types';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { RunsApi } from '../api/runs-api';
import { SamplesApi } from '../api/samples-api';
import { DatasetsStore } from '../datasets/datasets-store';
import { formatBytes, formatCount, formatMoment } from '../design/format';
import { Icon } from '../design/icon';
import { Skeleton } from '../design/skeleton';
import { StatusChip } from '../design/status-chip';
import { LiveEvents } from '../live/live-events';
import { ProblemNotice } from '../problems/problem-notice';
import { SamplesPanel } from '../run/samples-panel';
import { SamplesStore } from '../run/samples-store';
import { KnownRuns } from './known-runs';
import { Lineage } from './lineage';
import { OutcomeApi } from './outcome-api';
import { PagedList } from './paged-list';
import { AriaLabel } from '../design/aria-label';

/** Models and samples of all runs: `/samples?run=…` opens the form that draws from a run. */
@Component({
  selector: 'gd-samples-page',
  imports: [AriaLabel, Icon, Lineage, ProblemNotice, RouterLink, SamplesPanel, Skeleton, StatusChip],
  providers: [KnownRuns],
  templateUrl: './samples-page.html',
  styleUrl: './samples-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SamplesPage {
  private readonly outcome = inject(OutcomeApi);
  private readonly runsApi = inject(RunsApi);
  private readonly samplesApi = inject(SamplesApi);
  private readonly panelSamples = inject(SamplesStore);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly query = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });
  protected readonly known = inject(KnownRuns);

  protected readonly models = new PagedList<Checkpoint>(
    (cursor) => this.outcome.checkpoints(cursor),
    (items) => this.known.want(items.map(({ run_id: id }) => id)),
  );
  protected readonly history = new PagedList<Sample>(
    (cursor) => this.outcome.samples(cursor),
    (items) => this.known.want(items.map(({ run_id: id }) => id)),
  );
  protected readonly runId = computed(() => this.query().get('run'));
  protected readonly run = computed(() => {
    const id = this.runId();
    return id === null ? undefined : this.known.byId(id);
  });
  /** Of the chosen run; null until they came. */
  protected readonly checkpoints = signal<readonly Checkpoint[] | null>(null);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly formatBytes = formatBytes;
  protected readonly formatCount = formatCount;
  protected readonly formatMoment = formatMoment;

  constructor() {
    void inject(DatasetsStore).load();
    void this.models.load();
    void this.history.load();
    effect(() => {
      const id = this.runId();
      untracked(() => {
        this.checkpoints.set(null);
        if (id !== null) void this.loadRun(id);
      });
    });
    // What the form has asked for stands in the history at once, and when it is done.
    effect(() => {
      if (this.panelSamples.items()) untracked(() => void this.history.load());
    });
    inject(LiveEvents)
      .messages.pipe(takeUntilDestroyed())
      .subscribe(({ type }) => {
        if (type === 'checkpoint_saved') void this.models.load();
        if (type === 'sample_generation_complete' || type === 'sample_generation_error') void this.history.load();
      });
  }

  protected open(runId: string): void {
    this.router
      .navigate([], { relativeTo: this.route, queryParams: { run: runId } })
      .catch((error: unknown) => console.error('The run could not be opened', error));
  }

  protected checkpointOf(sample: Sample): Checkpoint | undefined {
    return (
      this.models.items()?.find(({ id }) => id === sample.checkpoint_id) ??
      this.checkpoints()?.find(({ id }) => id === sample.checkpoint_id)
    );
  }

  protected fileUrl(sample: Sample): string {
    return this.samplesApi.fileUrl(sample.id);
  }

  protected otherFormat({ format }: Sample): Sample['format'] {
    return format === 'csv' ? 'parquet' : 'csv';
  }

  /** The same rows in the other format: seed, checkpoint and wishes decide what is drawn. */
  protected async drawOther(sample: Sample): Promise<void> {
    const { rows, seed, checkpoint_id, conditions, balance, constraints, sequences } = sample;
    try {
      await this.samplesApi.create(sample.run_id, {
        rows,
        seed,
        checkpoint_id,
        now: false,
        format: this.otherFormat(sample),
        ...(conditions.length > 0 ? { conditions } : {}),
        ...(balance ? { balance } : {}),
        ...(constraints.length > 0 ? { constraints } : {}),
        ...(sequences ? { sequences } : {}),
      });
      this.problem.set(null);
      await this.history.load();
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  private async loadRun(id: string): Promise<void> {
    this.known.want([id]);
    try {
      const checkpoints = (await this.runsApi.checkpoints(id)).filter(({ removed_at: removed }) => removed === null);
      if (this.runId() !== id) return;
      this.checkpoints.set(checkpoints);
      this.problem.set(null);
    } catch (error) {
      if (this.runId() === id) this.problem.set(toApiProblem(error));
    }
  }
}
