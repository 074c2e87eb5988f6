import { DuckDBInstance } from '@duckdb/node-api';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { openParquet } from '../src/data/parquet';
import type { QualityTable } from '../src/quality';

const numbers = ['age', 'fnlwgt', 'education-num', 'capital-gain', 'capital-loss', 'hours-per-week'];
const names = [
  ...['age', 'workclass', 'fnlwgt', 'education', 'education-num', 'marital-status', 'occupation', 'relationship'],
  ...['race', 'sex', 'capital-gain', 'capital-loss', 'hours-per-week', 'native-country', 'income'],
];

/** UCI Adult as the dashboard reads it. */
export const adultColumns: DatasetColumn[] = names.map((name) =>
  numbers.includes(name)
    ? { name, type: 'integer', role: 'numeric', missing: 0, distinct: 2 }
    : { name, type: 'text', role: 'categorical', missing: 0, distinct: 2 },
);

/** A question mark is a missing value, a leading space is part of the text. */
const typed = names
  .map((name) => (numbers.includes(name) ? `CAST("${name}" AS BIGINT) AS "${name}"` : `"${name}"`))
  .join(', ');

/**
 * Writes some rows of the CSV as Parquet.
 *
 * @param options `nulls` is how it spells a missing value; `where` chooses by `rank`, a fixed order of the rows that has
 *   nothing to do with their content
 */
export async function writeAdult(from: string, to: string, { nulls = '', where = 'true' } = {}): Promise<void> {
  const types = names.map((name) => `'${name}': 'VARCHAR'`).join(', ');
  const table = `read_csv('${from}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
    nullstr = '${nulls}', columns = {${types}})`;
  const numbered = `(SELECT *, row_number() OVER () - 1 AS place FROM ${table})`;
  const ranked = `(SELECT *, row_number() OVER (ORDER BY hash(place)) - 1 AS rank FROM ${numbered})`;
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    await connection.run(
      `COPY (SELECT ${typed} FROM ${ranked} WHERE ${where} ORDER BY place) TO '${to}' (FORMAT parquet)`,
    );
  } finally {
    connection.closeSync();
  }
}

export async function readAdult(path: string): Promise<QualityTable> {
  const table = await openParquet(path, adultColumns);
  const read: QualityTable['columns'][number][] = [];
  for (const column of adultColumns) {
    read.push({ name: column.name, role: column.role, data: await table.read(column) });
  }
  return { rowCount: table.rowCount, columns: read };
}
