import { ChangeDetectionStrategy, Component, computed, effect, inject, resource, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import type { ManyMetrics, Run } from '@gan-dashboard/shared-types';
import { ApiProblem, toApiProblem } from '../api/api-problem';
import { RunsApi } from '../api/runs-api';
import { formatMetric } from '../design/format';
import { Skeleton } from '../design/skeleton';
import { ProblemNotice } from '../problems/problem-notice';
import { ManyRunsApi } from '../runs/many-runs-api';
import { RunChartGrid } from '../runs/run-chart-grid';
import { columnTitle, runColor } from '../runs/run-columns';
import { byRank, linesByMetric } from '../runs/run-series';
import type { RunLine } from '../runs/run-series';
import { comparedBySeed, configDiff, numericColumns, seedGroups } from './compare-data';
import type { Brush } from './compare-data';
import { ComparedSeries } from './compared-series';
import { ParallelCoordinates } from './parallel-coordinates';
import { ScatterPlot } from './scatter-plot';
import { AriaLabel } from '../design/aria-label';

const mostRuns = 200;
const mostAxes = 10;

/** Any runs beside each other: `?runs=a,b,c`. What is chosen stands in the address. */
@Component({
  selector: 'gd-compare-page',
  imports: [AriaLabel, ParallelCoordinates, ProblemNotice, RouterLink, RunChartGrid, ScatterPlot, Skeleton],
  providers: [ComparedSeries],
  templateUrl: './compare-page.html',
  styleUrl: './compare-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ComparePage {
  private readonly api = inject(ManyRunsApi);
  private readonly runsApi = inject(RunsApi);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly params = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });
  protected readonly columnTitle = columnTitle;
  protected readonly formatMetric = formatMetric;
  protected readonly runColor = runColor;

  protected readonly ids = computed(
    () => [...new Set((this.params().get('runs') ?? '').split(',').filter((id) => id !== ''))].slice(0, mostRuns),
    { equal: (a, b) => a.join() === b.join() },
  );
  protected readonly loaded = resource({ params: () => this.ids(), loader: ({ params }) => this.readRuns(params) });
  protected readonly series = inject(ComparedSeries);
  protected readonly runs = computed(() => (this.loaded.hasValue() ? this.loaded.value() : []));
  protected readonly problem = computed(() => {
    const error = this.loaded.error();
    if (error === undefined) return this.series.problem();
    return toApiProblem(error.cause instanceof ApiProblem ? error.cause : error);
  });
  /** Made once for each answer: charts that are drawn already stay as they are when another comes. */
  private readonly linesOf = computed(() => {
    const drawn = this.runs().map(({ id, name }) => ({ id, name, color: runColor(id) }));
    const made = new Map<ManyMetrics['items'], readonly RunLine[]>();
    return (metric: string, items: ManyMetrics['items']) => {
      const lines = made.get(items) ?? linesByMetric(items, drawn).get(metric) ?? [];
      made.set(items, lines);
      return lines;
    };
  });
  protected readonly lines = computed(() => {
    const read = this.series.byMetric();
    const ofSummaries = this.runs().flatMap(({ summary }) => Object.keys(summary));
    const names = [...new Set([...ofSummaries, ...this.series.names()])].sort(byRank);
    return new Map(
      names.map((name) => {
        const items = read.get(name);
        return [name, items ? this.linesOf()(name, items) : null] as const;
      }),
    );
  });

  protected readonly showsAll = computed(() => this.params().get('all') === '1');
  private readonly diff = computed(() => configDiff(this.runs()));
  protected readonly diffRows = computed(() => this.diff().filter(({ isDifferent }) => isDifferent || this.showsAll()));
  private readonly numeric = computed(() => numericColumns(this.runs()));
  protected readonly choices = computed(() => [...this.numeric().config, ...this.numeric().metrics]);
  /** Axes that tell the runs apart, settings first; the metrics come last, as what the settings lead to. */
  protected readonly axes = computed(() => {
    const differing = new Set(this.diff().flatMap(({ field, isDifferent }) => (isDifferent ? [field] : [])));
    const settings = this.numeric().config.filter((field) => differing.has(field));
    return [...settings.slice(0, mostAxes - 4), ...this.numeric().metrics.slice(0, 4)];
  });
  protected readonly metric = computed(() => this.params().get('metric') ?? firstLoss(this.numeric().metrics));
  protected readonly x = computed(() => this.params().get('x') ?? this.axes()[0] ?? this.metric());
  protected readonly brushes = computed(() => readBrushes(this.params().get('brush')));

  private readonly groups = computed(() => seedGroups(this.runs()));
  /** The first group against each of the others. */
  protected readonly tests = computed(() => {
    const [first, ...others] = this.groups();
    if (!first) return [];
    return others.map((second) => ({ first, second, result: comparedBySeed(first, second, this.metric()) }));
  });

  constructor() {
    effect(() => {
      const ids = this.ids();
      untracked(() => void this.series.open(ids));
    });
  }

  protected set(queryParams: Record<string, string | null>): void {
    this.router
      .navigate([], { relativeTo: this.route, queryParams, queryParamsHandling: 'merge', replaceUrl: true })
      .catch((error: unknown) => console.error('The page could not be opened', error));
  }

  protected remove(id: string): void {
    this.set({
      runs: this.ids()
        .filter((other) => other !== id)
        .join(','),
    });
  }

  protected setBrushes(brushes: ReadonlyMap<string, Brush>): void {
    const text = [...brushes]
      .map(([column, [low, high]]) => `${column}~${low.toFixed(3)}~${high.toFixed(3)}`)
      .join(',');
    this.set({ brush: text || null });
  }

  protected reload(): void {
    this.loaded.reload();
    void this.series.open(this.ids().slice());
  }

  /** One request for all of them; one that is archived is asked for by itself. */
  private async readRuns(ids: readonly string[]): Promise<Run[]> {
    if (ids.length === 0) return [];
    const query = ids.map((id) => `id:${id}`).join(' or ');
    // The query text has a length that it must not pass.
    const found = query.length > 1_900 ? await this.readInParts(ids) : await this.find(query);
    const byId = new Map(found.map((run) => [run.id, run]));
    const missing = await Promise.all(ids.filter((id) => !byId.has(id)).map((id) => this.runsApi.get(id)));
    for (const run of missing) byId.set(run.id, run);
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  private async readInParts(ids: readonly string[]): Promise<Run[]> {
    const size = 40;
    const parts = Array.from({ length: Math.ceil(ids.length / size) }, (_, part) =>
      ids.slice(part * size, (part + 1) * size),
    );
    return (await Promise.all(parts.map((part) => this.find(part.map((id) => `id:${id}`).join(' or '))))).flat();
  }

  private async find(query: string): Promise<Run[]> {
    const list = { query, sort: 'created_at', order: 'desc', archived: false, deleted: false } as const;
    return (await this.api.page(list, 0, mostRuns)).items;
  }
}

function firstLoss(metrics: readonly string[]): string {
  return metrics.find((name) => name === 'summary.generator_loss') ?? metrics[0] ?? 'summary.generator_loss';
}

function readBrushes(text: string | null): ReadonlyMap<string, Brush> {
  const entries = (text ?? '').split(',').flatMap((part) => {
    const [column, low, high] = part.split('~');
    const brush: Brush = [Number(low), Number(high)];
    return column !== undefined && column !== '' && brush.every(Number.isFinite) ? [[column, brush] as const] : [];
  });
  return new Map(entries);
}
