import type { DatasetColumn, DatasetPreview } from '@gan-dashboard/shared-types';
import type { DuckDbSession } from './duckdb-session';
import { orderBookLevels } from '../order-book/book-header';
import { cleanCell, jsonCell } from './profile';
import { identifier, literal } from './sql';

const plottedColumns = 5;
/** Both sides of two levels. */
const plottedPrices = 4;
const plottedPoints = 500;

/** The first rows of a table, and its first numeric columns thinned to evenly spaced points. */
export async function previewTable(
  session: DuckDbSession,
  parquet: string,
  { columns, rows }: { columns: readonly DatasetColumn[]; rows: number },
): Promise<DatasetPreview> {
  const table = `read_parquet(${literal(parquet)}, file_row_number = true)`;
  const cells = columns.map(({ name, type }) => jsonCell(identifier(name), type)).join(', ');
  const first = await session.rows(`SELECT ${cells} FROM ${table} ORDER BY file_row_number LIMIT ${rows}`);
  const total = await session.number(`SELECT count(*)::DOUBLE FROM ${table}`);
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: first.map((row) => row.map(cleanCell)),
    total_rows: total,
    plot: await plot(session, { table, columns, total }),
  };
}

async function plot(
  session: DuckDbSession,
  { table, columns, total }: { table: string; columns: readonly DatasetColumn[]; total: number },
): Promise<DatasetPreview['plot']> {
  const series = plottedOf(columns);
  const time = columns.find(({ type }) => type === 'date' || type === 'datetime');
  const stride = Math.max(1, Math.ceil(total / plottedPoints));
  const x = time ? jsonCell(identifier(time.name), time.type) : '(file_row_number + 1)::DOUBLE';
  const values = series.map(({ name }) => `${identifier(name)}::DOUBLE`);
  const points = await session.rows(
    `SELECT ${[x, ...values].join(', ')} FROM ${table} WHERE file_row_number % ${stride} = 0 ` +
      `${time ? `AND ${identifier(time.name)} IS NOT NULL ` : ''}ORDER BY file_row_number`,
  );
  return {
    x: points.map(([value]) => (typeof value === 'number' ? value : String(value))),
    x_name: time?.name ?? 'row',
    series: series.map(({ name }, index) => ({
      name,
      values: points.map((point) => {
        const value = point[index + 1];
        return typeof value === 'number' ? value : null;
      }),
    })),
  };
}

/** An order book's prices, best first: beside sizes of thousands they would all lie on one line. */
function plottedOf(columns: readonly DatasetColumn[]): readonly { name: string }[] {
  const prices = orderBookLevels(columns)?.flatMap(({ bid_price, ask_price }) => [
    { name: bid_price },
    { name: ask_price },
  ]);
  const numbers = columns.filter(({ type }) => type === 'number' || type === 'integer');
  return (prices ?? numbers).slice(0, prices ? plottedPrices : plottedColumns);
}
