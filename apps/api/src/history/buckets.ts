import { toWireNumber } from '@gan-dashboard/shared-types';
import type { MetricSeries, WireNumber } from '@gan-dashboard/shared-types';
import type { Points } from './points';
import type { Summaries } from './summaries';

/** Every point by itself. */
export function completeSeries(name: string, points: Points): MetricSeries {
  const values = Array.from(points.values, toWireNumber);
  return {
    name,
    is_complete: true,
    step: Array.from(points.steps),
    epoch: Array.from(points.epochs),
    time: Array.from(points.times, toTimestamp),
    min: values,
    max: values,
    last: values,
  };
}

/**
 * A series in at most `buckets` buckets of about equal count: each summary goes where its first point belongs. A bucket
 * with no finite value has its last value for extremes and mean.
 *
 * @param total points of all summaries together; no summary may have more than total / buckets
 */
export function bucketedSeries(
  name: string,
  parts: readonly Summaries[],
  { total, buckets }: { total: number; buckets: number },
): MetricSeries {
  const bucket = new Bucket();
  const series = emptySeries(name);
  let position = 0;
  let current = 0;
  for (const part of parts) {
    for (let group = 0; group < part.count.length; group++) {
      const index = Math.floor((position * buckets) / total);
      if (index !== current && bucket.count > 0) {
        bucket.moveTo(series);
        current = index;
      }
      bucket.add(part, group);
      position += part.count[group] as number;
    }
  }
  if (bucket.count > 0) bucket.moveTo(series);
  const { non_finite, ...finite } = series;
  return non_finite.some((count) => count > 0) ? series : finite;
}

type BucketedSeries = Omit<MetricSeries, 'mean' | 'non_finite'> & { mean: WireNumber[]; non_finite: number[] };

function emptySeries(name: string): BucketedSeries {
  const lists = { step: [], epoch: [], time: [], min: [], max: [], last: [], mean: [], non_finite: [] };
  return { name, is_complete: false, ...lists };
}

/** Gathers summaries into one. */
class Bucket {
  count = 0;
  private finite = 0;
  private min = Infinity;
  private max = -Infinity;
  private mean = 0;
  private last = 0;
  private step = 0;
  private time = 0;
  private epoch = 0;

  add(part: Summaries, group: number): void {
    const finite = (part.count[group] as number) - (part.nonFinite[group] as number);
    this.count += part.count[group] as number;
    if (finite > 0) {
      this.finite += finite;
      // A sum could leave the range of doubles.
      const share = finite / this.finite;
      this.mean = this.mean * (1 - share) + (part.mean[group] as number) * share;
      this.min = Math.min(this.min, part.min[group] as number);
      this.max = Math.max(this.max, part.max[group] as number);
    }
    this.last = part.last[group] as number;
    this.step = part.step[group] as number;
    this.time = part.time[group] as number;
    this.epoch = part.epoch[group] as number;
  }

  /** Appends the bucket to the series and begins the next one. */
  moveTo(series: BucketedSeries): void {
    const isFinite = this.finite > 0;
    series.step.push(this.step);
    series.epoch.push(this.epoch);
    series.time.push(toTimestamp(this.time));
    series.min.push(toWireNumber(isFinite ? this.min : this.last));
    series.max.push(toWireNumber(isFinite ? this.max : this.last));
    series.mean.push(toWireNumber(isFinite ? this.mean : this.last));
    series.last.push(toWireNumber(this.last));
    series.non_finite.push(this.count - this.finite);
    [this.count, this.finite, this.min, this.max, this.mean] = [0, 0, Infinity, -Infinity, 0];
  }
}

function toTimestamp(time: number): string {
  return new Date(time).toISOString();
}
