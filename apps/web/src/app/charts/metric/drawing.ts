import { positionAt, positionsOf } from './axis';
import type { ChartView } from './chart-view';
import { debiasedEma } from './ema';
import { firstAtLeast } from './metric-line';
import type { MetricLine, StepRange } from './metric-line';

export interface DrawnPoint {
  x: number;
  y: number;
}

/** One metric, ready to be drawn: extremes as a zigzag, the average over it, and where values are missing. */
export interface DrawnLine {
  readonly label: string;
  readonly color: string;
  readonly raw: readonly DrawnPoint[];
  /** Null without smoothing. */
  readonly smooth: readonly DrawnPoint[] | null;
  /** Positions of values that are NaN or infinite, or can't stand on a logarithmic axis. */
  readonly gaps: readonly number[];
}

export interface Drawing {
  readonly lines: readonly DrawnLine[];
  /** What is in sight of the x axis. */
  readonly x: { min: number; max: number };
  /** Absent: the axis fits the values. */
  readonly y: { min: number; max: number } | null;
  /** Points outside of `y`. */
  readonly cutCount: number;
}

export interface DrawingFacts {
  readonly view: ChartView;
  readonly sight: StepRange;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** Everything of a chart but its colours and pixels. */
export function drawingOf(lines: readonly MetricLine[], facts: DrawingFacts): Drawing {
  const drawn = lines.map((line) => drawnLine(line, facts));
  const bounds = facts.view.cutsOutliers ? outlierBounds(drawn.flatMap(({ raw }) => raw.map(({ y }) => y))) : null;
  const isCut = ({ y }: DrawnPoint) => bounds !== null && (y < bounds.min || y > bounds.max);
  return {
    lines: drawn,
    x: rangeOf(lines, facts),
    y: bounds,
    cutCount: drawn.reduce((count, { raw }) => count + raw.filter(isCut).length, 0),
  };
}

function drawnLine(line: MetricLine, { view, sight, startedAt }: DrawingFacts): DrawnLine {
  const positions = positionsOf(line, view.axis, startedAt);
  // One more on each side: the line runs on to the edge.
  const start = Math.max(0, firstAtLeast(line.step, sight.from) - 1);
  const end = Math.min(line.step.length, firstAtLeast(line.step, sight.to) + 2);
  const fits = (value: number) => Number.isFinite(value) && (!view.isLog || value > 0);
  const average = view.smoothing > 0 ? debiasedEma(line.value, view.smoothing) : null;
  const raw: DrawnPoint[] = [];
  const smooth: DrawnPoint[] = [];
  const gaps: number[] = [];
  for (let index = start; index < end; index++) {
    const x = positions[index] as number;
    const [low, high, value] = [line.low[index], line.high[index], line.value[index]] as [number, number, number];
    if (!fits(value)) gaps.push(x);
    if (low !== high && fits(low) && fits(high)) raw.push({ x, y: low }, { x, y: high });
    raw.push({ x, y: fits(value) ? value : NaN });
    const averaged = average?.[index];
    if (averaged !== undefined) smooth.push({ x, y: fits(averaged) ? averaged : NaN });
  }
  return { label: line.label, color: line.color, raw, smooth: average === null ? null : smooth, gaps };
}

function rangeOf(lines: readonly MetricLine[], { view, sight, startedAt }: DrawingFacts): { min: number; max: number } {
  const ends = lines
    .filter(({ step }) => step.length > 0)
    .map((line) => {
      const positions = positionsOf(line, view.axis, startedAt);
      return [positionAt(line, positions, sight.from), positionAt(line, positions, sight.to)] as const;
    });
  if (ends.length === 0) return { min: 0, max: 1 };
  return { min: Math.min(...ends.map(([min]) => min)), max: Math.max(...ends.map(([, max]) => max)) };
}

/** The range from 5 to 95 % of the finite values; null where it would cut nothing. */
export function outlierBounds(values: readonly number[]): { min: number; max: number } | null {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const min = quantile(sorted, 0.05);
  const max = quantile(sorted, 0.95);
  if (min === undefined || max === undefined || min >= max) return null;
  return min === sorted[0] && max === sorted.at(-1) ? null : { min, max };
}

function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.round(share * (sorted.length - 1))];
}
