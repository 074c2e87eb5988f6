import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Dataset } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { ConfirmDialog } from '../../design/confirm-dialog';
import { formatBytes, formatCount, formatMoment } from '../../design/format';
import { Icon } from '../../design/icon';
import { Skeleton } from '../../design/skeleton';
import { StatusChip } from '../../design/status-chip';
import { Session } from '../../identity/session';
import { ProblemNotice } from '../../problems/problem-notice';
import { Selection } from '../../workspace/selection';
import { AddDataset } from '../add-dataset';
import { DatasetsStore } from '../datasets-store';
import { DatasetRoute } from './dataset-route';
import { versionsOf } from './dataset-versions';
import { AriaLabel } from '../../design/aria-label';

/** All data sets: bring one in, look at one, train on one. */
@Component({
  selector: 'gd-datasets-page',
  imports: [AriaLabel, AddDataset, ConfirmDialog, Icon, ProblemNotice, RouterLink, Skeleton, StatusChip],
  providers: [{ provide: Selection, useClass: DatasetRoute }],
  templateUrl: './datasets-page.html',
  styleUrl: './datasets-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DatasetsPage {
  protected readonly store = inject(DatasetsStore);
  protected readonly session = inject(Session);
  private readonly confirm = viewChild.required(ConfirmDialog);

  protected readonly search = signal('');
  protected readonly toDelete = signal<Dataset | null>(null);
  protected readonly deleteProblem = signal<ApiProblem | null>(null);
  protected readonly deleteTitle = computed(() => $localize`Delete “${this.toDelete()?.name ?? ''}”?`);
  protected readonly found = computed(() => {
    const text = this.search().trim().toLowerCase();
    const all = versionsOf(this.store.items() ?? []);
    return all.filter(({ dataset }) => `${dataset.name} ${dataset.file_name}`.toLowerCase().includes(text));
  });
  protected readonly formatBytes = formatBytes;
  protected readonly formatCount = formatCount;
  protected readonly formatMoment = formatMoment;

  constructor() {
    void this.store.load();
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
    } catch (error) {
      this.deleteProblem.set(toApiProblem(error));
    }
  }
}
