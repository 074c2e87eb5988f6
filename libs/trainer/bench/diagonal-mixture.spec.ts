import { describe, expect, it } from 'vitest';
import { Random } from '../src/random/random';
import { drawPoints, fitMixture, meanLogLikelihood } from './diagonal-mixture';
import { simulatedData } from './simulated-data';

/** What real rows are published to score (Xu et al. 2019, table 2). */
const published: Record<string, number> = { ring: -1.7, grid: -3.06 };

describe.each(simulatedData)('the simulated data $name', ({ name, mixture, fittedComponents }) => {
  const points = drawPoints(mixture, 10_000, Random.of(1));

  it('is as likely under itself as published', () => {
    expect(meanLogLikelihood(mixture, points)).toBeCloseTo(published[name] ?? Number.NaN, 1);
  });

  it('is found again by a mixture that is fitted to its points', () => {
    const fitted = fitMixture(points.slice(0, 4_000), fittedComponents, Random.of(2));
    expect(fitted.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 6);
    const loss = meanLogLikelihood(mixture, points) - meanLogLikelihood(fitted, points);
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(0.1);
  });
});

describe('the density of a mixture', () => {
  it('is that of a normal distribution where there is one component', () => {
    const mixture = [{ weight: 1, mean: [1, -2], variance: [4, 9] }] as const;
    expect(meanLogLikelihood(mixture, [[3, 1]])).toBeCloseTo(-Math.log(2 * Math.PI * 6) - 1, 12);
  });
});
