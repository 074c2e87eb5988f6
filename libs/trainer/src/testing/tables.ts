import { DuckDBInstance } from '@duckdb/node-api';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import type { SourceColumn, SourceTable } from '../data/parquet';

/** A column as the API describes it, with what the test does not care about filled in. */
export function column(given: Partial<DatasetColumn> & Pick<DatasetColumn, 'name' | 'type' | 'role'>): DatasetColumn {
  return { missing: 0, distinct: 2, ...given };
}

export function quantities(values: readonly (number | null)[]): SourceColumn {
  return { kind: 'quantity', values: Float64Array.from(values, (value) => value ?? Number.NaN) };
}

export function categories(cells: readonly (string | number | boolean | null)[]): SourceColumn {
  const values = [...new Set(cells.filter((cell) => cell !== null))];
  return {
    kind: 'category',
    codes: Int32Array.from(cells, (cell) => (cell === null ? -1 : values.indexOf(cell))),
    values,
  };
}

/** A table in memory, by column name. */
export function memoryTable(columns: Record<string, SourceColumn>): SourceTable {
  const [first] = Object.values(columns);
  const rowCount = first?.kind === 'quantity' ? first.values.length : (first?.codes.length ?? 0);
  return {
    rowCount,
    read: ({ name }) => {
      const found = columns[name];
      return found ? Promise.resolve(found) : Promise.reject(new Error(`no column ${name}`));
    },
  };
}

/** Writes what a SELECT gives as Parquet, the way the API does. */
export async function writeParquet(path: string, select: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet, COMPRESSION snappy)`);
  } finally {
    connection.closeSync();
  }
}

/** 400 rows: a number with missing values that leans on a category, a share of zeros, a day and an id. */
export const mixedSelect = `
  SELECT i AS id,
         CASE WHEN i % 10 = 0 THEN NULL WHEN i % 4 = 0 THEN 10 + (i % 7) / 4.0 ELSE -5 + (i % 11) / 2.0 END AS amount,
         CASE WHEN i % 4 = 0 THEN 'high, very' ELSE 'low' END AS level,
         CASE WHEN i % 3 = 0 THEN i % 90 ELSE 0 END::BIGINT AS gain,
         DATE '2024-01-01' + (i % 60)::INTEGER AS day,
         'same' AS fixed
  FROM range(400) t(i)`;

export const mixedColumns: DatasetColumn[] = [
  column({ name: 'id', type: 'integer', role: 'id' }),
  column({ name: 'amount', type: 'number', role: 'numeric', decimals: 2 }),
  column({ name: 'level', type: 'text', role: 'categorical' }),
  column({ name: 'gain', type: 'integer', role: 'numeric' }),
  column({ name: 'day', type: 'date', role: 'datetime' }),
  column({ name: 'fixed', type: 'text', role: 'categorical' }),
];
