import { fromWireNumber } from '@gan-dashboard/shared-types';
import type { ManyMetrics } from '@gan-dashboard/shared-types';
import type { ChartLine } from '../charts/line-chart';

export interface RunLine extends ChartLine {
  readonly runId: string;
}

/** Who is drawn, and how. */
export interface DrawnRun {
  readonly id: string;
  readonly name: string;
  readonly color: string;
}

/** The lines of each metric over all runs, losses first. Two runs of one name are told apart by their ids. */
export function linesByMetric(items: ManyMetrics['items'], runs: readonly DrawnRun[]): Map<string, RunLine[]> {
  const drawn = new Map(runs.map((run) => [run.id, { ...run, name: distinctName(run, runs) }]));
  const byMetric = new Map<string, RunLine[]>();
  for (const { run_id: runId, series } of items) {
    const run = drawn.get(runId);
    if (!run) continue;
    for (const { name, step, last } of series) {
      const line = { runId, label: run.name, color: run.color, x: step, y: last.map(fromWireNumber) };
      const lines = byMetric.get(name);
      if (lines) lines.push(line);
      else byMetric.set(name, [line]);
    }
  }
  return new Map([...byMetric].sort(([a], [b]) => byRank(a, b)));
}

function distinctName(run: DrawnRun, runs: readonly DrawnRun[]): string {
  const isShared = runs.some((other) => other.id !== run.id && other.name === run.name);
  return isShared ? `${run.name} (${run.id.slice(0, 8)})` : run.name;
}

/** The order of metrics: losses first, then quality, then the others; what the machine did comes last. */
export function byRank(a: string, b: string): number {
  return rank(a) - rank(b) || a.localeCompare(b);
}

function rank(metric: string): number {
  if (metric.includes('loss')) return 0;
  if (metric.startsWith('quality')) return 1;
  return /cpu|memory|gpu|bytes|per_second/.test(metric) ? 3 : 2;
}

/** Mean and band of one standard deviation (sample, n - 1) over the lines of a group, at the steps of the longest. */
export function meanBand(lines: readonly ChartLine[]): { x: number[]; mean: number[]; low: number[]; high: number[] } {
  const longest = lines.reduce<readonly number[]>((x, line) => (line.x.length > x.length ? line.x : x), []);
  const band = { x: [...longest], mean: [] as number[], low: [] as number[], high: [] as number[] };
  for (const x of longest) {
    const values = lines.map((line) => valueAt(line, x)).filter(Number.isFinite);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const sd = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
    band.mean.push(mean);
    band.low.push(mean - sd);
    band.high.push(mean + sd);
  }
  return band;
}

/** Between two points along their line; NaN outside of what was measured. */
export function valueAt({ x, y }: Pick<ChartLine, 'x' | 'y'>, at: number): number {
  let low = 0;
  let high = x.length - 1;
  if (high < 0 || at < (x[0] ?? NaN) || at > (x[high] ?? NaN)) return NaN;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((x[middle] ?? NaN) < at) low = middle + 1;
    else high = middle;
  }
  const right = x[low] ?? NaN;
  if (right === at || low === 0) return y[low] ?? NaN;
  const left = x[low - 1] ?? NaN;
  const share = (at - left) / (right - left);
  return (y[low - 1] ?? NaN) * (1 - share) + (y[low] ?? NaN) * share;
}
