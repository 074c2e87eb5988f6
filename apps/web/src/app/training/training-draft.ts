import { Injectable, computed, effect, inject, signal } from '@angular/core';
import type { Model, Run } from '@gan-dashboard/shared-types';
import * as z from 'zod';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { ModelsApi } from '../api/models-api';
import { readStored, writeStored } from '../design/stored';
import { checkField, checkSeed, rawDefault } from './config-form';
import type { ConfigValue, RawValue } from './config-form';

const storedAs = 'gd.training-draft';
const draftSchema = z.object({
  model: z.string().nullable(),
  seed: z.string(),
  name: z.string(),
  /** What was changed from the default, by model and field. */
  changes: z.record(z.string(), z.record(z.string(), z.union([z.string(), z.boolean()]))),
});
type Draft = z.infer<typeof draftSchema>;
const blank: Draft = { model: null, seed: '42', name: '', changes: {} };

export interface FieldState {
  field: Model['fields'][number];
  raw: RawValue;
  message: string;
  isChanged: boolean;
}

/** Where a fork starts. */
export interface ForkOrigin {
  runId: string;
  runName: string;
  checkpointId: string;
  epoch: number;
  model: string;
  config: Record<string, unknown>;
}

/** The training that is being set up. What was typed outlives a reload. */
@Injectable({ providedIn: 'root' })
export class TrainingDraft {
  private readonly api = inject(ModelsApi);
  private readonly draft = signal<Draft>(storedDraft());

  /** The checkpoint that the next run starts from; null: from the beginning. Not kept over a reload. */
  readonly fork = signal<ForkOrigin | null>(null);
  /** Null until they came. */
  readonly models = signal<readonly Model[] | null>(null);
  readonly problem = signal<ApiProblem | null>(null);
  readonly model = computed(() => {
    const models = this.models();
    return models?.find((model) => model.name === this.draft().model) ?? models?.[0] ?? null;
  });
  readonly seed = computed(() => this.draft().seed);
  readonly name = computed(() => this.draft().name);
  readonly seedCheck = computed(() => checkSeed(this.draft().seed));

  readonly fields = computed<readonly FieldState[]>(() => {
    const model = this.model();
    if (!model) return [];
    const changes = this.draft().changes[model.name] ?? {};
    return model.fields.map((field) => {
      const raw = changes[field.name] ?? rawDefault(field);
      const checked = checkField(field, raw);
      return { field, raw, message: checked.ok ? '' : checked.message, isChanged: raw !== rawDefault(field) };
    });
  });
  readonly isChanged = computed(
    () => this.seed() !== blank.seed || this.name() !== '' || this.fields().some((state) => state.isChanged),
  );
  /** Titles of what is wrong. */
  readonly invalid = computed(() => [
    ...this.fields().flatMap((state) => (state.message === '' ? [] : [state.field.title])),
    ...(this.seedCheck().ok ? [] : [$localize`Seed`]),
  ]);

  constructor() {
    effect(() => writeStored(storedAs, JSON.stringify(this.draft())));
  }

  async load(): Promise<void> {
    try {
      this.models.set(await this.api.list());
      this.problem.set(null);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  /** The config as the API takes it: every field, so that the run records what it was trained with. */
  config(): Record<string, ConfigValue> {
    const config: Record<string, ConfigValue> = {};
    for (const { field, raw } of this.fields()) {
      const checked = checkField(field, raw);
      if (checked.ok) config[field.name] = checked.value;
    }
    return config;
  }

  /** Fills the form with the settings of a run, for a fork from one of its checkpoints. */
  forkFrom(run: Run, checkpoint: { id: string; epoch: number }): void {
    const { id: runId, name: runName, model, config } = run;
    this.fork.set({ runId, runName, checkpointId: checkpoint.id, epoch: checkpoint.epoch, model, config });
    this.fill(model, config);
  }

  /** Takes a model and its settings into the form; what is not named gets its default. @returns names that the model does not have */
  fill(model: string, config: Readonly<Record<string, unknown>>): string[] {
    const fields = this.models()?.find(({ name }) => name === model)?.fields ?? [];
    const changes = Object.fromEntries(
      fields.flatMap((field) => (config[field.name] === undefined ? [] : [[field.name, rawOf(config[field.name])]])),
    );
    this.draft.update((draft) => ({ ...draft, model, changes: { ...draft.changes, [model]: changes } }));
    return Object.keys(config).filter((name) => !fields.some((field) => field.name === name));
  }

  /** What a fork is to do otherwise than its parent. */
  forkConfig(origin: ForkOrigin): Record<string, ConfigValue> {
    const changed = Object.entries(this.config()).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(origin.config[name]),
    );
    return Object.fromEntries(changed);
  }

  /** Another model cannot start from the checkpoint of this one. */
  chooseModel(model: string): void {
    if (this.fork()?.model !== model) this.fork.set(null);
    this.draft.update((draft) => ({ ...draft, model }));
  }

  setSeed(seed: string): void {
    this.draft.update((draft) => ({ ...draft, seed }));
  }

  setName(name: string): void {
    this.draft.update((draft) => ({ ...draft, name }));
  }

  setField(name: string, raw: RawValue): void {
    const model = this.model()?.name;
    if (model === undefined) return;
    this.draft.update((draft) => ({
      ...draft,
      changes: { ...draft.changes, [model]: { ...draft.changes[model], [name]: raw } },
    }));
  }

  /** Back to the defaults of the chosen model. */
  reset(): void {
    const model = this.model()?.name ?? '';
    this.draft.update((draft) => ({ ...blank, model: draft.model, changes: { ...draft.changes, [model]: {} } }));
  }
}

function rawOf(value: unknown): RawValue {
  if (typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function storedDraft(): Draft {
  const stored = readStored(storedAs);
  if (stored === null) return blank;
  try {
    return draftSchema.parse(JSON.parse(stored));
  } catch {
    return blank; // Written by another version: start afresh.
  }
}
