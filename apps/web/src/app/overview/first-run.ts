import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { MatButton } from '@angular/material/button';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { ModelsApi } from '../api/models-api';
import { idempotencyKey } from '../api/request';
import { DatasetsStore } from '../datasets/datasets-store';
import { Icon } from '../design/icon';
import { Session } from '../identity/session';
import { ProblemNotice } from '../problems/problem-notice';
import { RunsStore } from '../runs/runs-store';

const sampleRows = 5_000;

/** From nothing to a run that can be watched, in three presses. */
@Component({
  selector: 'gd-first-run',
  imports: [Icon, MatButton, ProblemNotice, RouterLink],
  templateUrl: './first-run.html',
  styleUrl: './first-run.scss',
  host: { class: 'gd-card', 'data-testid': 'first-run' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FirstRun {
  private readonly datasets = inject(DatasetsStore);
  private readonly models = inject(ModelsApi);
  private readonly runs = inject(RunsStore);
  protected readonly session = inject(Session);
  /** One key for one start, however often the button is pressed. */
  private readonly startKey = idempotencyKey();

  protected readonly busy = signal<'generate' | 'start' | null>(null);
  protected readonly problem = signal<{ what: string; problem: ApiProblem } | null>(null);
  private readonly startedId = signal<string | null>(null);

  protected readonly dataset = computed(
    () => (this.datasets.items() ?? []).find(({ status }) => status !== 'failed') ?? null,
  );
  protected readonly isDataReady = computed(() => this.dataset()?.status === 'ready');
  protected readonly run = computed(() => this.runs.byId(this.startedId()) ?? null);
  /** Why training can't be started; empty where it can. */
  protected readonly startBlocker = computed(() => {
    if (this.session.trainBlocker() !== '') return this.session.trainBlocker();
    if (!this.dataset()) return $localize`Needs a data set: step 1.`;
    return this.isDataReady() ? '' : $localize`The data set is being read.`;
  });

  protected async generate(): Promise<void> {
    await this.doing('generate', $localize`No data was generated`, async () => {
      await this.datasets.generate({ kind: 'treasury_orderbook', rows: sampleRows, seed: 42 });
    });
  }

  protected async start(): Promise<void> {
    const dataset = this.dataset();
    if (!dataset) return;
    await this.doing('start', $localize`The training was not started`, async () => {
      const [model] = await this.models.list();
      if (!model) throw new Error($localize`The server offers no model.`);
      const request = { dataset_id: dataset.id, model: model.name, config: {}, seed: 42, name: $localize`First run` };
      this.startedId.set((await this.runs.start(request, this.startKey)).id);
    });
  }

  private async doing(step: 'generate' | 'start', what: string, task: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(step);
    try {
      await task();
      this.problem.set(null);
    } catch (error) {
      this.problem.set({ what, problem: toApiProblem(error) });
    } finally {
      this.busy.set(null);
    }
  }
}
