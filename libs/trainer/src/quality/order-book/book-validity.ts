import { bookValues } from './book-columns';
import type { BookDescription, BookValues } from './book-columns';
import type { QualityTable } from '../table';

/** How far the rows are books at all. Shares of 0 to 1. */
export interface BookValidity {
  /** Rows with both best prices: those that are judged. */
  rows: number;
  /** Share of the rows whose best bid is at or above the best ask. */
  crossed: number;
  /** Share of the rows in which a bid is not below the bid before it, or an ask not above the ask before it. */
  misordered: number;
  /** Share of the rows with a size at or below 0. */
  nonPositiveSizes: number;
  /** Share of all prices that are no multiple of the tick; undefined without a tick. */
  offTick: number | undefined;
}

/** How far from a multiple a price may be, in ticks: prices that were written with a few digits are rarely exact. */
const TICK_TOLERANCE = 1e-6;

/**
 * Whether the rows keep the laws that every order book keeps. A missing level is left out: an order book may be
 * shallow.
 *
 * @throws QualityError where a column is absent or a category
 */
export function bookValidity(table: QualityTable, book: BookDescription): BookValidity {
  const values = bookValues(table, book);
  const count = { rows: 0, crossed: 0, misordered: 0, sizes: 0, prices: 0, offTick: 0 };
  for (let row = 0; row < values.rowCount; row++) {
    const [bid, ask] = [values.levels[0]?.bidPrice[row] ?? Number.NaN, values.levels[0]?.askPrice[row] ?? Number.NaN];
    if (Number.isNaN(bid + ask)) continue;
    count.rows++;
    if (bid >= ask) count.crossed++;
    if (isMisordered(values, row)) count.misordered++;
    if (values.levels.some(({ bidSize, askSize }) => (bidSize[row] ?? 1) <= 0 || (askSize[row] ?? 1) <= 0))
      count.sizes++;
    if (book.tick !== undefined) countOffTick(values, { row, tick: book.tick, count });
  }
  const share = (part: number): number => (count.rows === 0 ? 0 : part / count.rows);
  return {
    rows: count.rows,
    crossed: share(count.crossed),
    misordered: share(count.misordered),
    nonPositiveSizes: share(count.sizes),
    offTick: book.tick === undefined || count.prices === 0 ? undefined : count.offTick / count.prices,
  };
}

function isMisordered({ levels }: BookValues, row: number): boolean {
  return levels.some((level, i) => {
    const before = levels[i - 1];
    // Comparisons with a missing price are false.
    return (
      before !== undefined &&
      ((level.bidPrice[row] ?? 0) >= (before.bidPrice[row] ?? 0) ||
        (level.askPrice[row] ?? 0) <= (before.askPrice[row] ?? 0))
    );
  });
}

function countOffTick(
  { levels }: BookValues,
  { row, tick, count }: { row: number; tick: number; count: { prices: number; offTick: number } },
): void {
  for (const { bidPrice, askPrice } of levels) {
    for (const price of [bidPrice[row] ?? Number.NaN, askPrice[row] ?? Number.NaN]) {
      if (Number.isNaN(price)) continue;
      count.prices++;
      const ticks = price / tick;
      if (Math.abs(ticks - Math.round(ticks)) > TICK_TOLERANCE) count.offTick++;
    }
  }
}
