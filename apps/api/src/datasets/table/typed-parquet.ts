import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { readNullValues } from './import-csv';
import type { DuckDbSession } from './duckdb-session';
import { parquetOptions } from './parquet-options';
import { isoTimestamp } from './column-types';
import { identifier, literal, literals } from './sql';

/**
 * Writes a CSV whose columns are known (comma, double quotes, UTF-8, header) as Parquet. Unlike an import it takes
 * no bad cell: the file was written for these columns.
 *
 * @returns the number of rows.
 */
export async function writeTypedParquet(
  session: DuckDbSession,
  { csv, parquet, columns }: { csv: string; parquet: string; columns: readonly DatasetColumn[] },
): Promise<number> {
  const raw = columns.map((_, index) => `'c${index + 1}': 'VARCHAR'`).join(', ');
  const typed = columns.map((column, index) => `${typedCell(`c${index + 1}`, column)} AS ${identifier(column.name)}`);
  await session.run(`
    COPY (SELECT ${typed.join(', ')} FROM read_csv(${literal(csv)}, auto_detect = false, delim = ',', quote = '"',
      escape = '"', header = true, skip = 0, columns = {${raw}}, nullstr = ${literals(readNullValues)}))
    TO ${literal(parquet)} ${parquetOptions(columns.length)}`);
  return session.number(`SELECT count(*)::DOUBLE FROM read_parquet(${literal(parquet)})`);
}

function typedCell(cell: string, column: DatasetColumn): string {
  const trimmed = `trim(${cell})`;
  switch (column.type) {
    case 'integer':
      return `CAST(${trimmed} AS BIGINT)`;
    case 'number':
      return `CAST(${trimmed} AS DOUBLE)`;
    case 'boolean':
      return `CAST(${trimmed} AS BOOLEAN)`;
    case 'date':
    case 'datetime': {
      const type = column.type === 'date' ? 'DATE' : 'TIMESTAMP';
      if (!column.datetime_format) return column.type === 'date' ? `CAST(${trimmed} AS DATE)` : isoTimestamp(cell);
      return `CAST(strptime(${trimmed}, ${literal(column.datetime_format)}) AS ${type})`;
    }
    case 'text':
      return cell;
  }
}
