import type { DatasetColumn, DatasetStructure } from '@gan-dashboard/shared-types';
import { withBook } from '../order-book/book-marks';
import { findBook } from '../order-book/find-book';
import type { DuckDbSession } from './duckdb-session';
import { identifier, literal } from './sql';

/** Finds out what kind of table this is, and counts what is odd in it. */
export async function findStructure(
  session: DuckDbSession,
  parquet: string,
  { columns, hasHeader, rows }: { columns: readonly DatasetColumn[]; hasHeader: boolean; rows: number },
): Promise<DatasetStructure> {
  const book = await findBook(session, parquet, { columns, hasHeader, rows });
  const times = columns.filter(({ type }) => type === 'date' || type === 'datetime');
  const [time] = times;
  const isSeries = times.length === 1 && time === columns[0] && columns.some(({ role }) => role === 'numeric');
  if (!book && !isSeries) return { kind: 'table' };
  const structure: DatasetStructure = { kind: isSeries ? 'time_series' : 'table' };
  if (time) {
    structure.time_column = time.name;
    structure.repeated_timestamps = await repeatedTimes(session, parquet, time.name);
  }
  return book ? withBook(structure, book) : structure;
}

/** Rows that have the timestamp of the row before them in the file. */
function repeatedTimes(session: DuckDbSession, parquet: string, column: string): Promise<number> {
  const time = identifier(column);
  return session.number(`
    SELECT count_if(t = before)::DOUBLE FROM (
      SELECT ${time} AS t, lag(${time}) OVER (ORDER BY file_row_number) AS before
      FROM read_parquet(${literal(parquet)}, file_row_number = true))`);
}
