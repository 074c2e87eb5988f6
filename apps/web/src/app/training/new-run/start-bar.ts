import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import type { Dataset, Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../../api/api-problem';
import type { ApiProblem } from '../../api/api-problem';
import { idempotencyKey } from '../../api/request';
import type { RunRequest } from '../../api/runs-api';
import { formatCount } from '../../design/format';
import { Icon } from '../../design/icon';
import { Session } from '../../identity/session';
import { ProblemNotice } from '../../problems/problem-notice';
import { RunsStore } from '../../runs/runs-store';
import { startBlocker } from '../blockers';
import { TrainingDraft } from '../training-draft';
import { NewRunDraft } from './new-run-draft';
import { seedGroupTag, seedsFrom } from './seeds';

/** Name, seed and how many seeds, and the button. */
@Component({
  selector: 'gd-start-bar',
  imports: [Icon, MatButton, ProblemNotice],
  templateUrl: './start-bar.html',
  styleUrl: './start-bar.scss',
  host: { class: 'gd-card' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StartBar {
  readonly dataset = input.required<Dataset | undefined>();

  protected readonly draft = inject(TrainingDraft);
  protected readonly choices = inject(NewRunDraft);
  private readonly runs = inject(RunsStore);
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  protected readonly isStarting = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  /** The same keys for the same requests: a second press after a lost answer starts nothing twice. */
  private attempt: { request: string; key: string; seed: number } | null = null;

  protected readonly seedMessage = computed(() => messageOf(this.draft.seedCheck()));
  protected readonly repeatsMessage = computed(() => messageOf(this.choices.repeatsCheck()));
  protected readonly reason = computed(
    () =>
      this.session.trainBlocker() ||
      startBlocker({
        dataset: this.dataset(),
        areModelsLoaded: this.draft.model() !== null,
        invalid: [...this.draft.invalid(), ...(this.choices.repeatsCheck().ok ? [] : [$localize`Seeds to run`])],
        isStarting: this.isStarting(),
      }),
  );
  protected readonly count = computed(() => {
    const repeats = this.choices.repeatsCheck();
    return repeats.ok ? repeats.value : 1;
  });
  protected readonly note = computed(() => {
    const rows = $localize`${formatCount(this.dataset()?.row_count)} rows of “${this.dataset()?.name ?? ''}”.`;
    if (this.count() === 1) return `Ready: ${rows}`;
    return $localize`Ready: ${this.count()} runs that differ in their seed alone, under one tag; ${rows}`;
  });

  protected async start(): Promise<void> {
    const dataset = this.dataset();
    const model = this.draft.model();
    if (this.reason() !== '' || !dataset || !model) return;
    this.isStarting.set(true);
    try {
      const name = this.draft.name().trim();
      const common = { dataset_id: dataset.id, model: model.name, config: this.draft.config() };
      const started = await this.startAll({ ...common, ...(name === '' ? {} : { name }) });
      this.attempt = null;
      await this.router.navigate(['/runs', started.id]);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.isStarting.set(false);
    }
  }

  /** @returns the first of the runs */
  private async startAll(request: RunRequest): Promise<Run> {
    const { key, seed } = this.attemptAt(request);
    const count = this.count();
    const isSeedGiven = this.draft.seed().trim() !== '';
    if (count === 1) return this.runs.start({ ...request, ...(isSeedGiven ? { seed } : {}) }, key);
    const tags = [seedGroupTag(key)];
    const started: Run[] = [];
    for (const [index, each] of seedsFrom(seed, count).entries()) {
      const name = request.name === undefined ? {} : { name: $localize`${request.name} (seed ${each})`.slice(0, 200) };
      // In turn: the queue takes them in the order of their seeds.
      started.push(await this.runs.start({ ...request, ...name, seed: each, tags }, `${key}-${index}`));
    }
    const [first] = started;
    if (!first) throw new Error($localize`no run was started`);
    return first;
  }

  private attemptAt(request: RunRequest): { key: string; seed: number } {
    const text = JSON.stringify([request, this.draft.seed(), this.count()]);
    if (this.attempt?.request !== text) {
      const checked = this.draft.seedCheck();
      const seed = checked.ok ? checked.value : undefined;
      const drawn = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
      this.attempt = { request: text, key: idempotencyKey(), seed: seed ?? drawn >>> 1 };
    }
    return this.attempt;
  }
}

function messageOf(checked: { ok: true } | { ok: false; message: string }): string {
  return checked.ok ? '' : checked.message;
}
