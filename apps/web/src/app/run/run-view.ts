import { ChangeDetectionStrategy, Component, computed, effect, inject, signal } from '@angular/core';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { DatasetsStore } from '../datasets/datasets-store';
import { Skeleton } from '../design/skeleton';
import { Clock } from '../live/clock';
import { LiveEvents } from '../live/live-events';
import { ProblemNotice } from '../problems/problem-notice';
import { RunReportsPanel } from '../reports/run-reports-panel';
import { Selection } from '../workspace/selection';
import { TrainingDraft } from '../training/training-draft';
import { AuditPanel } from './audit-panel';
import { chartNote } from './chart-note';
import { CheckpointsPanel } from './checkpoints-panel';
import { logText, saveText } from './log-text';
import { OpenRunStore } from './open-run-store';
import { RunCharts } from './run-charts';
import { RunHead } from './run-head';
import { RunLog } from './run-log';
import type { CheckpointInfo, RunPicture } from './run-picture';
import { QualityPanel } from './quality/quality-panel';
import { SamplesPanel } from './samples-panel';

/** The open run. */
@Component({
  selector: 'gd-run-view',
  imports: [
    AuditPanel,
    CheckpointsPanel,
    ProblemNotice,
    QualityPanel,
    RunCharts,
    RunHead,
    RunLog,
    RunReportsPanel,
    SamplesPanel,
    Skeleton,
  ],
  template: `
    @if (store.problem(); as problem) {
      <gd-problem-notice what="The run could not be loaded" [problem]="problem" (retry)="store.reload()" />
    }
    @if (logProblem(); as problem) {
      <gd-problem-notice
        what="The log could not be downloaded"
        [problem]="problem"
        [canDismiss]="true"
        (retry)="downloadLog()"
        (dismiss)="logProblem.set(null)"
      />
    }
    @if (store.picture(); as picture) {
      <gd-run-head [picture]="picture" [datasetName]="datasetName()" (fork)="forkFrom(picture)" />
      <gd-run-charts [series]="picture.series" [quality]="picture.quality" [note]="note()" />
      <gd-quality-panel [run]="picture.run" [quality]="picture.quality" />
      <gd-run-log
        [runId]="picture.run.id"
        [lines]="picture.log"
        [isLoadingEarlier]="store.isLoadingEarlierLog()"
        (loadEarlier)="store.loadEarlierLog()"
        (download)="downloadLog()"
      />
      <gd-checkpoints-panel
        [checkpoints]="picture.checkpoints"
        (fork)="forkFrom(picture, $event)"
        (changed)="store.reload()"
      />
      <gd-samples-panel [run]="picture.run" [checkpoints]="picture.checkpoints" />
      <gd-run-reports-panel [run]="picture.run" [hasCheckpoint]="picture.checkpoints.length > 0" />
      <gd-audit-panel [runId]="picture.run.id" [status]="picture.run.status" />
    } @else if (!store.problem()) {
      <section class="gd-card"><gd-skeleton [lines]="4" /></section>
      <section class="gd-card"><gd-skeleton [lines]="8" /></section>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 12px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunView {
  protected readonly store = inject(OpenRunStore);
  private readonly selection = inject(Selection);
  private readonly datasets = inject(DatasetsStore);
  private readonly live = inject(LiveEvents);
  private readonly draft = inject(TrainingDraft);
  private readonly clock = inject(Clock);

  protected readonly logProblem = signal<ApiProblem | null>(null);
  protected readonly datasetName = computed(() => {
    const picture = this.store.picture();
    const id = picture?.run.dataset_id ?? null;
    return this.datasets.byId(id)?.name ?? picture?.start?.data_source ?? this.datasets.nameOf(id);
  });
  protected readonly note = computed(() => {
    const picture = this.store.picture();
    if (!picture) return '';
    return chartNote({
      run: picture.run,
      hasPoints: picture.series.size > 0,
      connection: this.live.state().kind,
      lastHeardAt: this.live.lastHeardAt(),
      lastEventAt: this.store.lastEventAt(),
      now: this.clock.now(),
    });
  });

  constructor() {
    effect(() => this.store.open(this.selection.runId()));
  }

  /** Takes the run's settings over into the form for the next training; without a checkpoint, its newest is meant. */
  protected forkFrom({ run, checkpoints }: RunPicture, from?: CheckpointInfo): void {
    const checkpoint = from ?? checkpoints.filter((each) => !each.removed_at).toSorted((a, b) => b.step - a.step)[0];
    if (!checkpoint) return;
    this.draft.forkFrom(run, checkpoint);
    this.selection.chooseDataset(run.dataset_id);
  }

  protected async downloadLog(): Promise<void> {
    try {
      const lines = await this.store.readWholeLog();
      saveText(`${this.store.picture()?.run.name ?? 'run'}.log`, logText(lines));
      this.logProblem.set(null);
    } catch (error) {
      this.logProblem.set(toApiProblem(error));
    }
  }
}
