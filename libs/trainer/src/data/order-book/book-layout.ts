import type { BookQuantity, BookSide, DatasetColumn } from '@gan-dashboard/shared-types';
import { DataError } from '../errors';

/** The columns of one level of a book. */
export type LevelColumns = Record<`${BookSide}_${BookQuantity}`, DatasetColumn>;

/** Which columns of a table are an order book. */
export interface BookLayout {
  /** From the best on. */
  levels: LevelColumns[];
  /** The step that prices lie on, in the units of the columns. */
  tick: number;
}

const places = ['bid_price', 'bid_size', 'ask_price', 'ask_size'] as const;

/**
 * The book that columns say they are part of; null where none does. Columns that are excluded may be those of the
 * deepest levels.
 *
 * @throws DataError where a level is not whole, or a column of it is not learned as a number
 */
export function bookLayoutOf(columns: readonly DatasetColumn[]): BookLayout | null {
  const found = new Map<number, Partial<LevelColumns>>();
  let tick: number | undefined;
  for (const column of columns) {
    const { order_book: place, role } = column;
    if (!place || role === 'excluded') continue;
    if (role !== 'numeric') {
      throw new DataError(
        `Column "${column.name}" is part of the order book, but its role is ${role}. Give it the role numeric, or switch the order book of the data set off.`,
      );
    }
    const level = found.get(place.level) ?? {};
    level[`${place.side}_${place.quantity}`] = column;
    found.set(place.level, level);
    tick ??= place.tick_size;
  }
  if (found.size === 0) return null;
  if (tick === undefined) throw new DataError('The order book has no tick size. Set it on the data set.');
  const levels = [...found].sort(([a], [b]) => a - b);
  return { levels: levels.map(([level, given], index) => wholeLevel(level, given, index)), tick };
}

function wholeLevel(level: number, given: Partial<LevelColumns>, index: number): LevelColumns {
  const absent = places.filter((place) => given[place] === undefined).map((place) => place.replace('_', ' '));
  if (level !== index + 1 || absent.length > 0) {
    const what =
      level === index + 1 ? `level ${level} has no ${absent.join(' and no ')}` : `there is no level ${index + 1}`;
    throw new DataError(
      `The order book is not whole: ${what}. Exclude whole levels, from the deepest on, or switch the order book of the data set off.`,
    );
  }
  return given as LevelColumns;
}

/** The price columns from the lowest price to the highest of a valid book. */
export function pricesUpwards(levels: readonly LevelColumns[]): DatasetColumn[] {
  return [...levels.map((level) => level.bid_price).reverse(), ...levels.map((level) => level.ask_price)];
}

/** The size columns in the order of `pricesUpwards`. */
export function sizesUpwards(levels: readonly LevelColumns[]): DatasetColumn[] {
  return [...levels.map((level) => level.bid_size).reverse(), ...levels.map((level) => level.ask_size)];
}
