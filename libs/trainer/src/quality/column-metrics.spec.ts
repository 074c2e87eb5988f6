import { describe, expect, it } from 'vitest';
import { binEdges, discretise } from './binning';
import { ksComplement, tvComplement } from './column-shapes';
import { contingencySimilarity, cramersV } from './contingency';
import { correlationSimilarity, pearson } from './correlation';
import { categoryCoverage, missingValueSimilarity, rangeCoverage } from './coverage';
import { categoryPair, floats, quantityPair } from './testing/tables';

describe('ksComplement', () => {
  it('is 1 less the largest gap between the distribution functions', () => {
    expect(ksComplement(floats(1, 2, 3, 4), floats(5, 4, 3, 2))).toBe(0.75);
    expect(ksComplement(floats(1, 2), floats(1, 1, 1, 2))).toBe(0.75);
    expect(ksComplement(floats(1, 2), floats(3, 4))).toBe(0);
  });

  it('leaves missing values out and compares at 14 decimals', () => {
    expect(ksComplement(floats(1, null, 2), floats(2, 1, 1, 2, null))).toBe(1);
    expect(ksComplement(floats(0.1 + 0.2), floats(0.3))).toBe(1);
    expect(ksComplement(floats(null), floats(1))).toBeUndefined();
  });
});

describe('tvComplement', () => {
  it('is 1 less half of the differences of the shares, missing values left out', () => {
    // Shares 2/3, 1/3, 0 against 1/2, 0, 1/2.
    expect(tvComplement(categoryPair(['a', 'a', 'b', null], ['c', 'a']))).toBeCloseTo(0.5, 15);
    expect(tvComplement(categoryPair([true, false], [false, true]))).toBe(1);
    expect(tvComplement(categoryPair(['a'], [null]))).toBeUndefined();
  });
});

describe('correlation', () => {
  it('is 0.8 for 1 2 3 4 beside 1 3 2 4, rows with a missing value left out', () => {
    expect(pearson(floats(1, 2, null, 3, 4, 9), floats(1, 3, 7, 2, 4, null))).toBeCloseTo(0.8, 15);
  });

  it('is undefined for a constant column, of times too', () => {
    const time = Date.UTC(2024, 0, 1) + 0.1;
    expect(pearson(floats(1, 2, 3), floats(time, time, time))).toBeUndefined();
    expect(pearson(floats(1), floats(1))).toBeUndefined();
  });

  it('scores half of the difference of the coefficients', () => {
    const result = correlationSimilarity(
      [floats(1, 2, 3, 4), floats(2, 4, 6, 8)],
      [floats(1, 2, 3, 4), floats(1, 3, 2, 4)],
    );
    expect(result.real).toBeCloseTo(1, 15);
    expect(result.synthetic).toBeCloseTo(0.8, 15);
    expect(result.score).toBeCloseTo(0.9, 15);
    const opposite = correlationSimilarity([floats(1, 2), floats(1, 2)], [floats(1, 2), floats(2, 1)]);
    expect(opposite.score).toBeCloseTo(0, 15);
  });
});

describe('contingency', () => {
  const discrete = (...[real, synthetic]: Parameters<typeof categoryPair>) =>
    discretise(categoryPair(real, synthetic), 'real');

  it('compares joint shares, a missing value being a category', () => {
    // (a, x) 1/2 and 1/4, (b, y) 1/4 and 1/2, (b, missing) 1/4 and 0, (b, x) 0 and 1/4.
    const first = discrete(['a', 'a', 'b', 'b'], ['a', 'b', 'b', 'b']);
    const second = discrete(['x', 'x', 'y', null], ['x', 'x', 'y', 'y']);
    expect(contingencySimilarity(first, second)).toBe(0.5);
  });

  it('gives the same from a table too wide for an array', () => {
    const names = Array.from({ length: 1500 }, (_, i) => `n${i}`);
    const reversed = [...names].reverse();
    const first = discrete(names, names);
    expect(contingencySimilarity(first, discrete(names, names))).toBeCloseTo(1, 12);
    expect(contingencySimilarity(first, discrete(names, reversed))).toBeCloseTo(0, 12);
    expect(cramersV(first, discrete(names, names))).toBeCloseTo(1, 12);
  });

  it("gives Cramér's V of the real table", () => {
    // Counts 3 1 / 1 3: χ² / n = (3·3 - 1·1)² / 4⁴ = 1/4.
    const first = discrete(['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b'], ['a']);
    const second = discrete(['x', 'x', 'x', 'y', 'x', 'y', 'y', 'y'], ['x']);
    expect(cramersV(first, second)).toBeCloseTo(0.5, 15);
    expect(cramersV(first, first)).toBeCloseTo(1, 15);
    expect(cramersV(first, discrete(Array<string>(8).fill('x'), ['x']))).toBeUndefined();
  });
});

describe('discretise', () => {
  const pair = quantityPair([0, 1, 5, 10, null], [-3, 0.5, 9.5, 20, null]);

  it('has ten bins of the real range with open ends and one for missing values', () => {
    expect(discretise(pair, 'real')).toEqual({
      real: Int32Array.of(0, 1, 5, 9, 10),
      synthetic: Int32Array.of(0, 0, 9, 9, 10),
      size: 11,
    });
  });

  it('has for SDMetrics edges of each table, the greatest value and missing ones in an eleventh bin', () => {
    // The synthetic edges are -3, -0.7, 1.6 … 20.
    const { real, synthetic } = discretise(pair, 'sdmetrics');
    expect([...real]).toEqual([1, 2, 6, 11, 11]);
    expect([...synthetic]).toEqual([1, 2, 6, 11, 11]);
  });

  it('gives a constant column one unit around its value', () => {
    expect([...binEdges(floats(3, 3))].map((edge) => Math.round(edge * 10) / 10)).toEqual([
      2.5, 2.6, 2.7, 2.8, 2.9, 3, 3.1, 3.2, 3.3, 3.4, 3.5,
    ]);
  });
});

describe('coverage', () => {
  it('takes off the parts of the range that are not reached', () => {
    expect(rangeCoverage(quantityPair([0, 10, null], [2, 9]))).toBeCloseTo(0.7, 15);
    expect(rangeCoverage(quantityPair([0, 10], [-5, 20]))).toBe(1);
    expect(rangeCoverage(quantityPair([0, 10], [30, 40]))).toBe(0);
    expect(rangeCoverage(quantityPair([1, 1], [1]))).toBeUndefined();
  });

  it('counts the real categories that come back', () => {
    expect(categoryCoverage(categoryPair(['a', 'b', 'c', 'd', null], ['a', 'b', 'z']))).toBe(0.5);
    expect(categoryCoverage(categoryPair([null], ['a']))).toBeUndefined();
  });

  it('compares the shares of missing cells', () => {
    expect(missingValueSimilarity(quantityPair([1, 2, 3, null], [1, null]))).toBe(0.75);
    expect(missingValueSimilarity(categoryPair(['a', null], ['a', 'a']))).toBe(0.5);
    expect(missingValueSimilarity(categoryPair([], ['a']))).toBeUndefined();
  });
});
