import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeIntegers, IntegerReader } from './integers';

const integers = fc.array(
  fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer(), fc.maxSafeInteger(), fc.constant(1_795_428_000_000)),
  { maxLength: 200 },
);

describe('encodeIntegers', () => {
  it('gives back every array of several, whatever their numbers', () => {
    fc.assert(
      fc.property(fc.array(integers, { maxLength: 4 }), (arrays) => {
        const reader = new IntegerReader(Buffer.concat(arrays.map(encodeIntegers)));
        expect(arrays.map(({ length }) => Array.from(reader.read(length)))).toEqual(
          arrays.map((array) => array.map((value) => value + 0)),
        );
      }),
    );
  });

  it('takes a few bytes for what rises evenly, and about one for a time with jitter', () => {
    const steps = Float64Array.from({ length: 4_096 }, (_, index) => 1_000_000 + 5 * index);
    expect(encodeIntegers(steps).length).toBeLessThan(12);
    const times = steps.map((_, index) => 1_795_428_000_000 + 40 * index + ((index * 7) % 13));
    expect(encodeIntegers(times).length).toBeLessThan(1.1 * 4_096);
  });

  it('refuses what it could not give back, and bytes that end too soon', () => {
    expect(() => encodeIntegers([1, 2.5])).toThrow('value 1 is 2.5');
    expect(() => encodeIntegers([2 ** 60])).toThrow(RangeError);
    expect(() => new IntegerReader(encodeIntegers([1, 2, 9]).subarray(0, 3)).read(3)).toThrow('end after 3 bytes');
    expect(() => new IntegerReader(Buffer.of(7)).read(1)).toThrow('unknown form 7');
    expect(() => new IntegerReader(encodeIntegers([2 ** 52]).subarray(0, 5)).read(1)).toThrow('hold no 1 doubles');
  });
});
