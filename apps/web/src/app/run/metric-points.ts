import { fromWireNumber } from '@gan-dashboard/shared-types';
import type { MetricSeries, WireNumber } from '@gan-dashboard/shared-types';

/** One metric over a run. The arrays have one length; steps rise. */
export interface MetricPoints {
  readonly name: string;
  readonly step: readonly number[];
  readonly epoch: readonly number[];
  /** NaN and the infinities as measured. */
  readonly value: readonly number[];
}

/** More points than a screen has pixels are of no use; a run of days stays bounded. */
export const maxPoints = 4_000;

export function pointsFromHistory(series: MetricSeries): MetricPoints {
  return { name: series.name, step: series.step, epoch: series.epoch, value: series.last.map(fromWireNumber) };
}

export interface MetricSample {
  step: number;
  epoch: number;
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
  return thinned({
    name: points.name,
    step: [...points.step, ...fresh.map((sample) => sample.step)],
    epoch: [...points.epoch, ...fresh.map((sample) => sample.epoch)],
    value: [...points.value, ...fresh.map((sample) => fromWireNumber(sample.value))],
  });
}

/** Drops every second point of the older half; the newest are kept as they are. */
function thinned(points: MetricPoints): MetricPoints {
  const count = points.step.length;
  if (count <= maxPoints) return points;
  const half = Math.floor(count / 2);
  const keep = (_: number, index: number) => index >= half || index % 2 === 0;
  return {
    name: points.name,
    step: points.step.filter(keep),
    epoch: points.epoch.filter(keep),
    value: points.value.filter(keep),
  };
}
