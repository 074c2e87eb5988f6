import { describe, expect, it } from 'vitest';
import { coverageBaseline, coverageOf } from './coverage-report';
import { categoryCoverage, rangeCoverage } from './coverage';
import { Random } from '../random/random';
import { pairColumns, takeRows } from './table';
import { adultNote, isAdultPresent, readAdult } from './testing/adult';
import { categorical, id, numeric, table } from './testing/tables';

const real = table(
  id('key', [1, 2, 3, 4, 5]),
  numeric('x', [0, 2, 4, 10, null]),
  categorical('c', ['a', 'a', 'b', 'd', null]),
);

describe('coverageOf', () => {
  it('gives the covered part of the range and what is in each bin', () => {
    const synthetic = table(numeric('x', [1, 1, 7, null]), categorical('c', ['a', 'a', 'a', 'a']));
    const [x] = coverageOf(coverageBaseline(real), synthetic);
    // From 1 to 7 of 0 … 10.
    expect(x).toMatchObject({ column: 'x', kind: 'quantity', coverage: 0.6 });
    // Deviations by n: √8 of {1, 1, 7} and √14 of {0, 2, 4, 10}.
    expect(x?.deviationRatio).toBeCloseTo(Math.sqrt(8 / 14), 12);
    expect(x?.values).toHaveLength(10);
    expect(x?.values.map(({ realShare }) => realShare)).toEqual([0.25, 0, 0.25, 0, 0.25, 0, 0, 0, 0, 0.25]);
    expect(x?.values.map(({ syntheticShare }) => syntheticShare)).toEqual([0, 2 / 3, 0, 0, 0, 0, 0, 1 / 3, 0, 0]);
    expect(x?.values[1]?.value).toEqual([1, 2]);
  });

  it('gives the share of every category, real and invented', () => {
    const synthetic = table(numeric('x', [null, null]), categorical('c', ['b', 'z']));
    const [x, c] = coverageOf(coverageBaseline(real), synthetic);
    expect(x).toMatchObject({ coverage: undefined, deviationRatio: undefined, entropyRatio: undefined });
    expect(c).toMatchObject({ column: 'c', kind: 'category', coverage: 1 / 3 });
    expect(c?.values).toEqual([
      { value: 'a', realShare: 0.5, syntheticShare: 0 },
      { value: 'b', realShare: 0.25, syntheticShare: 0.5 },
      { value: 'd', realShare: 0.25, syntheticShare: 0 },
      { value: 'z', realShare: 0, syntheticShare: 0.5 },
    ]);
    // Entropy log 2 of two halves, 1.5 log 2 of a half and two quarters.
    expect(c?.entropyRatio).toBeCloseTo(1 / 1.5, 12);
    expect(coverageOf(coverageBaseline(real), synthetic, { maxValues: 2 })[1]).toMatchObject({
      coverage: 1 / 3,
      values: [{ value: 'a' }, { value: 'b' }],
    });
  });

  it('is the coverage of the pairwise functions, and 0 entropy where all rows are the same', () => {
    const synthetic = table(numeric('x', [3, 3, 12]), categorical('c', ['a', 'a', 'a']));
    const [quantity, category] = pairColumns(real, synthetic);
    const [x, c] = coverageOf(coverageBaseline(real), synthetic);
    expect(x?.coverage).toBe(quantity?.kind === 'quantity' ? rangeCoverage(quantity) : Number.NaN);
    expect(c?.coverage).toBe(category?.kind === 'category' ? categoryCoverage(category) : Number.NaN);
    expect(c?.entropyRatio).toBe(0);
  });

  it('names the column that does not fit', () => {
    const baseline = coverageBaseline(real);
    expect(() => coverageOf(baseline, table(numeric('x', [1])))).toThrow('lacks the column "c"');
    const other = table(categorical('x', ['1']), categorical('c', ['a']));
    expect(() => coverageOf(baseline, other)).toThrow('"x" as a category where it is a quantity');
  });
});

describe.skipIf(!isAdultPresent)(`coverage of UCI Adult${adultNote}`, () => {
  it('takes a probe of 2,000 rows in less than 50 ms', () => {
    const adult = readAdult();
    const baseline = coverageBaseline(adult);
    const probe = takeRows(adult, Random.of(1).permutation(adult.rowCount).subarray(0, 2_000));
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      expect(coverageOf(baseline, probe)).toHaveLength(15);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });
});
