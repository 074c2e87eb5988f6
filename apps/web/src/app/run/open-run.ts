import { Injectable, computed, inject, signal } from '@angular/core';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { DatasetsStore } from '../datasets/datasets-store';
import { Clock } from '../live/clock';
import { LiveEvents } from '../live/live-events';
import { TrainingDraft } from '../training/training-draft';
import { Selection } from '../workspace/selection';
import { chartNote } from './chart-note';
import { logText, saveText } from './log-text';
import { OpenRunStore } from './open-run-store';
import type { CheckpointInfo, RunPicture } from './run-picture';

/** What every view of the open run says of it and can do with it. Provided by the view, beside its `Selection`. */
@Injectable()
export class OpenRun {
  readonly store = inject(OpenRunStore);
  private readonly selection = inject(Selection);
  private readonly datasets = inject(DatasetsStore);
  private readonly live = inject(LiveEvents);
  private readonly draft = inject(TrainingDraft);
  private readonly clock = inject(Clock);

  readonly logProblem = signal<ApiProblem | null>(null);
  readonly datasetName = computed(() => {
    const picture = this.store.picture();
    const id = picture?.run.dataset_id ?? null;
    return this.datasets.byId(id)?.name ?? picture?.start?.data_source ?? this.datasets.nameOf(id);
  });
  /** Why the charts are empty or do not move; empty while they do. */
  readonly note = computed(() => {
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

  /** Takes the run's settings over into the form for the next training; without a checkpoint, its newest is meant. */
  forkFrom({ run, checkpoints }: RunPicture, from?: CheckpointInfo): void {
    const checkpoint = from ?? checkpoints.filter((each) => !each.removed_at).toSorted((a, b) => b.step - a.step)[0];
    if (!checkpoint) return;
    this.draft.forkFrom(run, checkpoint);
    this.selection.chooseDataset(run.dataset_id);
  }

  async downloadLog(): Promise<void> {
    try {
      const lines = await this.store.readWholeLog();
      saveText(`${this.store.picture()?.run.name ?? 'run'}.log`, logText(lines));
      this.logProblem.set(null);
    } catch (error) {
      this.logProblem.set(toApiProblem(error));
    }
  }
}
