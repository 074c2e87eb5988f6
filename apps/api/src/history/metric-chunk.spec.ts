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
  fineBytes,
} from './metric-chunk';
import { mergePoints } from './points';
import type { Points } from './points';
import { summarise } from './summaries';

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

describe('a metric chunk', () => {
  it('gives back its points and their summaries bit by bit', () => {
    fc.assert(
      fc.property(points, (all) => {
        const chunk = encodeChunk(all);
        const axis = encodeAxis(all);
        const decoded = decodeAxis(axis, chunk.count);
        expect(decodePoints(chunk, decoded)).toEqual(all);
        expect(decodeFine({ ...chunk, data: chunk.data.subarray(0, fineBytes(chunk.count)) }, decoded)).toEqual(
          summarise(all, 16),
        );
        expect(decodeCoarse(chunk, axis)).toEqual(summarise(all, 256));
      }),
    );
  });

  it('counts what is not finite, and takes no bytes for it where all is', () => {
    const all = mergePoints([evenPoints(600, (index) => (index % 100 === 0 ? NaN : index))]);
    const chunk = encodeChunk(all);
    expect(Array.from(decodeCoarse(chunk, encodeAxis(all)).nonFinite)).toEqual([3, 3, 0]);
    expect(encodeChunk(evenPoints(600, (index) => index)).nonFinite).toBeNull();
  });

  it('takes less than nine bytes a point without what series share, a little more where they only rise', () => {
    const bytesPerPoint = (values: (index: number) => number) => {
      const { coarse, data } = encodeChunk(evenPoints(chunkPoints, values));
      return (coarse.length + data.length) / chunkPoints;
    };
    expect(bytesPerPoint((index) => Math.sin(7 * index))).toBeLessThan(8.8);
    expect(bytesPerPoint(() => 2e-4)).toBeLessThan(8.8);
    expect(bytesPerPoint((index) => index)).toBeLessThan(9.2);
  });
});

function evenPoints(count: number, valueAt: (index: number) => number): Points {
  const indices = Float64Array.from({ length: count }, (_, index) => index);
  return { steps: indices, times: indices, epochs: indices, values: indices.map(valueAt) };
}
