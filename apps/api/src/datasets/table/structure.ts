import type { DatasetColumn, DatasetStructure } from '@gan-dashboard/shared-types';
import type { DuckDbSession } from './duckdb-session';
import { identifier, literal } from './sql';

const levelPattern = /^(bid|ask)[_ ]?(price|px|size|sz|qty|quantity|volume)[_ ]?(\d+)$/i;

/** The columns of an order book's levels, best first; undefined where the table is none. */
export function orderBookLevels(columns: readonly DatasetColumn[]): { bid: string; ask: string }[] | undefined {
  const found = new Map<string, string>();
  for (const { name, type } of columns) {
    const match = levelPattern.exec(name);
    if (!match || (type !== 'number' && type !== 'integer')) continue;
    const [, side = '', quantity = '', level = ''] = match;
    const isPrice = /^(price|px)$/i.test(quantity);
    found.set(`${side.toLowerCase()} ${isPrice ? 'price' : 'size'} ${Number(level)}`, name);
  }
  const levels: { bid: string; ask: string }[] = [];
  const start = found.has('bid price 0') ? 0 : 1;
  for (let level = start; ; level++) {
    const bid = found.get(`bid price ${level}`);
    const ask = found.get(`ask price ${level}`);
    if (bid === undefined || ask === undefined) break;
    if (!found.has(`bid size ${level}`) || !found.has(`ask size ${level}`)) break;
    levels.push({ bid, ask });
  }
  return levels.length > 0 ? levels : undefined;
}

/** Finds out what kind of table this is, and counts what is odd in it. */
export async function findStructure(
  session: DuckDbSession,
  parquet: string,
  columns: readonly DatasetColumn[],
): Promise<DatasetStructure> {
  const levels = orderBookLevels(columns);
  const times = columns.filter(({ type }) => type === 'date' || type === 'datetime');
  const [time] = times;
  const isSeries = times.length === 1 && time === columns[0] && columns.some(({ role }) => role === 'numeric');
  if (!levels && !isSeries) return { kind: 'table' };
  const structure: DatasetStructure = { kind: levels ? 'order_book' : 'time_series' };
  if (time) {
    structure.time_column = time.name;
    structure.repeated_timestamps = await repeatedTimes(session, parquet, time.name);
  }
  const best = levels?.[0];
  if (levels && best) {
    structure.levels = levels.length;
    structure.crossed_rows = await session.number(
      `SELECT count_if(${identifier(best.bid)} >= ${identifier(best.ask)})::DOUBLE FROM read_parquet(${literal(parquet)})`,
    );
  }
  return structure;
}

/** Rows that have the timestamp of the row before them in the file. */
function repeatedTimes(session: DuckDbSession, parquet: string, column: string): Promise<number> {
  const time = identifier(column);
  return session.number(`
    SELECT count_if(t = before)::DOUBLE FROM (
      SELECT ${time} AS t, lag(${time}) OVER (ORDER BY file_row_number) AS before
      FROM read_parquet(${literal(parquet)}, file_row_number = true))`);
}

/** What people should know about the structure before they train on it. */
export function structureWarnings({ crossed_rows = 0, kind }: DatasetStructure, rows: number): string[] {
  if (kind !== 'order_book' || crossed_rows === 0) return [];
  const percent = Math.round((crossed_rows / rows) * 100);
  return [
    `${crossed_rows.toLocaleString('en')} rows (${percent} %) are crossed: their best bid is at or above their best ` +
      'ask. A model learns this from the data unless those rows are removed from the source.',
  ];
}
