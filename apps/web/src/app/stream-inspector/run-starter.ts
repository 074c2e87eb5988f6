import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { ModelsApi } from '../api/models-api';
import { idempotencyKey } from '../api/request';
import { DatasetsStore } from '../datasets/datasets-store';
import { formatPercent } from '../design/format';
import { Icon } from '../design/icon';
import { StatusChip } from '../design/status-chip';
import { ProblemNotice } from '../problems/problem-notice';
import { isActive } from '../runs/run-state';
import { RunsStore } from '../runs/runs-store';
import { startBlocker, stopBlocker } from '../training/blockers';
import { checkField } from '../training/config-form';
import type { Model } from '@gan-dashboard/shared-types';
import { AriaLabel } from '../design/aria-label';

/** Starts a short run, so that the streams have something to say, and stops the ones that are active. */
@Component({
  selector: 'gd-run-starter',
  imports: [AriaLabel, Icon, MatButton, ProblemNotice, StatusChip],
  templateUrl: './run-starter.html',
  styleUrl: './run-starter.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunStarter {
  private readonly modelsApi = inject(ModelsApi);
  protected readonly datasets = inject(DatasetsStore);
  protected readonly runs = inject(RunsStore);

  protected readonly models = signal<readonly Model[] | null>(null);
  protected readonly datasetId = signal<string | null>(null);
  protected readonly modelName = signal<string | null>(null);
  protected readonly epochsText = signal('20');
  protected readonly isStarting = signal(false);
  protected readonly stopping = signal<ReadonlySet<string>>(new Set());
  protected readonly failure = signal<{ what: string; problem: ApiProblem } | null>(null);
  private key = idempotencyKey();

  protected readonly usable = computed(() =>
    (this.datasets.items() ?? []).filter((dataset) => dataset.status === 'ready'),
  );
  protected readonly dataset = computed(() => this.datasets.byId(this.datasetId()) ?? this.usable()[0]);
  protected readonly model = computed(() => {
    const models = this.models();
    return models?.find((model) => model.name === this.modelName()) ?? models?.[0] ?? null;
  });
  protected readonly epochs = computed(() => {
    const field = this.model()?.fields.find(({ name }) => name === 'epochs');
    return field ? checkField(field, this.epochsText()) : null;
  });
  protected readonly epochsMessage = computed(() => {
    const epochs = this.epochs();
    return epochs === null || epochs.ok ? '' : epochs.message;
  });
  protected readonly startReason = computed(() =>
    startBlocker({
      dataset: this.dataset(),
      areModelsLoaded: this.model() !== null,
      invalid: this.epochsMessage() === '' ? [] : [$localize`Epochs`],
      isStarting: this.isStarting(),
    }),
  );
  protected readonly active = computed(() =>
    (this.runs.items() ?? [])
      .filter((run) => isActive(run.status))
      .map((run) => ({
        run,
        facts: $localize`epoch ${run.epoch} / ${run.total_epochs} · ${formatPercent(run.progress_percent)}`,
        stopReason: stopBlocker(run, this.stopping().has(run.id)),
      })),
  );

  constructor() {
    this.modelsApi.list().then(
      (models) => this.models.set(models),
      (error: unknown) => this.failed($localize`The models could not be loaded`, error),
    );
  }

  protected async start(): Promise<void> {
    const dataset = this.dataset();
    const model = this.model();
    const epochs = this.epochs();
    if (this.startReason() !== '' || !dataset || !model) return;
    const config = epochs?.ok ? { epochs: epochs.value } : {};
    this.isStarting.set(true);
    try {
      await this.runs.start(
        { dataset_id: dataset.id, model: model.name, config, name: $localize`stream test` },
        this.key,
      );
      this.failure.set(null);
    } catch (error) {
      this.failed($localize`The run was not started`, error);
    } finally {
      this.key = idempotencyKey();
      this.isStarting.set(false);
    }
  }

  protected async stop(id: string): Promise<void> {
    this.stopping.update((ids) => new Set(ids).add(id));
    try {
      await this.runs.stop(id);
      this.failure.set(null);
    } catch (error) {
      this.failed($localize`The run was not stopped`, error);
      this.stopping.update((ids) => new Set([...ids].filter((other) => other !== id)));
    }
  }

  private failed(what: string, error: unknown): void {
    this.failure.set({ what, problem: toApiProblem(error) });
  }
}
