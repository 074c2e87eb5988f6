import { describe, expect, it } from 'vitest';
import { ksComplement } from '@gan-dashboard/trainer';
import { tvComplement } from './similarity';

const numbers = (...values: number[]) => Float64Array.from(values);

describe('the KS complement', () => {
  it('is 1 for the same distribution, whatever the order and the number of values', () => {
    expect(ksComplement(numbers(3, 1, 2), numbers(1, 2, 3))).toBe(1);
    expect(ksComplement(numbers(1, 2), numbers(2, 2, 1, 1))).toBe(1);
  });

  it('is 0 where no value of one is within the other', () => {
    expect(ksComplement(numbers(1, 2), numbers(3, 4))).toBe(0);
    expect(ksComplement(numbers(3, 4), numbers(1, 2))).toBe(0);
  });

  it('is one minus the largest distance of the distribution functions', () => {
    // At 2: 2/4 of the first, 1/4 of the second.
    expect(ksComplement(numbers(1, 2, 3, 4), numbers(2, 3, 4, 5))).toBeCloseTo(0.75);
    // At 0, which is tied: 3/4 and 1/4.
    expect(ksComplement(numbers(0, 0, 0, 1), numbers(0, 1, 1, 1))).toBeCloseTo(0.5);
  });

  it('compares nothing with nothing', () => {
    expect(ksComplement(numbers(), numbers(1))).toBeUndefined();
    expect(ksComplement(numbers(1), numbers())).toBeUndefined();
  });
});

describe('the TV complement', () => {
  const counts = (entries: Record<string, number>) => new Map(Object.entries(entries));

  it('is 1 for the same shares and 0 for no value in common', () => {
    expect(tvComplement(counts({ a: 1, b: 3 }), counts({ b: 30, a: 10 }))).toBe(1);
    expect(tvComplement(counts({ a: 1 }), counts({ b: 1 }))).toBe(0);
  });

  it('is one minus half the differences of the shares', () => {
    expect(tvComplement(counts({ a: 1, b: 1 }), counts({ a: 1, b: 1, c: 2 }))).toBeCloseTo(0.5);
  });

  it('compares nothing with nothing', () => {
    expect(tvComplement(counts({}), counts({ a: 1 }))).toBeUndefined();
  });
});
