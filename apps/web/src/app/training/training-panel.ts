import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { idempotencyKey } from '../api/request';
import { DatasetsStore } from '../datasets/datasets-store';
import { placedFields } from '../datasets/order-book/placed-fields';
import { formatCount } from '../design/format';
import { Icon } from '../design/icon';
import { Skeleton } from '../design/skeleton';
import { Session } from '../identity/session';
import { ProblemNotice } from '../problems/problem-notice';
import { RunsStore } from '../runs/runs-store';
import { Selection } from '../workspace/selection';
import { startBlocker, stopBlocker } from './blockers';
import { ConfigField } from './config-field';
import { TrainingDraft } from './training-draft';

/** What to train, with which settings, and the two buttons. */
@Component({
  selector: 'gd-training-panel',
  imports: [ConfigField, Icon, MatButton, ProblemNotice, Skeleton],
  templateUrl: './training-panel.html',
  styleUrl: './training-panel.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TrainingPanel {
  protected readonly draft = inject(TrainingDraft);
  protected readonly datasets = inject(DatasetsStore);
  protected readonly runs = inject(RunsStore);
  protected readonly selection = inject(Selection);
  private readonly session = inject(Session);

  protected readonly isStarting = signal(false);
  protected readonly stoppingId = signal<string | null>(null);
  protected readonly failure = signal<{ what: string; problem: ApiProblem } | null>(null);
  /** One key for one start: kept when the answer got lost, so that trying again can't start two runs. */
  private key: { request: string; value: string } | null = null;

  protected readonly dataset = computed(() => this.datasets.byId(this.selection.datasetId()));
  protected readonly openRun = computed(() => this.runs.byId(this.selection.runId()));
  private readonly fields = computed(() => placedFields(this.draft.fields(), this.dataset()));
  protected readonly mainFields = computed(() => this.fields().filter((state) => !state.field.is_advanced));
  protected readonly advancedFields = computed(() => this.fields().filter((state) => state.field.is_advanced));
  /** A wrong setting must not hide behind the disclosure. */
  protected readonly isAdvancedWrong = computed(() => this.advancedFields().some((state) => state.message !== ''));

  protected readonly startReason = computed(
    () =>
      this.session.trainBlocker() ||
      startBlocker({
        dataset: this.dataset(),
        areModelsLoaded: this.draft.model() !== null,
        invalid: this.draft.invalid(),
        isStarting: this.isStarting(),
      }),
  );
  protected readonly stopReason = computed(() => {
    const run = this.openRun();
    return this.session.trainBlocker() || stopBlocker(run, run !== undefined && run.id === this.stoppingId());
  });
  protected readonly startNote = computed(() => {
    const active = this.runs.activeCount();
    const others =
      active === 0
        ? ''
        : $localize` ${active} active ${active === 1 ? $localize`run goes` : $localize`runs go`} on beside it.`;
    const dataset = this.dataset();
    return dataset ? $localize`Ready: ${formatCount(dataset.row_count)} rows of “${dataset.name}”.${others}` : '';
  });
  protected readonly seedMessage = computed(() => {
    const checked = this.draft.seedCheck();
    return checked.ok ? '' : checked.message;
  });

  protected async start(): Promise<void> {
    const dataset = this.dataset();
    const model = this.draft.model();
    if (this.startReason() !== '' || !dataset || !model) return;
    this.isStarting.set(true);
    try {
      const run = await this.send(dataset.id, model.name);
      this.key = null;
      this.draft.fork.set(null);
      this.failure.set(null);
      this.selection.openRun(run.id);
    } catch (error) {
      this.failed($localize`Training was not started`, toApiProblem(error));
    } finally {
      this.isStarting.set(false);
    }
  }

  private send(datasetId: string, model: string): Promise<Run> {
    const seed = this.draft.seedCheck();
    const name = this.draft.name().trim();
    const common = {
      ...(seed.ok && seed.value !== undefined ? { seed: seed.value } : {}),
      ...(name === '' ? {} : { name }),
    };
    const origin = this.draft.fork();
    if (origin) {
      const request = { ...common, checkpoint_id: origin.checkpointId, config: this.draft.forkConfig(origin) };
      return this.runs.fork(origin.runId, request, this.keyFor(JSON.stringify(request)));
    }
    const request = { ...common, dataset_id: datasetId, model, config: this.draft.config() };
    return this.runs.start(request, this.keyFor(JSON.stringify(request)));
  }

  protected async stop(): Promise<void> {
    const run = this.openRun();
    if (this.stopReason() !== '' || !run) return;
    this.stoppingId.set(run.id);
    try {
      await this.runs.stop(run.id);
      this.failure.set(null);
    } catch (error) {
      this.failed($localize`The run was not stopped`, toApiProblem(error));
      this.stoppingId.set(null);
    }
  }

  private failed(what: string, problem: ApiProblem): void {
    // Only without an answer is it open whether the server took the request.
    if (problem.status > 0) this.key = null;
    this.failure.set({ what, problem });
  }

  private keyFor(request: string): string {
    if (this.key?.request !== request) this.key = { request, value: idempotencyKey() };
    return this.key.value;
  }
}
