import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal } from '@angular/core';
import { DatasetList } from '../datasets/dataset-list';
import { DatasetView } from '../datasets/dataset-view';
import { DatasetsStore } from '../datasets/datasets-store';
import { Skeleton } from '../design/skeleton';
import { RunView } from '../run/run-view';
import { RunList } from '../runs/run-list';
import { RunsStore } from '../runs/runs-store';
import { TrainingDraft } from '../training/training-draft';
import { TrainingPanel } from '../training/training-panel';
import { WorkerList } from '../workers/worker-list';
import { FirstSteps } from './first-steps';
import { Selection } from './selection';
import type { WorkspaceView } from './selection';

/** On a narrow screen one of these is shown at a time. */
type Pane = 'data' | 'train' | 'runs';

/** Data sets and runs on the left, what is open in the middle, the next training on the right. */
@Component({
  selector: 'gd-workspace-page',
  imports: [DatasetList, DatasetView, FirstSteps, RunList, RunView, Skeleton, TrainingPanel, WorkerList],
  providers: [Selection],
  templateUrl: './workspace-page.html',
  styleUrl: './workspace-page.scss',
  host: { '[attr.data-pane]': 'pane()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WorkspacePage {
  protected readonly selection = inject(Selection);
  private readonly datasets = inject(DatasetsStore);
  private readonly runs = inject(RunsStore);
  private readonly draft = inject(TrainingDraft);

  protected readonly pane = linkedSignal<{ view: WorkspaceView; key: string }, Pane>({
    source: () => ({ view: this.selection.view(), key: `${this.selection.runId()} ${this.selection.datasetId()}` }),
    // Choosing the data set in the training pane does not lead away from it.
    computation: ({ view }, previous) =>
      previous?.value === 'train' && view === previous.source.view && view === 'data'
        ? 'train'
        : view === 'run'
          ? 'runs'
          : 'data',
  });
  protected readonly panes: readonly { pane: Pane; label: string }[] = [
    { pane: 'data', label: $localize`Data` },
    { pane: 'train', label: $localize`Train` },
    { pane: 'runs', label: $localize`Runs` },
  ];
  protected readonly hasRun = computed(() => this.selection.runId() !== null);
  protected readonly hasDataset = computed(() => this.selection.datasetId() !== null);
  protected readonly isData = computed(() => this.selection.view() === 'data');

  constructor() {
    void this.datasets.load();
    void this.runs.load();
    void this.draft.load();
  }

  protected showPane(pane: Pane): void {
    if (pane !== 'train') this.selection.show(pane === 'runs' ? 'run' : 'data');
    this.pane.set(pane);
  }
}
