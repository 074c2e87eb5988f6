import { Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { EventMessage, Run } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { FrameBatch } from '../live/frame-batch';
import { LiveEvents } from '../live/live-events';
import { ManyRunsApi } from './many-runs-api';
import type { RunListQuery } from './many-runs-api';
import { applyToRun } from './run-state';

export const pageSize = 100;

/** A long list of runs of which only the pages that were looked at are loaded; what is loaded stays current. */
@Injectable()
export class RunPages {
  private readonly api = inject(ManyRunsApi);
  private readonly loaded = signal<ReadonlyMap<number, Run>>(new Map());
  private readonly asked = new Set<number>();
  private list: RunListQuery | null = null;
  private readonly batch = new FrameBatch<EventMessage>((messages) => this.take(messages));

  /** Null until the first page came. */
  readonly total = signal<number | null>(null);
  readonly problem = signal<ApiProblem | null>(null);
  /** A run came that the list does not have yet. */
  readonly isOutdated = signal(false);
  /** As long as the list; undefined where a page is still to come. */
  readonly rows = computed(() => {
    const loaded = this.loaded();
    return Array.from({ length: this.total() ?? 0 }, (_, index) => loaded.get(index));
  });
  readonly known = computed(() => [...this.loaded().values()]);

  constructor() {
    inject(LiveEvents)
      .messages.pipe(takeUntilDestroyed())
      .subscribe((message) => this.batch.push(message));
  }

  /** Starts anew with the first page; what was shown stays until that has come. */
  async open(list: RunListQuery): Promise<void> {
    this.list = list;
    this.asked.clear();
    await this.read(0, true);
  }

  async reload(): Promise<void> {
    if (this.list) await this.open(this.list);
  }

  /** The rows from `start` up to `end` are about to be seen. */
  want(start: number, end: number): void {
    const total = this.total() ?? 0;
    for (let page = Math.floor(start / pageSize); page * pageSize < Math.min(end, total); page++) {
      if (!this.asked.has(page)) void this.read(page, false);
    }
  }

  private async read(page: number, isFirst: boolean): Promise<void> {
    const { list } = this;
    if (!list) return;
    this.asked.add(page);
    try {
      const { items, total } = await this.api.page(list, page * pageSize, pageSize);
      if (this.list !== list) return; // Another list was opened meanwhile.
      this.loaded.update((known) => {
        const next = new Map(isFirst ? [] : known);
        items.forEach((run, index) => next.set(page * pageSize + index, run));
        return next;
      });
      this.total.set(total ?? items.length);
      this.problem.set(null);
      if (isFirst) this.isOutdated.set(false);
    } catch (error) {
      if (this.list !== list) return;
      this.asked.delete(page);
      this.problem.set(toApiProblem(error));
    }
  }

  private take(messages: readonly EventMessage[]): void {
    const places = new Map([...this.loaded()].map(([place, { id }]) => [id, place]));
    const next = new Map(this.loaded());
    for (const message of messages) {
      if (!('seq' in message)) continue;
      const place = places.get(message.run_id);
      const run = place === undefined ? undefined : next.get(place);
      if (place !== undefined && run) next.set(place, applyToRun(run, message));
      else if (message.type === 'status_update') this.isOutdated.set(true);
    }
    this.loaded.set(next);
  }
}
