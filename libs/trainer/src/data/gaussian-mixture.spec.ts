import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../random/random';
import { ctganMixture, fitMixture } from './gaussian-mixture';
import { groupSorted } from './value-groups';

function drawn(size: number, modes: readonly { mean: number; std: number }[]): Float64Array {
  const noise = Random.of(3).fillNormal(new Float32Array(size));
  return Float64Array.from(noise, (value, i) => {
    const { mean = 0, std = 1 } = modes[i % modes.length] ?? {};
    return mean + std * value;
  });
}

describe('the Bayesian mixture', () => {
  it('finds the modes of a mixture, whatever their unit', () => {
    for (const unit of [1e-6, 1, 1e9]) {
      const modes = [-20, 0, 30].map((mean) => ({ mean: mean * unit, std: unit }));
      const components = fitMixture(drawn(6000, modes));
      for (const { mean } of modes) {
        const near = components.filter((component) => Math.abs(component.mean - mean) < unit);
        const weight = near.reduce((sum, component) => sum + component.weight, 0);
        expect(weight).toBeGreaterThan(0.31);
        expect(weight).toBeLessThan(0.35);
      }
      expect(components.length).toBeLessThan(10);
    }
  });

  it('gives weights, widths and order that can be worked with, for any values', () => {
    const value = fc.oneof(fc.constantFrom(0, 1e6, -3), fc.integer({ min: -1e9, max: 1e9 }));
    const values = fc.array(value, { minLength: 2, maxLength: 200 });
    fc.assert(
      fc.property(values, (given) => {
        fc.pre(new Set(given).size > 1);
        const components = fitMixture(Float64Array.from(given));
        expect(components.length).toBeGreaterThan(0);
        expect(components.length).toBeLessThanOrEqual(ctganMixture.maxComponents);
        expect(components.map(({ mean }) => mean)).toEqual(components.map(({ mean }) => mean).sort((a, b) => a - b));
        for (const { std, weight, log_offset: offset } of components) {
          expect(std).toBeGreaterThan(0);
          expect(weight).toBeGreaterThan(ctganMixture.smallestWeight);
          expect(Number.isFinite(offset)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for grouped values as for each by itself', () => {
    const values = drawn(3000, [{ mean: 0, std: 1 }, { mean: 9, std: 2 }]).sort();
    const groups = groupSorted(values, 300);
    expect(groups.mean.length).toBeLessThanOrEqual(300);
    const total = groups.count.reduce((sum, count) => sum + count, 0);
    const mean = groups.mean.reduce((sum, value, i) => sum + value * (groups.count[i] ?? 0), 0) / total;
    const square = groups.mean.reduce(
      (sum, value, i) => sum + (value * value + (groups.variance[i] ?? 0)) * (groups.count[i] ?? 0),
      0,
    );
    expect(total).toBe(values.length);
    expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 9);
    expect(square).toBeCloseTo(values.reduce((sum, value) => sum + value * value, 0), 6);
  });

  it('refuses a constant', () => {
    expect(() => fitMixture(Float64Array.of(2, 2, 2))).toThrow('two distinct');
  });
});
