import { Injectable, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import type { RunListQuery } from './many-runs-api';
import { defaultColumns } from './run-columns';

const defaultWidth = 320;

/** What the page of runs shows, all of it in its address, so that a reload or a shared link shows the same. */
@Injectable()
export class RunsAddress {
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly params = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });

  private readonly text = (name: string, fallback = '') => computed(() => this.params().get(name) ?? fallback);
  private readonly list = (name: string) =>
    computed(
      () =>
        this.params()
          .get(name)
          ?.split(',')
          .filter((part) => part !== '') ?? null,
    );

  readonly query = this.text('q');
  readonly sort = this.text('sort', 'created_at');
  readonly order = computed<'asc' | 'desc'>(() => (this.params().get('order') === 'asc' ? 'asc' : 'desc'));
  readonly scope = computed(() => {
    const scope = this.params().get('scope');
    return scope === 'archived' || scope === 'deleted' ? scope : 'current';
  });
  readonly view = computed(() => (this.params().get('view') === 'charts' ? 'charts' : 'table'));
  private readonly chosen = this.list('cols');
  readonly columns = computed<readonly string[]>(() => this.chosen() ?? defaultColumns);
  readonly pinned = computed(() => new Set(this.params().get('pin')?.split(',') ?? ['name']));
  /** Runs in the charts; null: the first of the list. */
  readonly shown = this.list('show');
  readonly baseline = this.text('base');
  readonly group = this.text('group');
  readonly metric = this.text('metric', 'generator_loss');
  readonly width = computed(() => {
    const width = Number(this.params().get('w') ?? defaultWidth);
    return Number.isFinite(width) ? Math.min(720, Math.max(180, width)) : defaultWidth;
  });

  readonly runList = computed<RunListQuery>(
    () => ({
      query: this.query(),
      sort: this.sort(),
      order: this.order(),
      archived: this.scope() === 'archived',
      deleted: this.scope() === 'deleted',
    }),
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );

  /** The query part of the address as it is now, for a saved view. */
  state(): string {
    return this.router.url.split('?')[1] ?? '';
  }

  set(queryParams: Record<string, string | null>): void {
    this.navigate(() =>
      this.router.navigate([], { relativeTo: this.route, queryParams, queryParamsHandling: 'merge', replaceUrl: true }),
    );
  }

  open(state: string): void {
    this.navigate(() => this.router.navigateByUrl(`/runs?${state}`));
  }

  compare(ids: readonly string[]): void {
    this.navigate(() => this.router.navigate(['/compare'], { queryParams: { runs: ids.join(',') } }));
  }

  private navigate(go: () => Promise<boolean>): void {
    go().catch((error: unknown) => console.error('The page could not be opened', error));
  }
}
