import { fromWireNumber } from '@gan-dashboard/shared-types';
import type { MetricSeries, WireNumber } from '@gan-dashboard/shared-types';

/** One metric over a run. The arrays have one length; steps rise. */
export interface MetricPoints {
  readonly name: string;
  readonly step: readonly number[];
  readonly epoch: readonly number[];
  /** Milliseconds since 1970. */
  readonly time: readonly number[];
  /** The last value of each bucket. NaN and the infinities as measured. */
  readonly value: readonly number[];
  /** Extremes of each bucket; of a single point the point itself. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Every point stands by itself; else a range of steps can be read in more detail. */
  readonly isComplete: boolean;
}

/** More points than a screen has pixels are of no use; a run of days stays bounded. */
export const maxPoints = 4_000;

export function noPoints(name: string): MetricPoints {
  return { name, step: [], epoch: [], time: [], value: [], low: [], high: [], isComplete: true };
}

export function pointsFromHistory(series: MetricSeries): MetricPoints {
  const value = series.last.map(fromWireNumber);
  return {
    name: series.name,
    step: series.step,
    epoch: series.epoch,
    time: series.time.map((time) => Date.parse(time)),
    value,
    low: series.is_complete ? value : series.min.map(fromWireNumber),
    high: series.is_complete ? value : series.max.map(fromWireNumber),
    isComplete: series.is_complete,
  };
}

export interface MetricSample {
  step: number;
  epoch: number;
  /** Milliseconds since 1970. */
  time: number;
  value: WireNumber;
}

/** Appends what lies behind the last step; what the history already holds is passed over. */
export function appendPoints(points: MetricPoints, samples: readonly MetricSample[]): MetricPoints {
  let last = points.step.at(-1) ?? -1;
  const fresh = samples.filter((sample) => {
    if (sample.step <= last) return false;
    last = sample.step;
    return true;
  });
  if (fresh.length === 0) return points;
  const values = fresh.map((sample) => fromWireNumber(sample.value));
  return thinned({
    ...points,
    step: [...points.step, ...fresh.map((sample) => sample.step)],
    epoch: [...points.epoch, ...fresh.map((sample) => sample.epoch)],
    time: [...points.time, ...fresh.map((sample) => sample.time)],
    value: [...points.value, ...values],
    low: [...points.low, ...values],
    high: [...points.high, ...values],
  });
}

/** Joins two and two points of the older half, with their extremes; the first and the newest stay as they are. */
function thinned(points: MetricPoints): MetricPoints {
  const count = points.step.length;
  if (count <= maxPoints) return points;
  const half = Math.floor(count / 2);
  // The first point stays; of each pair behind it the second gives place, time and value.
  const keep = (_: unknown, index: number) => index === 0 || index >= half || index % 2 === 0;
  const joined = (values: readonly number[], better: (a: number, b: number) => number) =>
    values.map((value, index) =>
      index > 0 && index < half && index % 2 === 0 ? finiteOf(value, values[index - 1] as number, better) : value,
    );
  return {
    name: points.name,
    step: points.step.filter(keep),
    epoch: points.epoch.filter(keep),
    time: points.time.filter(keep),
    value: points.value.filter(keep),
    low: joined(points.low, Math.min).filter(keep),
    high: joined(points.high, Math.max).filter(keep),
    isComplete: false,
  };
}

function finiteOf(a: number, b: number, better: (a: number, b: number) => number): number {
  if (!Number.isFinite(b)) return a;
  return Number.isFinite(a) ? better(a, b) : b;
}

/** The points with those of a range taken from a reading in more detail. */
export function withDetail(
  points: MetricPoints,
  detail: MetricPoints | undefined,
  range: { from: number; to: number },
) {
  if (!detail || detail.step.length === 0) return points;
  const newest = detail.step.at(-1) as number;
  const before = (step: number) => step < range.from;
  const after = (step: number) => step > range.to || (step > newest && step >= range.from);
  const spliced = (own: readonly number[], read: readonly number[]) => [
    ...own.filter((_, index) => before(points.step[index] as number)),
    ...read,
    ...own.filter((_, index) => after(points.step[index] as number)),
  ];
  return {
    name: points.name,
    step: spliced(points.step, detail.step),
    epoch: spliced(points.epoch, detail.epoch),
    time: spliced(points.time, detail.time),
    value: spliced(points.value, detail.value),
    low: spliced(points.low, detail.low),
    high: spliced(points.high, detail.high),
    isComplete: points.isComplete,
  };
}
