import { QualityError } from '../table';
import type { QualityTable } from '../table';

/** Names of the columns of one level. */
export interface BookLevelColumns {
  bidPrice: string;
  bidSize: string;
  askPrice: string;
  askSize: string;
}

/** Which columns of a table make up an order book. */
export interface BookDescription {
  /** From the best prices outwards. */
  levels: readonly BookLevelColumns[];
  /** Smallest step of prices, in the unit of the prices. Without it off-tick prices are not looked for. */
  tick?: number;
  /** Column of the sequence or instrument: mid returns never reach from one into the next. */
  key?: string;
}

/** Values by level, each [rows]; NaN is missing. */
export interface BookValues {
  rowCount: number;
  levels: Record<keyof BookLevelColumns, Float64Array>[];
}

const header = /^(bid|ask)_(price|size)_(\d+)$/i;

/**
 * The levels that a header names as bid_price_1, bid_size_1, ask_price_1, ask_size_1, bid_price_2 …, as far as every
 * level has all four. Undefined where there is no first level.
 */
export function bookLevelsOf(names: readonly string[]): BookLevelColumns[] | undefined {
  const found = new Map<string, string>();
  for (const name of names) {
    const [, side, what, level] = header.exec(name) ?? [];
    if (side && what && level) found.set(`${side}_${what}_${Number(level)}`.toLowerCase(), name);
  }
  const levels: BookLevelColumns[] = [];
  for (let level = 1; ; level++) {
    const [bidPrice, bidSize, askPrice, askSize] = ['bid_price', 'bid_size', 'ask_price', 'ask_size'].map((part) =>
      found.get(`${part}_${level}`),
    );
    if (!bidPrice || !bidSize || !askPrice || !askSize) break;
    levels.push({ bidPrice, bidSize, askPrice, askSize });
  }
  return levels.length === 0 ? undefined : levels;
}

/** @throws QualityError where there are no levels, or a named column is absent or a category */
export function bookValues(table: QualityTable, { levels }: BookDescription): BookValues {
  if (levels.length === 0) throw new QualityError('An order book takes at least one level of prices and sizes.');
  const values = (name: string): Float64Array => {
    const data = table.columns.find((column) => column.name === name)?.data;
    if (data?.kind === 'quantity') return data.values;
    const what = data ? `holds the column "${name}" as a category` : `lacks the column "${name}"`;
    throw new QualityError(
      `The table ${what}, which the order book takes as a number. Correct the levels of the book.`,
    );
  };
  return {
    rowCount: table.rowCount,
    levels: levels.map((level) => ({
      bidPrice: values(level.bidPrice),
      bidSize: values(level.bidSize),
      askPrice: values(level.askPrice),
      askSize: values(level.askSize),
    })),
  };
}
