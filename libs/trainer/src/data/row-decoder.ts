import type { Cell } from '@gan-dashboard/shared-types';
import type { Random } from '../random/random';
import { categoryWriter, idWriter, quantityWriter } from './cell-writers';
import type { ColumnTransform, NumericTransform } from './column-transform';
import type { Layout, Span } from './layout';
import { decodeNumber } from './numeric-transform';

export interface RowPlace {
  /** Encoded rows `[rows, layout.width]`. */
  outputs: Float32Array;
  /** Where the row begins in `outputs`. */
  offset: number;
  /** Number of the row in the whole sample, from 0. */
  row: number;
}

type ColumnDecoder = (place: RowPlace, random: Random) => Cell;

/**
 * Turns encoded rows back into rows of the source: its types, spelling, decimals and ranges.
 *
 * @param seed names the sample: text ids of two samples differ
 */
export function rowDecoder(transforms: readonly ColumnTransform[], layout: Layout, seed: number) {
  const decoders = transforms.map((transform, index) => decoderOf(transform, layout.spans[index] ?? null, seed));
  return (place: RowPlace, random: Random): Cell[] => decoders.map((decode) => decode(place, random));
}

function decoderOf(transform: ColumnTransform, span: Span | null, seed: number): ColumnDecoder {
  if (transform.kind === 'constant') return () => transform.value;
  if (transform.kind === 'id') {
    const write = idWriter(transform.column, seed);
    return ({ row }) => write(row);
  }
  if (!span) throw new Error(`column "${transform.column.name}" has no place in the encoded row`);
  if (transform.kind === 'numeric') return numericDecoder(transform, span);
  if (transform.kind !== 'categorical') {
    throw new Error(`column "${transform.column.name}" was encoded as ${transform.kind}, which has no dense place`);
  }
  const write = categoryWriter(transform);
  return ({ outputs, offset }, random) => write(argmax(outputs, offset + span.start, span.width), random);
}

function numericDecoder({ column, map, grid }: NumericTransform, span: Span): ColumnDecoder {
  const write = quantityWriter({
    column,
    grid,
    decimals: column.type === 'number' ? (column.decimals ?? null) : null,
    smallest: map.x[0] ?? 0,
    largest: map.x.at(-1) ?? 0,
  });
  return ({ outputs, offset }) => {
    const start = offset + span.start;
    if (span.kind === 'optional_number' && at(outputs, start + 2) > at(outputs, start + 1)) return null;
    return write(decodeNumber(map, at(outputs, start)));
  };
}

function argmax(values: Float32Array, start: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (at(values, start + i) > at(values, start + best)) best = i;
  return best;
}

function at(values: Float32Array, index: number): number {
  return values[index] ?? 0;
}
