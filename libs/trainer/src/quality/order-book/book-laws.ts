import { ksComplement } from '../column-shapes';
import { meanOf } from '../mean';
import type { QualityTable } from '../table';
import { changesOf, rowsByKey } from '../series/sequences';
import { bookValues } from './book-columns';
import type { BookDescription, BookValues } from './book-columns';

export const bookLaws = ['spread', 'mid_return', 'imbalance', 'bid_depth', 'ask_depth'] as const;
export type BookLaw = (typeof bookLaws)[number];

/** The distribution of one quantity of an order book. */
export interface BookLawScore {
  law: BookLaw;
  /** From 1, the best; undefined where the law is of the whole book. */
  level: number | undefined;
  /** KSComplement, 0 to 1; undefined where a side has no values. */
  score: number | undefined;
  real: { mean: number | undefined };
  synthetic: { mean: number | undefined };
}

/** Values of one law, in its own unit. */
export interface BookLawValues {
  law: BookLaw;
  level: number | undefined;
  values: Float64Array;
}

/**
 * What the laws of an order book are laws of (LOB-Bench, Nagy et al. 2025, section 3): the spread (in ticks where
 * there is one, else in the unit of the prices), log returns of the mid price from row to row of a sequence, the
 * imbalance (bid - ask size) / (bid + ask size) over all levels, and the size at each level of each side.
 *
 * @throws QualityError where a column is absent or a category
 */
export function bookLawValues(table: QualityTable, book: BookDescription): BookLawValues[] {
  const values = bookValues(table, book);
  const { rowCount, levels } = values;
  const perRow = (of: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rowCount }, (_, row) => of(row)).filter((value) => !Number.isNaN(value));
  const best = levels[0];
  const bid = (row: number): number => best?.bidPrice[row] ?? Number.NaN;
  const ask = (row: number): number => best?.askPrice[row] ?? Number.NaN;
  const tick = book.tick ?? 1;
  return [
    { law: 'spread', level: undefined, values: perRow((row) => (ask(row) - bid(row)) / tick) },
    { law: 'mid_return', level: undefined, values: midReturns(table, values, book.key) },
    { law: 'imbalance', level: undefined, values: perRow((row) => imbalance(values, row)) },
    ...levels.flatMap(({ bidSize, askSize }, i): BookLawValues[] => [
      { law: 'bid_depth', level: i + 1, values: perRow((row) => bidSize[row] ?? Number.NaN) },
      { law: 'ask_depth', level: i + 1, values: perRow((row) => askSize[row] ?? Number.NaN) },
    ]),
  ];
}

/** Of the levels that the row has; 0 where nothing stands on either side. */
function imbalance({ levels }: BookValues, row: number): number {
  const sum = (side: 'bidSize' | 'askSize'): number =>
    levels.reduce((total, level) => total + (Number.isNaN(level[side][row]) ? 0 : (level[side][row] ?? 0)), 0);
  const [bids, asks] = [sum('bidSize'), sum('askSize')];
  return bids + asks === 0 ? 0 : (bids - asks) / (bids + asks);
}

function midReturns(table: QualityTable, { levels, rowCount }: BookValues, key: string | undefined): Float64Array {
  const best = levels[0];
  const mids = Float64Array.from(
    { length: rowCount },
    (_, row) => ((best?.bidPrice[row] ?? Number.NaN) + (best?.askPrice[row] ?? Number.NaN)) / 2,
  );
  const returns = rowsByKey(table, key).map((rows) =>
    changesOf(
      Float64Array.from(rows, (row) => mids[row] ?? Number.NaN),
      'log_returns',
    ),
  );
  return Float64Array.from(returns.flatMap((each) => Array.from(each))).filter((value) => !Number.isNaN(value));
}

/**
 * How far the laws of an order book agree.
 *
 * @throws QualityError where a column is absent or a category in either table
 */
export function bookLawScores(real: QualityTable, synthetic: QualityTable, book: BookDescription): BookLawScore[] {
  const others = bookLawValues(synthetic, book);
  return bookLawValues(real, book).map(({ law, level, values }, i) => {
    const other = others[i]?.values ?? new Float64Array();
    return {
      law,
      level,
      score: ksComplement(values, other),
      real: { mean: meanOf(values) },
      synthetic: { mean: meanOf(other) },
    };
  });
}
