import type { DuckDbSession } from '../table/duckdb-session';
import { ImportError } from '../table/import-error';
import type { OrderBookJob, OrderBookResult } from '../table/table-protocol';
import { writeTypedParquet } from '../table/typed-parquet';
import { bookPicture } from './book-picture';
import { countFaults } from './book-sql';
import type { BookTable } from './book-sql';
import { parquetRows } from './find-book';
import { inferTick } from './infer-tick';

/**
 * Does the job `order-book`.
 *
 * @throws ImportError where the levels have no price that a tick could be told from
 */
export async function lookAtBook(
  session: DuckDbSession,
  { csv, parquet }: { csv: string; parquet: string },
  { columns, levels, tick_size: given, is_csv: isCsv, is_drawn: isDrawn }: OrderBookJob,
): Promise<OrderBookResult> {
  if (isCsv) await writeTypedParquet(session, { csv, parquet, columns });
  const book: BookTable = { session, table: parquetRows(parquet), levels, columns };
  const tick = given ?? (await inferTick(book));
  if (tick === undefined) {
    throw new ImportError('The price columns of the order book hold no price above 0. Name other columns.');
  }
  const rows = await session.number(`SELECT count(*)::DOUBLE FROM ${book.table}`);
  const faults = await countFaults(book, tick);
  return { tick_size: tick, rows, faults, picture: isDrawn ? await bookPicture(book, tick) : null };
}
