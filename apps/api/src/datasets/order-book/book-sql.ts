import type { BookFaults, BookLevel, DatasetColumn } from '@gan-dashboard/shared-types';
import type { DuckDbSession } from '../table/duckdb-session';
import { identifier } from '../table/sql';

/** A table of SQL that an order book stands in. */
export interface BookTable {
  session: DuckDbSession;
  /** What stands behind FROM. */
  table: string;
  levels: readonly BookLevel[];
  columns: readonly DatasetColumn[];
}

const priceKeys = ['bid_price', 'ask_price'] as const;
const sizeKeys = ['bid_size', 'ask_size'] as const;

export function priceColumns(levels: readonly BookLevel[]): string[] {
  return levels.flatMap((level) => priceKeys.map((key) => level[key]));
}

/** The step that a price is off by at most, where the source wrote the tick with fewer decimals than it has. */
function toleranceOf(tick: number, decimals: number | undefined): number {
  if (decimals === undefined) return 0;
  return Number(tick.toFixed(decimals)) === tick ? 0 : 0.5 * 10 ** -decimals;
}

/** Whether a price lies on the tick grid, or is a tick that was rounded to the column's decimals. */
export function onTick(price: string, tick: number, decimals: number | undefined): string {
  const rounding = `1e-9 * greatest(${tick}, abs(${price}) * 1e-3)`;
  return `abs(${price} - round(${price} / ${tick}) * ${tick}) <= ${toleranceOf(tick, decimals)} + ${rounding}`;
}

/** Conditions on a row, by the fault that they find. */
export function faultConditions({ levels, columns }: Omit<BookTable, 'session' | 'table'>, tick: number) {
  const decimals = new Map(columns.map(({ name, decimals: count }) => [name, count]));
  const sql = (name: string) => `${identifier(name)}::DOUBLE`;
  const [best] = levels;
  const any = (conditions: string[]) => `coalesce(${conditions.join(' OR ') || 'false'}, false)`;
  const anyOf = (conditions: string[]) => conditions.map((condition) => any([condition])).join(' OR ') || 'false';
  const deeper = levels.slice(1).flatMap((level, index) => {
    const before = levels[index] as BookLevel;
    return [
      `${sql(level.bid_price)} >= ${sql(before.bid_price)}`,
      `${sql(level.ask_price)} <= ${sql(before.ask_price)}`,
    ];
  });
  const prices = priceColumns(levels);
  const sizes = levels.flatMap((level) => sizeKeys.map((key) => level[key]));
  return {
    crossed: best ? any([`${sql(best.bid_price)} >= ${sql(best.ask_price)}`]) : 'false',
    misordered: anyOf(deeper),
    non_positive_size: anyOf(sizes.map((name) => `${sql(name)} <= 0`)),
    off_tick: anyOf(prices.map((name) => `NOT (${onTick(sql(name), tick, decimals.get(name))})`)),
    missing: [...prices, ...sizes].map((name) => `${identifier(name)} IS NULL`).join(' OR '),
  } satisfies Record<Exclude<keyof BookFaults, 'faulty'>, string>;
}

/** Counts the rows that are no valid book. */
export async function countFaults(book: BookTable, tick: number): Promise<BookFaults> {
  const conditions = faultConditions(book, tick);
  const all = Object.values(conditions).map((condition) => `(${condition})`);
  const counts = await book.session.row(
    `SELECT ${[all.join(' OR '), ...all].map((condition) => `count_if(${condition})::DOUBLE`).join(', ')} FROM ${book.table}`,
  );
  const [faulty = 0, crossed = 0, misordered = 0, nonPositive = 0, offTick = 0, missing = 0] = counts.map(Number);
  return { faulty, crossed, misordered, non_positive_size: nonPositive, off_tick: offTick, missing };
}
