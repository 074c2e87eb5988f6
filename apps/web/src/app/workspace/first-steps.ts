import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { DatasetsStore } from '../datasets/datasets-store';
import { Icon } from '../design/icon';
import { ProblemNotice } from '../problems/problem-notice';
import { RunsStore } from '../runs/runs-store';
import { Selection } from './selection';

/** What to do while nothing is open: three steps to the first run. */
@Component({
  selector: 'gd-first-steps',
  imports: [Icon, ProblemNotice],
  templateUrl: './first-steps.html',
  styleUrl: './first-steps.scss',
  host: { class: 'gd-card', 'data-testid': 'first-steps' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FirstSteps {
  private readonly datasets = inject(DatasetsStore);
  private readonly runs = inject(RunsStore);
  private readonly selection = inject(Selection);

  protected readonly isGenerating = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly ready = computed(() =>
    (this.datasets.items() ?? []).filter((dataset) => dataset.status === 'ready').slice(0, 4),
  );
  protected readonly newestRun = computed(() => this.runs.items()?.[0] ?? null);
  protected readonly chosen = computed(() => this.datasets.byId(this.selection.datasetId()));

  protected choose(id: string): void {
    this.selection.openDataset(id);
  }

  protected openRun(id: string): void {
    this.selection.openRun(id);
  }

  protected async generate(): Promise<void> {
    this.isGenerating.set(true);
    try {
      const dataset = await this.datasets.generate({ kind: 'treasury_orderbook', rows: 5_000, seed: 42 });
      this.problem.set(null);
      this.selection.openDataset(dataset.id);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.isGenerating.set(false);
    }
  }
}
