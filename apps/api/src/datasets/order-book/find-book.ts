import type { DatasetColumn, OrderBook } from '@gan-dashboard/shared-types';
import type { DuckDbSession } from '../table/duckdb-session';
import { literal } from '../table/sql';
import { lobsterLevels, lobsterPriceUnit, orderBookLevels } from './book-header';
import { countFaults } from './book-sql';
import type { BookTable } from './book-sql';
import { inferTick } from './infer-tick';

/** Share of the rows that must be valid books for a table without a header to be proposed as one of LOBSTER. */
const lobsterShare = 0.5;

/** The rows of a Parquet file with their numbers. */
export function parquetRows(path: string): string {
  return `read_parquet(${literal(path)}, file_row_number = true)`;
}

/**
 * The order book of a table: found by its header and then used, or, where it has none, proposed by the shape of its
 * rows and left to people to switch on. Undefined where the table is none.
 */
export async function findBook(
  session: DuckDbSession,
  parquet: string,
  { columns, hasHeader, rows }: { columns: readonly DatasetColumn[]; hasHeader: boolean; rows: number },
): Promise<OrderBook | undefined> {
  const named = orderBookLevels(columns);
  const levels = named ?? (hasHeader ? null : lobsterLevels(columns));
  if (!levels) return undefined;
  const book: BookTable = { session, table: parquetRows(parquet), levels, columns };
  const tick = await inferTick(book);
  if (tick === undefined) return undefined;
  const faults = await countFaults(book, tick);
  if (named) return { is_used: true, source: 'header', levels, tick_size: tick, price_unit: 1, faults };
  if (rows - faults.faulty < lobsterShare * rows) return undefined;
  return { is_used: false, source: 'lobster', levels, tick_size: tick, price_unit: lobsterPriceUnit, faults };
}
