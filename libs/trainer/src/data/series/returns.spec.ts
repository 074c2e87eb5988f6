import { describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import { column, memoryTable, quantities } from '../../testing/tables';
import { fitDelta, gaussianise, heavyTailed, lambertW, momentsOf } from './lambert-w';
import { decodeReturn, encodeReturn, levelsOf, pathsOf, ReturnSource } from './returns';
import { readSequences } from './sequence-table';
import { sequenceTransformsOf } from './sequence-transforms';

const normal = Float64Array.from(Random.of(1).fillNormal(new Float32Array(4_000)));

describe('the Lambert W function', () => {
  it('is the inverse of w · e^w', () => {
    expect(lambertW(Math.E)).toBeCloseTo(1, 14);
    expect(lambertW(0.5)).toBeCloseTo(0.35173371124919584, 14);
    for (const w of [1e-9, 0.01, 0.7, 2, 5, 20]) expect(lambertW(w * Math.exp(w)) / w).toBeCloseTo(1, 12);
  });

  it('takes tails off and puts them back exactly', () => {
    for (const value of [-8, -1.5, 0, 0.3, 4]) expect(heavyTailed(gaussianise(value, 0.2), 0.2)).toBeCloseTo(value, 12);
  });

  it('leaves values with the kurtosis of a normal distribution', () => {
    const heavy = normal.map((value) => heavyTailed(value, 0.15));
    const { mean, std } = momentsOf(heavy);
    const standard = heavy.map((value) => (value - mean) / std);
    const delta = fitDelta(standard);
    expect(delta).toBeGreaterThan(0.15);
    const light = standard.map((value) => gaussianise(value, delta));
    const moments = momentsOf(light);
    const fourth = momentsOf(light.map((value) => ((value - moments.mean) / moments.std) ** 4));
    expect(fourth.mean).toBeCloseTo(3, 6);
    expect(fitDelta(Float64Array.from({ length: 100 }, (_, i) => i % 7))).toBe(0);
  });
});

describe('returns', () => {
  const levels = [...normal.subarray(0, 300)].reduce<number[]>(
    (path, value) => [...path, (path.at(-1) ?? 100) * Math.exp(0.01 * value)],
    [],
  );
  const rates = [...normal.subarray(300, 600)].reduce<number[]>(
    (path, value) => [...path, (path.at(-1) ?? 0) + 0.1 * value],
    [],
  );
  const columns = [
    column({ name: 'price', type: 'number', role: 'numeric' }),
    column({ name: 'rate', type: 'number', role: 'numeric' }),
  ];
  const source = memoryTable({ price: quantities(levels), rate: quantities(rates) });

  it('are logarithmic for what is above 0, and differences for what is not; both come back', async () => {
    const returns = new ReturnSource(await readSequences(source, columns, 100), { window: 299, length: 50 });
    const { returns: fitted } = pathsOf(sequenceTransformsOf(returns.transforms).space);
    expect(fitted.map(({ kind }) => kind)).toEqual(['log', 'difference']);
    const encoded = returns.read([0], 299);
    [levels, rates].forEach((expected, k) => {
      const transform = fitted[k];
      if (!transform) throw new Error('a feature has no returns');
      expect(decodeReturn(transform, encodeReturn(transform, 0.0123))).toBeCloseTo(0.0123, 12);
      const path = levelsOf(transform, (step) => encoded[step * 2 + k] ?? 0, 300);
      path.forEach((level, row) => expect(level).toBeCloseTo(expected[row] ?? 0, 3));
      const own = momentsOf(Float64Array.from(encoded.filter((_, i) => i % 2 === k)));
      expect(own.mean).toBeCloseTo(0, 5);
      expect(own.std).toBeCloseTo(1, 5);
    });
  });

  it('are refused for columns that have none, with the way out', async () => {
    const gaps = memoryTable({
      price: quantities(levels.map((level, i) => (i === 9 ? null : level))),
      rate: quantities(rates),
    });
    const table = await readSequences(gaps, columns, 100);
    expect(() => new ReturnSource(table, { window: 20, length: 50 })).toThrow(
      /"price" has missing values.*or use doppelganger/,
    );
  });
});
