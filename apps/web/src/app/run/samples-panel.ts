import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { isFinalRunStatus, sampleCreateSchema } from '@gan-dashboard/shared-types';
import type { DatasetColumn, Run, Sample, SampleCreate } from '@gan-dashboard/shared-types';
import { SamplesApi } from '../api/samples-api';
import { CellTable } from '../datasets/cell-table';
import { DatasetsStore } from '../datasets/datasets-store';
import { SampleOrderBook } from '../datasets/order-book/sample-order-book';
import { formatBytes, formatClock, formatCount } from '../design/format';
import { Icon } from '../design/icon';
import { Skeleton } from '../design/skeleton';
import { StatusChip } from '../design/status-chip';
import { ProblemNotice } from '../problems/problem-notice';
import { SampleGateNotice } from '../reports/sample-gate-notice';
import type { CheckpointInfo } from './run-picture';
import { wishesText } from './samples-panel-text';
import { gapsOf, noWishes, wishesOf } from './samples-panel-wishes';
import type { WishesDraft } from './samples-panel-wishes';
import { SampleWishesForm } from './samples-panel-wishes-form';
import { SamplesStore } from './samples-store';

/** Synthetic rows from the run's newest checkpoint: asked for, looked at, downloaded. */
@Component({
  selector: 'gd-samples-panel',
  imports: [
    CellTable,
    Icon,
    MatButton,
    ProblemNotice,
    SampleGateNotice,
    SampleOrderBook,
    SampleWishesForm,
    Skeleton,
    StatusChip,
  ],
  templateUrl: './samples-panel.html',
  styleUrl: './samples-panel.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SamplesPanel {
  readonly run = input.required<Run>();
  readonly checkpoints = input.required<readonly CheckpointInfo[]>();

  protected readonly store = inject(SamplesStore);
  private readonly api = inject(SamplesApi);
  private readonly datasets = inject(DatasetsStore);

  protected readonly rows = signal('1000');
  /** Of models of sequences: how many, and rows of each; no length: that of the model. */
  protected readonly sequenceCount = signal('10');
  protected readonly sequenceLength = signal('');
  /** Rows of a sequence of the run's model, as it was set; null where it makes single rows. */
  protected readonly usualLength = computed(() => usualLengthOf(this.run()));
  protected readonly seed = signal('42');
  protected readonly format = signal<SampleCreate['format']>('csv');
  /** Empty: the newest. */
  protected readonly checkpointId = signal('');
  protected readonly draft = signal(noWishes);
  protected readonly columns = signal<readonly DatasetColumn[]>([]);
  protected readonly request = computed(() =>
    sampleCreateSchema.safeParse({
      ...(this.usualLength() === null ? { rows: toNumber(this.rows()) } : { sequences: this.sequences() }),
      seed: toNumber(this.seed()),
      format: this.format(),
      ...(this.checkpointId() === '' ? {} : { checkpoint_id: this.checkpointId() }),
      // Rows of a sequence cannot be picked one by one.
      ...(this.usualLength() === null ? wishesOf(this.draft(), this.columns()) : {}),
    }),
  );
  private readonly sequences = computed(() => ({
    count: toNumber(this.sequenceCount()),
    ...(this.sequenceLength().trim() === '' ? {} : { length: toNumber(this.sequenceLength()) }),
  }));
  private readonly gaps = computed(() => gapsOf(this.draft()));
  /** Beside their fields: what is missing, and what the server has said of the last request. */
  protected readonly wishErrors = computed(() => [...this.gaps(), ...(this.store.problem()?.errors ?? [])]);
  private readonly runId = computed(() => this.run().id);
  /** The data set whose order book samples of the run are compared with; null where it has none. */
  protected readonly bookDatasetId = computed(() => {
    const dataset = this.datasets.byId(this.run().dataset_id);
    return dataset?.structure?.order_book?.is_used ? dataset.id : null;
  });
  protected readonly newest = computed(() =>
    this.checkpoints().reduce<CheckpointInfo | null>(
      (best, each) => (best && best.step >= each.step ? best : each),
      null,
    ),
  );

  /** Why no sample can be asked for; empty where one can. */
  protected readonly reason = computed(() => {
    if (this.newest() === null) {
      return isFinalRunStatus(this.run().status)
        ? $localize`This run ended without a checkpoint, so there is nothing to sample from.`
        : $localize`Samples can be made as soon as the run has saved its first checkpoint.`;
    }
    if (this.store.isCreating()) return $localize`The sample is being asked for.`;
    const wrong = this.request().error?.issues.map((issue) => issue.path[0]) ?? [];
    if (wrong.includes('sequences')) return $localize`Sequences and their length: whole numbers from 1 to 1,000,000.`;
    if (wrong.includes('rows')) return $localize`Rows: a whole number from 1 to 10,000,000.`;
    if (wrong.includes('seed')) return $localize`Seed: a whole number from 0 to 2,147,483,647.`;
    if (this.gaps().length > 0) return $localize`A condition or a constraint is not complete yet.`;
    return '';
  });
  protected readonly note = computed(() => {
    const checkpoint = this.checkpoints().find(({ id }) => id === this.checkpointId()) ?? this.newest();
    return checkpoint ? $localize`From the checkpoint of epoch ${checkpoint.epoch}.` : '';
  });

  protected readonly formatBytes = formatBytes;
  protected readonly formatClock = formatClock;
  protected readonly formatCount = formatCount;
  protected readonly wishesText = wishesText;

  constructor() {
    effect(() => {
      this.store.open(this.runId());
      // Another run has other columns and checkpoints.
      this.draft.set(noWishes);
      this.columns.set([]);
      this.checkpointId.set('');
    });
  }

  protected fileUrl(sample: Sample): string {
    return this.api.fileUrl(sample.id);
  }

  /** Holds the visible text (WCAG 2.5.3): who speaks to the browser says what stands on the link. */
  protected downloadLabel(sample: Sample): string {
    return $localize`${formatBytes(sample.size_bytes)}, download ${formatCount(sample.rows)} rows as ${sample.format}`;
  }

  protected setFormat(value: string): void {
    this.format.set(value === 'parquet' ? 'parquet' : 'csv');
  }

  /** What the server said was of the draft before. */
  protected setDraft(draft: WishesDraft): void {
    this.draft.set(draft);
    if (this.store.problem()?.errors.length) this.store.problem.set(null);
  }

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    const request = this.request();
    if (this.reason() === '' && request.success) await this.store.create(request.data);
  }
}

/** The setting of that name is the mark of models of sequences. */
function usualLengthOf({ config }: Pick<Run, 'config'>): number | null {
  const length = config['sequence_length'];
  return typeof length === 'number' ? length : null;
}

function toNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}
