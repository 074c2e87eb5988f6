import { ChangeDetectionStrategy, Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Dataset, Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { formatCount, formatMoment } from '../../design/format';
import { Icon } from '../../design/icon';
import { Skeleton } from '../../design/skeleton';
import { StatusChip } from '../../design/status-chip';
import { ProblemNotice } from '../../problems/problem-notice';
import { Selection } from '../../workspace/selection';
import { DatasetView } from '../dataset-view';
import { DatasetsStore } from '../datasets-store';
import { DatasetRelationsApi } from './dataset-relations-api';
import { DatasetRoute } from './dataset-route';
import { versionsOf } from './dataset-versions';

/** One data set: what is in it, its versions, and the runs that were trained on it. */
@Component({
  selector: 'gd-dataset-page',
  imports: [DatasetView, Icon, ProblemNotice, RouterLink, Skeleton, StatusChip],
  providers: [{ provide: Selection, useClass: DatasetRoute }],
  templateUrl: './dataset-page.html',
  styleUrl: './dataset-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DatasetPage {
  private readonly relations = inject(DatasetRelationsApi);
  private readonly store = inject(DatasetsStore);
  protected readonly selection = inject(Selection);

  protected readonly dataset = computed(() => this.store.byId(this.selection.datasetId()));
  /** Null until they came. */
  protected readonly runs = signal<readonly Run[] | null>(null);
  protected readonly hasMoreRuns = signal(false);
  private readonly sameFile = signal<readonly Dataset[]>([]);
  protected readonly versions = computed(() => versionsOf(this.sameFile()));
  protected readonly problem = signal<ApiProblem | null>(null);
  private readonly fileName = computed(() => this.dataset()?.file_name ?? null);
  protected readonly formatCount = formatCount;
  protected readonly formatMoment = formatMoment;

  constructor() {
    effect(() => {
      const id = this.selection.datasetId();
      const fileName = this.fileName();
      if (id !== null && fileName !== null) untracked(() => void this.load(id, fileName));
    });
  }

  protected retry(): void {
    const id = this.selection.datasetId();
    const fileName = this.fileName();
    if (id !== null && fileName !== null) void this.load(id, fileName);
  }

  private async load(id: string, fileName: string): Promise<void> {
    try {
      const [runs, versions] = await Promise.all([this.relations.runsOn(id), this.relations.versionsOf(fileName)]);
      if (this.selection.datasetId() !== id) return;
      this.runs.set(runs.items);
      this.hasMoreRuns.set(runs.next_cursor !== null);
      this.sameFile.set(versions.items);
      this.problem.set(null);
    } catch (error) {
      if (this.selection.datasetId() === id) this.problem.set(toApiProblem(error));
    }
  }
}
