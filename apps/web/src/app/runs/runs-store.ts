import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { EventMessage, Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { RunsApi } from '../api/runs-api';
import type { ForkRequest, RunRequest } from '../api/runs-api';
import { FrameBatch } from '../live/frame-batch';
import { LiveEvents } from '../live/live-events';
import { ChosenProject } from '../projects/chosen-project';
import { applySnapshot, applyToRun, isActive } from './run-state';

/** Several changes at once, such as a run that ends and the next that starts, cost one reading. */
const queueRefreshMs = 500;

/** All runs, newest first, kept current by the stream. */
@Injectable({ providedIn: 'root' })
export class RunsStore {
  private readonly api = inject(RunsApi);
  private readonly live = inject(LiveEvents);
  private readonly project = inject(ChosenProject);
  private readonly loaded = signal<readonly Run[] | null>(null);
  private readonly cursor = signal<string | null>(null);
  private readonly asked = new Set<string>();
  private queueTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly batch = new FrameBatch<EventMessage>((messages) => this.take(messages));

  /** Null until the first page came. */
  readonly items = this.loaded.asReadonly();
  readonly hasMore = computed(() => this.cursor() !== null);
  readonly activeCount = computed(() => (this.loaded() ?? []).filter((run) => isActive(run.status)).length);
  readonly problem = signal<ApiProblem | null>(null);

  constructor() {
    this.live.messages.pipe(takeUntilDestroyed()).subscribe((message) => this.batch.push(message));
    this.live.resync.pipe(takeUntilDestroyed()).subscribe(() => void this.load());
    inject(DestroyRef).onDestroy(() => {
      this.batch.clear();
      clearTimeout(this.queueTimer);
    });
  }

  byId(id: string | null): Run | undefined {
    return this.loaded()?.find((run) => run.id === id);
  }

  /** Reads the list afresh: what was deleted meanwhile goes. */
  async load(): Promise<void> {
    await this.page(undefined);
  }

  async loadMore(): Promise<void> {
    const cursor = this.cursor();
    if (cursor !== null) await this.page(cursor);
  }

  /** @throws ApiProblem */
  async start(request: RunRequest, key: string): Promise<Run> {
    const run = await this.api.start(request, key);
    this.put([run]);
    return run;
  }

  /** @throws ApiProblem */
  async fork(runId: string, request: ForkRequest, key: string): Promise<Run> {
    const run = await this.api.fork(runId, request, key);
    this.put([run]);
    return run;
  }

  /** @throws ApiProblem */
  async stop(id: string): Promise<void> {
    await this.api.stop(id);
  }

  /** Takes over a run that was read elsewhere, unless the list knows a later state of it. */
  put(runs: readonly Run[]): void {
    const byId = new Map((this.loaded() ?? []).map((run) => [run.id, run]));
    for (const run of runs) {
      const known = byId.get(run.id);
      if (!known || known.last_seq <= run.last_seq) byId.set(run.id, run);
    }
    this.loaded.set([...byId.values()].sort((a, b) => b.created_at.localeCompare(a.created_at)));
  }

  private async page(cursor: string | undefined): Promise<void> {
    try {
      const page = await this.api.list(cursor);
      if (cursor === undefined) this.keepOnly(page.items);
      this.put(page.items);
      this.cursor.set(page.next_cursor);
      this.problem.set(null);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
  }

  private keepOnly(runs: readonly Run[]): void {
    const ids = new Set(runs.map((run) => run.id));
    this.loaded.update((known) => (known ?? []).filter((run) => ids.has(run.id)));
  }

  private take(messages: readonly EventMessage[]): void {
    const runs = this.loaded();
    if (!runs) return; // The list that is being read holds these already, or reads them as its last_seq says.
    const byId = new Map(runs.map((run) => [run.id, run]));
    for (const message of messages) this.apply(byId, message);
    this.loaded.set(runs.map((run) => byId.get(run.id) ?? run));
    if (messages.some((message) => message.type === 'status_update')) this.refreshQueue();
  }

  /** A run that starts or ends moves those that wait behind it; no event says so. */
  private refreshQueue(): void {
    const isWaiting = this.loaded()?.some((run) => run.status === 'queued');
    if (!isWaiting || this.queueTimer !== undefined) return;
    this.queueTimer = setTimeout(() => {
      this.queueTimer = undefined;
      this.api.list().then(
        (page) => this.put(page.items),
        (error: unknown) => this.problem.set(toApiProblem(error)),
      );
    }, queueRefreshMs);
  }

  private apply(byId: Map<string, Run>, message: EventMessage): void {
    if (message.type === 'heartbeat' || message.run_id === undefined) return;
    const run = byId.get(message.run_id);
    if (!run) return this.askFor(message.run_id);
    byId.set(run.id, 'seq' in message ? applyToRun(run, message) : applySnapshot(run, message));
  }

  /** A run that started elsewhere: read once, and shown if it is of the chosen project. */
  private askFor(id: string): void {
    if (this.asked.has(id)) return;
    this.asked.add(id);
    this.api.get(id).then(
      (run) => {
        const project = this.project.id();
        if (project === null || run.project_id === project) this.put([run]);
      },
      (error: unknown) => this.problem.set(toApiProblem(error)),
    );
  }
}
