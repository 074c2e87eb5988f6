import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Worker } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { WorkersApi } from '../api/workers-api';
import { LiveEvents } from '../live/live-events';

/** Workers measure themselves this often; no event tells the result. */
const refreshMs = 5_000;

/** The processes of the dashboard, read again while somebody looks at them. */
@Injectable({ providedIn: 'root' })
export class WorkersStore {
  private readonly api = inject(WorkersApi);
  private readonly loaded = signal<readonly Worker[] | null>(null);
  private watchers = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Null until they came. */
  readonly items = this.loaded.asReadonly();
  readonly problem = signal<ApiProblem | null>(null);

  constructor() {
    inject(LiveEvents)
      .resync.pipe(takeUntilDestroyed())
      .subscribe(() => void this.load());
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  /** Keeps the list current as long as the component lives. */
  watch(watcher: DestroyRef): void {
    this.watchers += 1;
    watcher.onDestroy(() => {
      this.watchers -= 1;
      if (this.watchers === 0) clearTimeout(this.timer);
    });
    if (this.watchers === 1) void this.load();
  }

  async load(): Promise<void> {
    if (this.watchers === 0) return;
    clearTimeout(this.timer);
    try {
      this.loaded.set(await this.api.list());
      this.problem.set(null);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    }
    clearTimeout(this.timer);
    if (this.watchers > 0) this.timer = setTimeout(() => void this.load(), refreshMs);
  }
}
