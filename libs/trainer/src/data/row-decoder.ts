import type { Cell } from '@gan-dashboard/shared-types';
import { mix } from '../random/random';
import type { Random } from '../random/random';
import { spell, timeWriterOf } from './column-transform';
import type { CategoricalTransform, ColumnTransform, NumericTransform } from './column-transform';
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
    if (transform.column.type !== 'text') return ({ row }) => row + 1;
    return ({ row }) => textId(seed, row);
  }
  if (!span) throw new Error(`column "${transform.column.name}" has no place in the encoded row`);
  return transform.kind === 'numeric' ? numericDecoder(transform, span) : categoricalDecoder(transform, span);
}

function numericDecoder(transform: NumericTransform, span: Span): ColumnDecoder {
  const { column, map, grid } = transform;
  const smallest = map.x[0] ?? 0;
  const largest = map.x.at(-1) ?? 0;
  const writeTime = column.role === 'datetime' ? timeWriterOf(column, grid?.step ?? 1) : null;
  return ({ outputs, offset }) => {
    const start = offset + span.start;
    if (span.kind === 'optional_number' && at(outputs, start + 2) > at(outputs, start + 1)) return null;
    const decoded = decodeNumber(map, at(outputs, start));
    const snapped = grid ? grid.origin + Math.round((decoded - grid.origin) / grid.step) * grid.step : decoded;
    const rounded = column.type === 'number' ? roundTo(snapped, column.decimals) : snapped;
    const value = Math.min(largest, Math.max(smallest, rounded));
    return writeTime ? writeTime(value) : value;
  };
}

function roundTo(value: number, decimals: number | undefined): number {
  return decimals === undefined ? value : Number(value.toFixed(decimals));
}

function categoricalDecoder(transform: CategoricalTransform, span: Span): ColumnDecoder {
  const { rest, column } = transform;
  const cells = transform.values.map((value) => spell(value, column));
  const drawRest = rest ? restDrawer(rest) : null;
  return ({ outputs, offset }, random) => {
    const slot = argmax(outputs, offset + span.start, span.width);
    const cell = cells[slot];
    if (cell !== undefined) return cell;
    if (!rest || !drawRest || slot !== cells.length) return null;
    const value = rest.values[drawRest(random)];
    return value === undefined ? null : spell(value, column);
  };
}

/** Draws an index by the true frequencies of the values that share the "other" slot. */
function restDrawer(rest: NonNullable<CategoricalTransform['rest']>): (random: Random) => number {
  let total = 0;
  const upTo = rest.counts.map((count) => (total += count));
  return (random) => {
    const drawn = random.uniform() * total;
    let low = 0;
    let high = upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? total) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

function argmax(values: Float32Array, start: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (at(values, start + i) > at(values, start + best)) best = i;
  return best;
}

/** Text that no other row of the sample has: `mix` maps different words to different words. */
function textId(seed: number, row: number): string {
  const word = mix(row ^ mix(seed));
  return `id-${word.toString(16).padStart(8, '0')}`;
}

function at(values: Float32Array, index: number): number {
  return values[index] ?? 0;
}
