import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../random/random';
import { decodeNumber, encodeNumber, fitNumericMap, intervalOf } from './numeric-transform';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }).map((value) => value + 0);
const tables = fc
  .array(fc.oneof(finite, fc.constantFrom(0, 1, -3.5)), { minLength: 2, maxLength: 3000 })
  .filter((values) => new Set(values).size > 1);

describe('the numeric map', () => {
  it('gives every value back', () => {
    fc.assert(
      fc.property(tables, fc.nat(), (values, seed) => {
        const map = fitNumericMap(Float64Array.from(values));
        const random = Random.of(seed);
        const span = Math.max(...values) - Math.min(...values);
        for (const value of values) {
          const place = encodeNumber(map, value, random);
          expect(place).toBeGreaterThanOrEqual(-1);
          expect(place).toBeLessThanOrEqual(1);
          expect(Math.abs(decodeNumber(map, place) - value)).toBeLessThanOrEqual(1e-9 * span);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('stays within the values that were seen', () => {
    fc.assert(
      fc.property(tables, fc.double({ min: -2, max: 2, noNaN: true }), (values, place) => {
        const decoded = decodeNumber(fitNumericMap(Float64Array.from(values)), place);
        expect(decoded).toBeGreaterThanOrEqual(Math.min(...values));
        expect(decoded).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });

  it('gives a value that many rows share an interval as wide as its share, and exactly that value back', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => (i < 900 ? 0 : i));
    const map = fitNumericMap(values);
    const { low, high } = intervalOf(map, 0);
    expect([low, high]).toEqual([0, 0.9]);
    const random = Random.of(1);
    const places = Array.from({ length: 200 }, () => encodeNumber(map, 0, random));
    expect(new Set(places).size).toBeGreaterThan(190);
    expect(places.every((place) => decodeNumber(map, place) === 0)).toBe(true);
  });

  it('makes a long-tailed column about uniform', () => {
    const random = Random.of(2);
    const values = Float64Array.from(random.fillNormal(new Float32Array(20_000)), (value) => Math.exp(3 * value));
    const map = fitNumericMap(values);
    const places = Array.from(values, (value) => encodeNumber(map, value, random));
    for (const quarter of [-0.5, 0, 0.5]) {
      const share = places.filter((place) => place < quarter).length / places.length;
      expect(Math.abs(share - (quarter + 1) / 2)).toBeLessThan(0.005);
    }
    expect(map.x.length).toBeLessThan(510);
  });

  it('refuses a constant', () => {
    expect(() => fitNumericMap(Float64Array.of(1, 1))).toThrow('two distinct');
  });
});
