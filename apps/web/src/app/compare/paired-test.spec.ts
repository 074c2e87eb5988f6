import { pairedTest, signFlipP, twoSidedP } from './paired-test';

describe('the paired test', () => {
  it('is what the formulas give by hand', () => {
    // Differences 1, 2, 3: mean 2, sd 1, t = 2 / (1 / √3) = 3.4641. With two degrees of freedom
    // P(|T| ≥ t) = 1 − t / √(t² + 2) = 1 − 3.4641 / √14 = 0.07418; the 0.975 quantile is 4.30265.
    const result = pairedTest([1, 2, 3]);
    expect(result).toMatchObject({ pairs: 3, mean: 2, sd: 1 });
    expect(result?.t).toBeCloseTo(2 * Math.sqrt(3), 12);
    expect(result?.p).toBeCloseTo(1 - (2 * Math.sqrt(3)) / Math.sqrt(14), 9);
    expect(result?.low).toBeCloseTo(2 - 4.302653 / Math.sqrt(3), 5);
    expect(result?.high).toBeCloseTo(2 + 4.302653 / Math.sqrt(3), 5);
    // Of 8 signs only + + + and − − − sum to 6 or more in size.
    expect(result?.permutationP).toBe(0.25);
  });

  it.each([
    // One degree of freedom is Cauchy's law: P(|T| ≥ 1) = 1/2. Tables give the others.
    [1, 1, 0.5],
    [12.7062, 1, 0.05],
    [2.570582, 5, 0.05],
    [3.169273, 10, 0.01],
    [1.959964, 1e7, 0.05],
    [0, 4, 1],
  ])('P(|T| ≥ %f) with %i degrees of freedom is %f', (t, freedom, p) => {
    expect(twoSidedP(t, freedom)).toBeCloseTo(p, 5);
  });

  it('counts the signs that lead as far', () => {
    // Sums of ±1 ±1 ±1 ±5: 8, 6 (3 times) and their negatives are at least 6.
    expect(signFlipP([1, 1, -1, 5])).toBe(8 / 16);
    expect(signFlipP([2, 2, 2, 2, 2])).toBe(2 / 32);
  });

  it('says nothing of one pair, and is sure of differences without any noise', () => {
    expect(pairedTest([1])).toBeNull();
    expect(pairedTest([3, 3, 3])).toMatchObject({ p: 0, low: 3, high: 3, permutationP: 0.25 });
    expect(pairedTest([0, 0])).toMatchObject({ t: 0, p: 1, permutationP: 1 });
  });
});
