import { describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import { categorical, numeric, table } from '../testing/tables';
import { maximumMeanDiscrepancy } from './maximum-mean-discrepancy';
import { precisionRecall } from './precision-recall';

const uniform = (length: number, seed: number, shift = 0) => {
  const random = Random.of(seed, 'uniform');
  return table(
    numeric(
      'x',
      Array.from({ length }, () => random.uniform() + shift),
    ),
    numeric(
      'y',
      Array.from({ length }, () => random.uniform()),
    ),
  );
};

describe('maximumMeanDiscrepancy', () => {
  it('is the unbiased estimator with the median distance of the real rows', () => {
    const real = table(numeric('x', [0, 5, 10]));
    const result = maximumMeanDiscrepancy(real, table(numeric('x', [0, 10])));
    // Places 0, ½, 1: distances ½, ½, 1, so σ = ½ and k = exp(-2 d²).
    expect(result.bandwidth).toBe(0.5);
    const [half, one] = [Math.exp(-0.5), Math.exp(-2)];
    const withinReal = (2 * half + one) / 3;
    const between = (1 + one + half + half + one + 1) / 6;
    expect(result.squared).toBeCloseTo(withinReal + one - 2 * between, 12);
    expect(result).toMatchObject({ realRows: 3, syntheticRows: 2 });
  });

  it('counts a category that differs, or a value that is missing, as 1', () => {
    const real = table(numeric('x', [0, 10]), categorical('c', ['a', 'b']));
    const result = maximumMeanDiscrepancy(real, table(numeric('x', [0, null]), categorical('c', ['a', 'z'])));
    // The real rows are √2 apart, k = exp(-d² / 4); the synthetic ones too; between them d² is 0, 2, 2 and 2.
    const two = Math.exp(-0.5);
    expect(result.squared).toBeCloseTo(two + two - (2 * (1 + 3 * two)) / 4, 12);
  });

  it('is about 0 for one law, above it for another, and takes a seeded sample', () => {
    const real = uniform(800, 1);
    expect(Math.abs(maximumMeanDiscrepancy(real, uniform(800, 2)).squared ?? 1)).toBeLessThan(0.003);
    expect(maximumMeanDiscrepancy(real, uniform(800, 2, 0.3)).squared).toBeGreaterThan(0.03);
    const sampled = maximumMeanDiscrepancy(real, uniform(800, 2), { maxRows: 100, seed: 3 });
    expect(sampled).toMatchObject({ realRows: 100, syntheticRows: 100 });
    expect(maximumMeanDiscrepancy(real, uniform(800, 2), { maxRows: 100, seed: 3 })).toEqual(sampled);
  });

  it('is unknown where all real rows are equal', () => {
    const constant = table(numeric('x', [1, 1]));
    expect(maximumMeanDiscrepancy(constant, constant)).toMatchObject({ squared: undefined, bandwidth: undefined });
    // Six of the ten distances are 0: those that differ are 1 apart.
    expect(maximumMeanDiscrepancy(table(numeric('x', [1, 1, 1, 1, 2])), constant).bandwidth).toBe(1);
  });
});

describe('precisionRecall', () => {
  it('counts balls to the first neighbour', () => {
    const real = table(numeric('x', [0, 1, 10]));
    const synthetic = table(numeric('x', [0.5, 5, 5.2]));
    // Real balls: [-1, 1], [0, 2], [1, 19]. 0.5 is in two, 5 and 5.2 in one each.
    // Synthetic balls: 0.5 ± 4.5 holds 0 and 1; the other two (± 0.2) hold no real row.
    expect(precisionRecall(real, synthetic, { neighbours: 1 })).toEqual({
      ...{ precision: 1, recall: 2 / 3, density: 4 / 3, coverage: 1 },
      ...{ neighbours: 1, realRows: 3, syntheticRows: 3 },
    });
  });

  it('is 0 for rows elsewhere and keeps an outlier from counting for more than its ball', () => {
    const real = table(numeric('x', [0, 1, 2, 100]));
    const far = table(numeric('x', [40, 41, 42, 43]));
    // The outlier's ball [2, 198] holds them all: precision is fooled, density and coverage less.
    expect(precisionRecall(real, far, { neighbours: 1 })).toMatchObject({
      ...{ precision: 1, recall: 0, density: 1, coverage: 0.25 },
    });
    expect(precisionRecall(far, real, { neighbours: 1 })).toMatchObject({ precision: 0, coverage: 0 });
  });

  it('counts copies of rows that repeat', () => {
    const repeated = table(categorical('c', ['a', 'a', 'b', 'b']));
    expect(precisionRecall(repeated, repeated, { neighbours: 1 })).toMatchObject({
      precision: 1,
      recall: 1,
      coverage: 1,
    });
  });

  it('is high for one law and says when there are too few rows', () => {
    const same = precisionRecall(uniform(600, 1), uniform(600, 2));
    for (const key of ['precision', 'recall', 'coverage'] as const) expect(same[key]).toBeGreaterThan(0.9);
    // E density = 1 for one law (Naeem et al. 2020, lemma 1).
    expect(same.density).toBeCloseTo(1, 1);
    expect(() => precisionRecall(uniform(5, 1), uniform(9, 2))).toThrow(
      'A table has 5 rows: 5 neighbours of a row take 6',
    );
  });
});
