import { describe, expect, it } from 'vitest';
import { fromWireNumber, toWireNumber, wireNumberSchema } from './wire-number';

describe('a number on the wire', () => {
  it.each([0, -0, 1.5, -1e-300, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, NaN, Infinity, -Infinity])(
    '%s survives JSON',
    (value) => {
      const sent: unknown = JSON.parse(JSON.stringify({ value: toWireNumber(value) }));
      const { value: received } = sent as { value: unknown };
      // JSON itself has no negative zero.
      expect(fromWireNumber(wireNumberSchema.parse(received))).toBe(Object.is(value, -0) ? 0 : value);
    },
  );

  it('spells what JSON has no word for', () => {
    expect([NaN, Infinity, -Infinity].map(toWireNumber)).toEqual(['NaN', 'Infinity', '-Infinity']);
  });

  it.each(['1', 'nan', '+Infinity', '', null, undefined, true, NaN, Infinity])('is not %j', (value) => {
    expect(wireNumberSchema.safeParse(value).success).toBe(false);
  });
});
