import type { Cell } from '@gan-dashboard/shared-types';
import { z } from 'zod';
import { columnTransformSchema } from '../column-transform';
import type { ColumnTransform } from '../column-transform';
import { codeWidth, decodeBook } from './book-code';
import type { Book, BookScale } from './book-code';
import type { BookState } from './book-state';
import { priceGrid } from './price-grid';

/** The book that the columns of a trained model are part of, with the transforms that its networks know. */
export interface LearnedBook {
  state: BookState;
  encoded: ColumnTransform[];
}

/** The book among transforms; null where there is none. */
export function learnedBook(transforms: readonly ColumnTransform[]): LearnedBook | null {
  for (const transform of transforms) {
    if (transform.kind !== 'continuous' || !transform.book) continue;
    const state = transform.book;
    return { state, encoded: z.array(columnTransformSchema).parse(state.encoded) };
  }
  return null;
}

/** Where a cell of the source comes from: another cell of the encoded row, or a place in the book. */
interface Origin {
  kind: 'cell' | 'price' | 'size';
  place: number;
  write: (value: number) => number;
}

/** Turns rows of the encoded columns into rows of the source, in its order of columns. */
export function bookRowDecoder(transforms: readonly ColumnTransform[], { state, encoded }: LearnedBook) {
  const placeOf = new Map(encoded.map(({ column }, index) => [column.name, index]));
  const codePlaces = state.code.map((name) => placeOf.get(name) ?? -1);
  const levels = state.levels.length;
  const scale: BookScale = {
    levels,
    startMid: state.start_mid,
    hasPositivePrices: state.has_positive_prices,
    sizes: state.sizes,
  };
  const origins = transforms.map((transform) => originOf(transform, state) ?? plainOrigin(transform, placeOf));
  const code = new Float64Array(codeWidth(levels));
  const book: Book = { prices: new Float64Array(2 * levels), sizes: new Float64Array(2 * levels) };
  return (row: readonly Cell[]): Cell[] => {
    codePlaces.forEach((place, index) => {
      const cell = row[place];
      code[index] = typeof cell === 'number' ? cell : 0;
    });
    decodeBook(code, scale, book);
    return origins.map(({ kind, place, write }) => {
      if (kind === 'cell') return row[place] ?? null;
      return write((kind === 'price' ? book.prices : book.sizes)[place] ?? 0);
    });
  };
}

function plainOrigin({ column }: ColumnTransform, placeOf: Map<string, number>): Origin {
  return { kind: 'cell', place: placeOf.get(column.name) ?? -1, write: (value) => value };
}

function originOf({ column }: ColumnTransform, { levels, tick, sizes }: BookState): Origin | null {
  const depth = levels.findIndex((level) => Object.values(level).includes(column.name));
  const level = levels[depth];
  if (!level) return null;
  const isBid = level.bid_price === column.name || level.bid_size === column.name;
  const place = isBid ? levels.length - 1 - depth : levels.length + depth;
  if (level.bid_price === column.name || level.ask_price === column.name) {
    return { kind: 'price', place, write: priceGrid(tick, column).priceOf };
  }
  // Steps such as 0.1 do not add up exactly.
  const step = sizes[place]?.step ?? 1;
  const write = step > 0 && step < 1 ? (value: number) => Number(value.toFixed(12)) : (value: number) => value;
  return { kind: 'size', place, write };
}
