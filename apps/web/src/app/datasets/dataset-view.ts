import { ChangeDetectionStrategy, Component, computed, effect, inject, signal, untracked } from '@angular/core';
import type { ColumnRole, DatasetPreview, DatasetProfile, SequenceRole } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { DatasetsApi } from '../api/datasets-api';
import { LineChart } from '../charts/line-chart';
import type { ChartLine } from '../charts/line-chart';
import { formatBytes, formatCount, formatMoment } from '../design/format';
import { Icon } from '../design/icon';
import { Skeleton } from '../design/skeleton';
import { StatusChip } from '../design/status-chip';
import { ProblemNotice } from '../problems/problem-notice';
import { Selection } from '../workspace/selection';
import { CellTable } from './cell-table';
import { ColumnTable } from './column-table';
import { structureFacts } from './dataset-facts';
import { DatasetsStore } from './datasets-store';
import { OrderBookView } from './order-book/order-book-view';

const previewRows = 20;
const seriesColors = 5;

/** The chosen data set: what it is, its columns and their roles, how it looks. */
@Component({
  selector: 'gd-dataset-view',
  imports: [CellTable, ColumnTable, Icon, LineChart, OrderBookView, ProblemNotice, Skeleton, StatusChip],
  templateUrl: './dataset-view.html',
  styleUrl: './dataset-view.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DatasetView {
  protected readonly store = inject(DatasetsStore);
  private readonly api = inject(DatasetsApi);
  private readonly selection = inject(Selection);

  protected readonly dataset = computed(() => this.store.byId(this.selection.datasetId()));
  protected readonly preview = signal<DatasetPreview | null>(null);
  protected readonly profile = signal<DatasetProfile | null>(null);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly roleProblem = signal<ApiProblem | null>(null);
  /** The data set whose preview is to be shown: chosen and ready. */
  private readonly readyId = computed(() => {
    const dataset = this.dataset();
    return dataset?.status === 'ready' ? dataset.id : null;
  });

  protected readonly facts = computed(() => {
    const dataset = this.dataset();
    return dataset ? structureFacts(dataset) : [];
  });
  protected readonly lines = computed<readonly ChartLine[]>(() => {
    const plot = this.preview()?.plot;
    if (!plot) return [];
    const x = plot.x.map((_, index) => index);
    return plot.series.map((series, index) => ({
      label: series.name,
      color: `var(--gd-series-${(index % seriesColors) + 1})`,
      x,
      y: series.values.map((value) => value ?? NaN),
    }));
  });
  protected readonly plotNote = computed(() => (this.lines().length === 0 ? $localize`no numeric column to draw` : ''));
  protected readonly headings = computed(() => this.preview()?.columns.map((column) => column.name) ?? []);
  protected readonly formatBytes = formatBytes;
  protected readonly formatCount = formatCount;
  protected readonly formatMoment = formatMoment;

  constructor() {
    effect(() => {
      const id = this.readyId();
      untracked(() => {
        this.preview.set(null);
        this.profile.set(null);
        this.roleProblem.set(null);
        if (id !== null) void this.load(id);
      });
    });
    effect(() => {
      const id = this.selection.datasetId();
      if (id !== null) untracked(() => void this.ensure(id));
    });
  }

  protected async reload(): Promise<void> {
    const id = this.selection.datasetId();
    if (id === null) return;
    await this.ensure(id);
    if (this.readyId() === id) await this.load(id);
  }

  protected async setRole({ column, role }: { column: string; role: ColumnRole }): Promise<void> {
    await this.changeColumn((id) => this.store.setRole(id, column, role));
  }

  protected async setSequenceRole({ column, role }: { column: string; role: SequenceRole | null }): Promise<void> {
    await this.changeColumn((id) => this.store.setSequenceRole(id, column, role));
  }

  private async changeColumn(change: (id: string) => Promise<void>): Promise<void> {
    const dataset = this.dataset();
    if (!dataset) return;
    try {
      await change(dataset.id);
      this.roleProblem.set(null);
    } catch (error) {
      this.roleProblem.set(toApiProblem(error));
    }
  }

  private async ensure(id: string): Promise<void> {
    try {
      await this.store.ensure(id);
      this.problem.set(null);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  private async load(id: string): Promise<void> {
    try {
      const [preview, profile] = await Promise.all([this.api.preview(id, previewRows), this.api.profile(id)]);
      if (this.readyId() !== id) return;
      this.preview.set(preview);
      this.profile.set(profile);
      this.problem.set(null);
    } catch (error) {
      if (this.readyId() === id) this.problem.set(toApiProblem(error));
    }
  }
}
