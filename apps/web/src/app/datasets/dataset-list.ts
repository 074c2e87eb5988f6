import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import type { Dataset } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { ConfirmDialog } from '../design/confirm-dialog';
import { formatBytes, formatCount } from '../design/format';
import { Icon } from '../design/icon';
import { Skeleton } from '../design/skeleton';
import { StatusChip } from '../design/status-chip';
import { ProblemNotice } from '../problems/problem-notice';
import { Selection } from '../workspace/selection';
import { AddDataset } from './add-dataset';
import { DatasetsStore } from './datasets-store';
import { AriaLabel } from '../design/aria-label';

const origins: Readonly<Record<Dataset['origin'], string>> = {
  folder: $localize`data folder`,
  upload: 'upload',
  generated: 'generated',
};

@Component({
  selector: 'gd-dataset-list',
  imports: [AriaLabel, AddDataset, ConfirmDialog, Icon, ProblemNotice, Skeleton, StatusChip],
  templateUrl: './dataset-list.html',
  styleUrl: './dataset-list.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DatasetList {
  protected readonly store = inject(DatasetsStore);
  protected readonly selection = inject(Selection);
  private readonly confirm = viewChild.required(ConfirmDialog);

  protected readonly toDelete = signal<Dataset | null>(null);
  protected readonly deleteProblem = signal<ApiProblem | null>(null);
  protected readonly deleteTitle = computed(() => $localize`Delete “${this.toDelete()?.name ?? ''}”?`);
  protected readonly formatBytes = formatBytes;

  protected facts(dataset: Dataset): string {
    const size = formatBytes(dataset.size_bytes);
    if (dataset.row_count === null) return `${origins[dataset.origin]} · ${size}`;
    const shape = `${formatCount(dataset.row_count)} × ${formatCount(dataset.columns.length)}`;
    return `${shape} · ${size} · ${origins[dataset.origin]}`;
  }

  protected askDelete(dataset: Dataset): void {
    this.toDelete.set(dataset);
    this.confirm().ask();
  }

  protected async deleteNow(): Promise<void> {
    const dataset = this.toDelete();
    if (!dataset) return;
    try {
      await this.store.remove(dataset.id);
      this.deleteProblem.set(null);
      if (this.selection.datasetId() === dataset.id) this.selection.chooseDataset(null);
    } catch (error) {
      this.deleteProblem.set(toApiProblem(error));
    }
  }
}
