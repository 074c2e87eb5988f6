import { describe, expect, it } from 'vitest';
import { pairedDifference } from './paired';

describe('the paired t interval', () => {
  it('is that of the differences', () => {
    // Differences 1, 2, 3: mean 2, standard deviation 1, t of 2 degrees of freedom 4.303.
    const { mean, standardError, low, high } = pairedDifference([2, 4, 6], [1, 2, 3]);
    expect(mean).toBe(2);
    expect(standardError).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect([low, high].map((value) => value.toFixed(3))).toEqual(['-0.484', '4.484']);
  });

  it('needs pairs, and more than one', () => {
    expect(() => pairedDifference([1], [1])).toThrow(RangeError);
    expect(() => pairedDifference([1, 2], [1])).toThrow(RangeError);
  });
});
