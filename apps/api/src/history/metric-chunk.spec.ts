import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeAxis,
  decodeCoarse,
  decodeFine,
  decodePoints,
  encodeAxis,
  encodeChunk,
  chunkPoints,
} from './metric-chunk';
import { mergePoints } from './points';
import type { Points } from './points';
import { summarise } from './summaries';
import type { Summaries } from './summaries';

const value = fc.oneof(
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.double(),
  fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, Number.MAX_VALUE, -Number.MAX_VALUE),
);

const points: fc.Arbitrary<Points> = fc
  .tuple(fc.array(value, { minLength: 1, maxLength: 1_000 }), fc.integer({ min: 1, max: 9 }), fc.nat(2 ** 40))
  .map(([values, stride, start]) => {
    const indices = Float64Array.from(values.keys());
    return {
      steps: indices.map((index) => start + stride * index),
      times: indices.map((index) => 1_795_428_000_000 + 17 * index + (index % 3)),
      epochs: indices.map((index) => Math.floor(index / 60)),
      values: Float64Array.from(values),
    };
  });

/** Means lie between the extremes, close to the exact ones; all else is exact. */
function expectSummaries(read: Summaries, exact: Summaries): void {
  expect({ ...read, mean: null }).toEqual({ ...exact, mean: null });
  for (const [group, mean] of read.mean.entries()) {
    const [min, max] = [exact.min[group] as number, exact.max[group] as number];
    if (min > max) expect(mean).toBe(0);
    else {
      expect(mean).toBeGreaterThanOrEqual(min);
      expect(mean).toBeLessThanOrEqual(max);
      // Halves: the range itself may be no double.
      const error = Math.abs(mean / 2 - (exact.mean[group] as number) / 2);
      expect(error).toBeLessThanOrEqual((max / 2 - min / 2) / 60_000 + 1e-300);
    }
  }
}

describe('a metric chunk', () => {
  it('gives back its points and their summaries bit by bit', () => {
    fc.assert(
      fc.property(points, (all) => {
        const chunk = encodeChunk(all);
        const axis = encodeAxis(all);
        const decoded = decodeAxis(axis, chunk.count);
        expect(decodePoints(chunk, decoded)).toEqual(all);
        expectSummaries(decodeFine(chunk, decoded), summarise(all, 16));
        expectSummaries(decodeCoarse(chunk, axis), summarise(all, 256));
      }),
    );
  });

  it('counts what is not finite, and takes no bytes for it where all is', () => {
    const all = mergePoints([evenPoints(600, (index) => (index % 100 === 0 ? NaN : index))]);
    const chunk = encodeChunk(all);
    expect(Array.from(decodeCoarse(chunk, encodeAxis(all)).nonFinite)).toEqual([3, 3, 0]);
    expect(encodeChunk(evenPoints(600, (index) => index)).nonFinite).toBeNull();
  });

  it('takes less than ten bytes a point without what series share', () => {
    const { fine, coarse, values } = encodeChunk(evenPoints(chunkPoints, (index) => Math.sin(index) / 3));
    expect((fine.length + coarse.length + values.length) / chunkPoints).toBeCloseTo(9.25, 2);
  });
});

function evenPoints(count: number, valueAt: (index: number) => number): Points {
  const indices = Float64Array.from({ length: count }, (_, index) => index);
  return { steps: indices, times: indices, epochs: indices, values: indices.map(valueAt) };
}
