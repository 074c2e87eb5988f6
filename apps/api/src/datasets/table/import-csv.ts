import { rejectedRows, rejectReasons } from './rejects';
import type { RejectedRow } from '@gan-dashboard/shared-types';
import type { DuckDbSession } from './duckdb-session';
import { ImportError } from './import-error';
import type { Dialect } from './reading/records';
import type { RecordCount } from './reading/record-scanner';
import { parquetOptions } from './parquet-options';
import { literal, literals } from './sql';

/** Cells that mean "no value", exactly as written. */
export const readNullValues = ['', 'NA', 'N/A', 'null', 'NULL', 'None', 'NaN', 'nan', '?', ' ?'];

/** Longest line in bytes; a longer one is rejected. */
export const maximumLine = 2_000_000;

export interface RawImport {
  csv: string;
  rawParquet: string;
  dialect: Dialect;
  hasHeader: boolean;
  names: readonly string[];
}

export interface RawRows {
  rows: number;
  rejected: number;
  rejectedRows: RejectedRow[];
}

/**
 * Reads every record of a CSV as text into Parquet, in the order of the file. Nothing is detected here: each option
 * is given, as DuckDB's own detection may drop rows without a word (duckdb/duckdb#25827).
 */
export async function importRaw(session: DuckDbSession, source: RawImport): Promise<RawRows> {
  const columns = source.names.map((_, index) => `'c${index + 1}': 'VARCHAR'`).join(', ');
  const { delimiter, quote } = source.dialect;
  await session.run(`
    COPY (SELECT * FROM read_csv(${literal(source.csv)}, auto_detect = false, delim = ${literal(delimiter)},
      quote = ${literal(quote)}, escape = ${literal(quote)}, header = ${source.hasHeader}, skip = 0,
      columns = {${columns}}, nullstr = ${literals(readNullValues)}, max_line_size = ${maximumLine},
      store_rejects = true, rejects_table = 'rejects', rejects_scan = 'reject_scans', rejects_limit = 0))
    TO ${literal(source.rawParquet)} ${parquetOptions(source.names.length)}`);
  const rows = await session.number(`SELECT count(*)::DOUBLE FROM read_parquet(${literal(source.rawParquet)})`);
  const rejected = await session.number('SELECT count(DISTINCT line_byte_position)::DOUBLE FROM rejects');
  return { rows, rejected, rejectedRows: await rejectedRows(session, source.names) };
}

/**
 * Compares what was read with an independent count of the file's records. A difference is never silent.
 *
 * @throws ImportError where rows vanished without a reject.
 */
export function crossCheck(
  read: RawRows,
  counted: RecordCount,
  { hasHeader, delimiter }: { hasHeader: boolean; delimiter: string },
): string[] {
  const expected = counted.records - (hasHeader ? 1 : 0);
  const warnings: string[] = [];
  const number = (count: number) => count.toLocaleString('en');
  if (read.rows + read.rejected < expected) {
    throw new ImportError(
      `The file has ${number(expected)} rows below its header, but only ${number(read.rows)} could be read and ` +
        `${number(read.rejected)} were rejected (delimiter ${JSON.stringify(delimiter)}). ` +
        'Check its quotes and line ends, save it again as plain CSV, and try once more.',
    );
  }
  if (read.rows + read.rejected > expected) {
    warnings.push(
      `${number(read.rows)} rows were read and ${number(read.rejected)} rejected, where ${number(expected)} records ` +
        'were counted: some quotes in the file are not closed as they should be.',
    );
  }
  if (counted.blankLines > 0) warnings.push(`${number(counted.blankLines)} blank line(s) were skipped.`);
  if (read.rejected > 0) {
    const reasons = rejectReasons(read.rejectedRows);
    warnings.push(`${number(read.rejected)} of ${number(expected)} rows were rejected and left out: ${reasons}.`);
  }
  return warnings;
}
