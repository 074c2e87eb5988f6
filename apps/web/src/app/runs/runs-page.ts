import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  resource,
  signal,
  untracked,
} from '@angular/core';
import type { ListRange } from '@angular/cdk/collections';
import type { Run, RunBulkAction } from '@gan-dashboard/shared-types';
import { toApiProblem } from '../api/api-problem';
import type { ApiProblem } from '../api/api-problem';
import { formatCount, formatMetric } from '../design/format';
import { Icon } from '../design/icon';
import { Skeleton } from '../design/skeleton';
import { Toasts } from '../design/toast';
import { Session } from '../identity/session';
import { ChosenProject } from '../projects/chosen-project';
import { ProblemNotice } from '../problems/problem-notice';
import { ManyRunsApi } from './many-runs-api';
import { RunChartGrid } from './run-chart-grid';
import { columnTitle, ownColumns, runColor } from './run-columns';
import { RunPages } from './run-pages';
import { RunQueryBar } from './run-query-bar';
import { linesByMetric } from './run-series';
import { RunTable } from './run-table';
import { RunsAddress } from './runs-address';
import { AriaLabel } from '../design/aria-label';

/** So many runs are drawn where nobody has chosen. */
const firstShown = 10;
const mostCompared = 200;
const opposite: Readonly<Record<RunBulkAction, RunBulkAction>> = {
  ...{ tag: 'untag', untag: 'tag', archive: 'unarchive', unarchive: 'archive', delete: 'restore', restore: 'delete' },
};
const done: Readonly<Record<RunBulkAction, string>> = {
  ...{
    tag: 'tagged',
    untag: $localize`freed of the tag`,
    archive: 'archived',
    unarchive: $localize`taken out of the archive`,
  },
  ...{ delete: 'deleted', restore: 'restored' },
};

/** All runs: found, sorted, drawn beside each other, and acted on together. */
@Component({
  selector: 'gd-runs-page',
  imports: [AriaLabel, Icon, ProblemNotice, RunChartGrid, RunQueryBar, RunTable, Skeleton],
  providers: [RunPages, RunsAddress],
  templateUrl: './runs-page.html',
  styleUrl: './runs-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunsPage {
  private readonly api = inject(ManyRunsApi);
  private readonly toasts = inject(Toasts);
  protected readonly session = inject(Session);
  private readonly project = inject(ChosenProject);
  protected readonly address = inject(RunsAddress);
  protected readonly pages = inject(RunPages);

  protected readonly selected = signal<ReadonlySet<string>>(new Set());
  protected readonly failure = signal<ApiProblem | null>(null);
  protected readonly fields = resource({ loader: () => this.api.fields() });
  protected readonly views = resource({ loader: () => this.api.views() });
  protected readonly formatCount = formatCount;
  protected readonly formatMetric = formatMetric;
  protected readonly columnTitle = columnTitle;

  protected readonly refusal = computed(() => {
    const problem = this.pages.problem();
    return problem?.errors.find(({ path }) => path === 'query')?.message ?? '';
  });
  protected readonly otherColumns = computed(() => {
    const { config = [], metrics = [] } = this.fields.hasValue() ? this.fields.value() : {};
    const all = [
      ...Object.keys(ownColumns),
      ...metrics.map((name) => `summary.${name}`),
      ...config.map((name) => `config.${name}`),
    ];
    return all.filter((column) => !this.address.columns().includes(column));
  });
  protected readonly tableColumns = computed(() =>
    this.address.view() === 'charts' ? ['name', 'status'] : this.address.columns(),
  );
  protected readonly shown = computed<ReadonlySet<string>>(() => {
    const ids =
      this.address.shown() ??
      this.pages
        .rows()
        .slice(0, firstShown)
        .flatMap((run) => run?.id ?? []);
    return new Set(ids);
  });
  protected readonly baseline = computed(() => this.pages.known().find(({ id }) => id === this.address.baseline()));
  protected readonly exportLink = computed(() => {
    const { query, sort, order, archived, deleted } = this.address.runList();
    const columns = this.address.columns().join(',');
    const project = this.project.id();
    const shown = { query, sort, order, archived: String(archived), deleted: String(deleted), columns };
    const params = project === null ? shown : { ...shown, project };
    return `api/v1/runs/export?${new URLSearchParams(params).toString()}`;
  });

  protected readonly groups = resource({
    params: () =>
      this.address.group() === ''
        ? undefined
        : { by: this.address.group(), metric: this.address.metric(), list: this.address.runList() },
    loader: ({ params }) => this.api.groups(params.by, params.metric, params.list),
  });
  protected readonly groupRows = computed(() => (this.groups.hasValue() ? this.groups.value() : []));
  protected readonly lineGroups = computed(() =>
    this.groupRows().map(({ value, run_ids: ids }) => ({
      label: `${columnTitle(this.address.group())} ${value ?? 'without'}`,
      color: runColor($localize`group ${value}`),
      runIds: new Set(ids),
    })),
  );
  private readonly drawnIds = computed(
    () => {
      const grouped = this.groupRows().flatMap(({ run_ids: ids }) => ids);
      return (this.address.group() !== '' ? grouped : [...this.shown()]).slice(0, mostCompared);
    },
    { equal: (a, b) => a.join() === b.join() },
  );
  protected readonly series = resource({
    params: () => (this.address.view() === 'charts' ? { ids: this.drawnIds() } : undefined),
    loader: ({ params }) => this.api.metrics(params.ids),
  });
  protected readonly lines = computed(() => {
    const items = this.series.hasValue() ? this.series.value() : [];
    const names = new Map(this.pages.known().map(({ id, name }) => [id, name]));
    return linesByMetric(
      items,
      items.map(({ run_id: id }) => ({ id, name: names.get(id) ?? id.slice(0, 8), color: runColor(id) })),
    );
  });

  constructor() {
    effect(() => {
      const list = this.address.runList();
      untracked(() => {
        this.selected.set(new Set());
        void this.pages.open(list);
      });
    });
  }

  protected see({ start, end }: ListRange): void {
    this.pages.want(start, end);
  }

  protected sortBy(column: string): void {
    const isSame = this.address.sort() === column;
    const order = isSame && this.address.order() === 'desc' ? 'asc' : 'desc';
    this.address.set({ sort: column, order });
  }

  protected toggleSelected(id: string): void {
    this.selected.update((ids) => toggled(ids, id));
  }

  protected toggleShown(id: string): void {
    this.address.set({ show: [...toggled(this.shown(), id)].join(',') });
  }

  protected setColumns(columns: readonly string[]): void {
    this.address.set({ cols: columns.join(',') });
  }

  protected withoutColumn(column: string): string[] {
    return this.address.columns().filter((other) => other !== column);
  }

  protected selectNone(): void {
    this.selected.set(new Set());
  }

  protected moveColumn(column: string, by: -1 | 1): void {
    const columns = [...this.address.columns()];
    const from = columns.indexOf(column);
    const other = columns[from + by];
    if (other === undefined) return;
    columns[from] = other;
    columns[from + by] = column;
    this.setColumns(columns);
  }

  protected togglePin(column: string): void {
    this.address.set({ pin: [...toggled(this.address.pinned(), column)].join(',') });
  }

  protected resize(by: number): void {
    this.address.set({ w: String(this.address.width() + by) });
  }

  protected drag(event: PointerEvent): void {
    const bar = event.target as HTMLElement;
    const from = event.clientX - this.address.width();
    bar.setPointerCapture(event.pointerId);
    bar.onpointermove = (move) => this.address.set({ w: String(Math.round(move.clientX - from)) });
    bar.onpointerup = () => (bar.onpointermove = null);
  }

  protected selectLoaded(): void {
    this.selected.set(
      new Set(
        this.pages
          .known()
          .slice(0, 1_000)
          .map(({ id }: Run) => id),
      ),
    );
  }

  protected compare(): void {
    this.address.compare([...this.selected()].slice(0, mostCompared));
  }

  protected tag(event: Event, field: HTMLInputElement): void {
    event.preventDefault();
    const tag = field.value.trim();
    if (tag === '') return;
    void this.act('tag', [tag]);
    field.value = '';
  }

  protected async act(
    action: RunBulkAction,
    tags: readonly string[] = [],
    ids = [...this.selected()],
    isUndo = false,
  ): Promise<void> {
    await this.attempt(async () => {
      const { changed, refused } = await this.api.bulk(ids, action, tags);
      const [first] = refused;
      const rest = first ? $localize` ${refused.length} refused: ${first.reason}` : '';
      const undo = { label: $localize`Undo`, run: () => this.act(opposite[action], tags, changed, true) };
      this.toasts.show(`${plural(changed.length)} ${done[action]}.${rest}`, {
        ...(first ? { tone: 'bad' as const } : {}),
        ...(changed.length > 0 && !isUndo ? { action: undo } : {}),
      });
      if (action !== 'tag' && action !== 'untag') this.selected.set(new Set());
      await this.pages.reload();
      this.fields.reload();
    });
  }

  protected saveView(event: Event, field: HTMLInputElement): Promise<void> {
    event.preventDefault();
    const name = field.value.trim();
    if (name === '') return Promise.resolve();
    return this.attempt(async () => {
      await this.api.saveView(name, this.address.state());
      field.value = '';
      this.views.reload();
      this.toasts.show($localize`View “${name}” saved.`);
    });
  }

  protected removeView(id: string): Promise<void> {
    return this.attempt(async () => {
      await this.api.removeView(id);
      this.views.reload();
    });
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.failure.set(null);
    } catch (error) {
      this.failure.set(toApiProblem(error));
    }
  }
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

function plural(count: number): string {
  return count === 1 ? $localize`1 run` : $localize`${formatCount(count)} runs`;
}
