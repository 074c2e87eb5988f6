import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { DatasetsStore } from '../../datasets/datasets-store';
import { formatCount, formatMoment } from '../../design/format';
import { StatusChip } from '../../design/status-chip';
import { ProblemNotice } from '../../problems/problem-notice';
import type { RunPicture } from '../run-picture';
import { configRows } from './config-diff';
import { RunPageApi } from './run-page-api';

/** What a run was set up with, on which data, and which runs it came from and led to. */
@Component({
  selector: 'gd-run-overview',
  imports: [ProblemNotice, RouterLink, StatusChip],
  templateUrl: './run-overview.html',
  styleUrl: './run-overview.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunOverview {
  readonly picture = input.required<RunPicture>();
  readonly datasetName = input.required<string>();

  private readonly api = inject(RunPageApi);
  private readonly datasets = inject(DatasetsStore);
  protected readonly parent = signal<Run | null>(null);
  protected readonly children = signal<readonly Run[]>([]);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly onlyChanges = signal(false);

  protected readonly run = computed(() => this.picture().run);
  protected readonly dataset = computed(() => this.datasets.byId(this.run().dataset_id));
  private readonly allRows = computed(() => configRows(this.run().config, this.parent()?.config ?? null));
  protected readonly changeCount = computed(
    () => this.allRows().filter(({ difference }) => difference !== 'same').length,
  );
  protected readonly rows = computed(() =>
    this.onlyChanges() ? this.allRows().filter(({ difference }) => difference !== 'same') : this.allRows(),
  );
  protected readonly parameters = computed(() => Object.entries(this.picture().start?.parameters ?? {}));
  private readonly ids = computed(
    () => ({ run: this.run().id, parent: this.run().parent_run_id, dataset: this.run().dataset_id }),
    { equal: (a, b) => a.run === b.run && a.parent === b.parent && a.dataset === b.dataset },
  );

  protected readonly formatCount = formatCount;
  protected readonly formatMoment = formatMoment;

  constructor() {
    effect(() => {
      this.ids();
      void this.load();
    });
  }

  protected async load(): Promise<void> {
    const { run, parent, dataset } = this.ids();
    try {
      const [from, family] = await Promise.all([
        parent === null ? null : this.api.run(parent),
        dataset === null ? [] : this.api.runsOf(dataset),
      ]);
      if (run !== this.ids().run) return;
      this.parent.set(from);
      this.children.set(family.filter(({ parent_run_id: id }) => id === run));
      this.problem.set(null);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }
}
