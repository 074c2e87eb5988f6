import { describe, expect, it } from 'vitest';
import { Random } from '../random/random';
import { continuousEncoder, fitContinuous, mostBasisRows } from './continuous-transform';

const settings = { numbers: 'mixture', hasSpecialValues: true } as const;
const fit = (values: Float64Array) => fitContinuous(values, settings, Random.of(0, 'encode', 'x'));

/** Two modes, a tenth of zeros. */
function twoModes(rows: number): Float64Array {
  const noise = Random.of(7).fillNormal(new Float32Array(rows));
  return Float64Array.from(noise, (value, row) => (row % 10 === 0 ? 0 : (row % 2 === 0 ? 20 : 60) + value));
}

describe('a column of more rows than are looked at', () => {
  const values = twoModes(mostBasisRows + 200_000);
  values[values.length - 1] = 500;
  values[values.length - 2] = -300;
  const fitted = fit(values);

  it('has the special values and the modes of all rows', () => {
    expect(fitted.special).toEqual([0]);
    for (const mode of [20, 60]) {
      const near = fitted.components.filter(({ mean }) => Math.abs(mean - mode) < 3);
      const weight = near.reduce((sum, component) => sum + component.weight, 0);
      // 4 of 9 rows that are not zero are near 20, 5 near 60.
      expect(weight).toBeCloseTo(mode === 20 ? 4 / 9 : 5 / 9, 1);
    }
  });

  it('has the range of all rows, down to a single value', () => {
    expect(fitted).toMatchObject({ low: -300, high: 500 });
  });

  it('is the same each time, and leaves the values as they are', () => {
    const before = values.slice();
    expect(fit(values)).toEqual(fitted);
    expect(values).toEqual(before);
  });

  it('encodes values that were not among those looked at', () => {
    const rare = new Float64Array(mostBasisRows + 50_000).fill(3);
    rare[rare.length - 1] = 7;
    const encode = continuousEncoder(fit(rare));
    const random = Random.of(1);
    expect(encode(3, random)).not.toEqual(encode(7, random));
  });
});
