import { expect } from 'vitest';
import { fromWireNumber, toWireNumber } from '@gan-dashboard/shared-types';
import type { MetricSeries } from '@gan-dashboard/shared-types';
import type { SeriesPoints } from '../metric-segments';

interface Point {
  step: number;
  time: number;
  epoch: number;
  value: number;
}

/** A series as one would keep it without a store: what the store reads is held against it. */
export class NaiveSeries {
  private readonly points = new Map<number, Point>();

  write({ steps, times, epochs, values }: Omit<SeriesPoints, 'key'>): void {
    for (let index = 0; index < steps.length; index++) {
      const step = steps[index] as number;
      const [time, epoch, value] = [times[index] as number, epochs?.[index] ?? 0, values[index] as number];
      this.points.set(step, { step, time, epoch, value });
    }
  }

  within(from: number, to: number): Point[] {
    return [...this.points.values()].filter(({ step }) => step >= from && step <= to).sort((a, b) => a.step - b.step);
  }

  /** Every point is in one bucket, and each bucket says of its points what is true of them. */
  expectRead(read: MetricSeries | undefined, { from, to, points }: { from: number; to: number; points: number }): void {
    const all = this.within(from, to);
    if (all.length === 0) return expect(read).toBeUndefined();
    expect(read).toMatchObject({ is_complete: all.length <= points });
    if (!read) return;
    expect(read.step).toHaveLength(Math.min(all.length, points));
    let start = 0;
    for (const [index, step] of read.step.entries()) {
      const end = all.findLastIndex((point) => point.step <= step) + 1;
      expectBucket(read, index, all.slice(start, end));
      start = end;
    }
    expect(start).toBe(all.length);
  }
}

function expectBucket(read: MetricSeries, index: number, points: readonly Point[]): void {
  const last = points.at(-1) as Point;
  const finite = points.map(({ value }) => value).filter(Number.isFinite);
  const min = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const max = finite.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
  const isEmpty = finite.length === 0;
  const bucket = {
    step: read.step[index],
    time: read.time[index],
    epoch: read.epoch[index],
    last: read.last[index],
    min: read.min[index],
    max: read.max[index],
    nonFinite: read.is_complete ? points.length - finite.length : (read.non_finite?.[index] ?? 0),
  };
  expect(bucket).toEqual({
    step: last.step,
    time: new Date(last.time).toISOString(),
    epoch: last.epoch,
    last: toWireNumber(last.value),
    min: toWireNumber(isEmpty ? last.value : min),
    max: toWireNumber(isEmpty ? last.value : max),
    nonFinite: points.length - finite.length,
  });
  if (!read.is_complete) expectMean(fromWireNumber(read.mean?.[index] ?? 'NaN'), isEmpty ? [last.value] : finite);
}

function expectMean(mean: number, values: readonly number[]): void {
  const [first = NaN] = values;
  if (!Number.isFinite(first)) return expect(mean).toBe(first);
  const exact = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(Math.abs(mean - exact)).toBeLessThanOrEqual(1e-12 * Math.max(...values.map(Math.abs)));
}
