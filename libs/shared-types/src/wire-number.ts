import * as z from 'zod';

/**
 * A number on the wire. JSON has no word for NaN and the infinities, so they travel as strings;
 * a value that was not measured is absent, never defaulted.
 */
export const wireNumberSchema = z
  .union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])
  .meta({ id: 'WireNumber', description: 'A number; NaN and the infinities travel as strings' });
export type WireNumber = z.infer<typeof wireNumberSchema>;

/** The wire form of any IEEE 754 double. */
export function toWireNumber(value: number): WireNumber {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

/** The double that a wire number stands for. */
export function fromWireNumber(value: WireNumber): number {
  return typeof value === 'number' ? value : Number(value);
}
