import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digamma, logBeta, logGamma } from './special-functions';

const positive = fc.double({ min: 1e-3, max: 1e5, noNaN: true });

describe('digamma and the logarithm of the gamma function', () => {
  it('have their known values', () => {
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 12);
    expect(digamma(0.5)).toBeCloseTo(-1.9635100260214235, 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
    expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 11);
    expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 12);
  });

  it('keep their recurrences', () => {
    fc.assert(
      fc.property(positive, (x) => {
        expect(Math.abs(digamma(x + 1) - digamma(x) - 1 / x)).toBeLessThan(1e-10 * Math.max(1, 1 / x));
        expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(1e-10 * Math.max(1, logGamma(x + 1)));
      }),
    );
  });

  it('refuse what they are not defined for', () => {
    expect(() => digamma(0)).toThrow(RangeError);
    expect(() => logGamma(-1)).toThrow('-1');
  });
});
