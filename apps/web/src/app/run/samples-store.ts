import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Sample, SampleCreate } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { SamplesApi } from '../api/samples-api';
import { LiveEvents } from '../live/live-events';

/** The stream says when a sample is done; this only catches what it did not. */
const pollMs = 2_000;

/** The samples of the run on the screen, newest first. */
@Injectable({ providedIn: 'root' })
export class SamplesStore {
  private readonly api = inject(SamplesApi);
  private readonly loaded = signal<readonly Sample[] | null>(null);
  private readonly shownId = signal<string | null>(null);
  private runId: string | null = null;
  private pollTimer: ReturnType<typeof setTimeout> | undefined;

  readonly items = this.loaded.asReadonly();
  readonly problem = signal<ApiProblem | null>(null);
  readonly isCreating = signal(false);
  /** The sample whose rows are shown: the chosen one, else the newest. */
  readonly shown = computed(() => {
    const items = this.loaded() ?? [];
    return items.find((sample) => sample.id === this.shownId()) ?? items[0] ?? null;
  });

  constructor() {
    inject(LiveEvents)
      .messages.pipe(takeUntilDestroyed())
      .subscribe((message) => {
        if (message.type !== 'sample_generation_complete' && message.type !== 'sample_generation_error') return;
        if (message.run_id === this.runId) void this.refresh([message.data.sample_id]);
      });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.pollTimer));
  }

  open(runId: string | null): void {
    if (runId === this.runId) return;
    this.runId = runId;
    clearTimeout(this.pollTimer);
    this.loaded.set(null);
    this.shownId.set(null);
    this.problem.set(null);
    if (runId !== null) void this.load();
  }

  async load(): Promise<void> {
    const runId = this.runId;
    if (runId === null) return;
    try {
      const samples = await this.api.list(runId);
      if (runId !== this.runId) return;
      this.loaded.set(newestFirst(samples));
      this.problem.set(null);
      this.poll();
    } catch (error) {
      if (runId === this.runId) this.problem.set(toApiProblem(error));
    }
  }

  async create(request: SampleCreate): Promise<void> {
    const runId = this.runId;
    if (runId === null) return;
    this.isCreating.set(true);
    this.problem.set(null);
    try {
      const sample = await this.api.create(runId, request);
      this.put(sample);
      this.shownId.set(sample.id);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.isCreating.set(false);
    }
  }

  show(id: string): void {
    this.shownId.set(id);
    // A list may leave the preview out; the sample by itself has it.
    const sample = this.loaded()?.find((item) => item.id === id);
    if (sample?.status === 'ready' && sample.preview.length === 0) void this.refresh([id]);
  }

  private async refresh(ids: readonly string[]): Promise<void> {
    try {
      for (const sample of await Promise.all(ids.map((id) => this.api.get(id)))) this.put(sample);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  private put(sample: Sample): void {
    if (sample.run_id !== this.runId) return;
    this.loaded.update((items) => newestFirst([sample, ...(items ?? []).filter((item) => item.id !== sample.id)]));
    this.poll();
  }

  private poll(): void {
    clearTimeout(this.pollTimer);
    const pending = (this.loaded() ?? []).filter((sample) => sample.status === 'pending').map((sample) => sample.id);
    if (pending.length > 0) this.pollTimer = setTimeout(() => void this.refresh(pending), pollMs);
  }
}

function newestFirst(samples: readonly Sample[]): Sample[] {
  return [...samples].sort((a, b) => b.created_at.localeCompare(a.created_at));
}
