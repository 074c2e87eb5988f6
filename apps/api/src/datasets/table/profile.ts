import type { Cell, ColumnProfile, ColumnType, DatasetColumn } from '@gan-dashboard/shared-types';
import type { DuckDbSession } from './duckdb-session';
import { identifier, literal } from './sql';

const bins = 30;
const topValues = 20;
/** Quantities with at most this many different values get their top values too: they may be read as categories. */
const fewValues = 200;
const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95];
const columnsPerQuery = 50;

/** Missing and distinct values of each column. */
export interface ColumnCount {
  missing: number;
  distinct: number;
}

export function isQuantity(type: ColumnType): boolean {
  return type === 'integer' || type === 'number' || isTime(type);
}

function isTime(type: ColumnType): boolean {
  return type === 'date' || type === 'datetime';
}

/** SQL that turns a typed column into what JSON carries: ISO 8601 for times, plain numbers for integers. */
export function jsonCell(column: string, type: ColumnType): string {
  switch (type) {
    case 'date':
      return `strftime(${column}, '%Y-%m-%d')`;
    case 'datetime':
      return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
    case 'integer':
      return `${column}::DOUBLE`;
    case 'number':
    case 'boolean':
    case 'text':
      return column;
  }
}

/** Postgres, and so the wire, refuses NUL in text. */
export function cleanCell(cell: unknown): Cell {
  if (typeof cell === 'string') return cell.replaceAll('\u0000', '');
  if (typeof cell === 'number' || typeof cell === 'boolean') return cell;
  return null;
}

export async function countValues(
  session: DuckDbSession,
  parquet: string,
  columns: readonly { name: string }[],
): Promise<ColumnCount[]> {
  const counts: ColumnCount[] = [];
  for (let start = 0; start < columns.length; start += columnsPerQuery) {
    const batch = columns.slice(start, start + columnsPerQuery).map(({ name }) => identifier(name));
    const select = batch.map((c) => `(count(*) - count(${c}))::DOUBLE, count(DISTINCT ${c})::DOUBLE`).join(', ');
    const row = await session.row(`SELECT ${select} FROM read_parquet(${literal(parquet)})`);
    batch.forEach((_, index) => counts.push({ missing: Number(row[index * 2]), distinct: Number(row[index * 2 + 1]) }));
  }
  return counts;
}

/** Profiles one column of a typed Parquet file: exact quantiles, a histogram of 30 bins, the 20 most frequent values. */
export async function profileColumn(
  session: DuckDbSession,
  parquet: string,
  column: DatasetColumn,
): Promise<ColumnProfile> {
  const { name, type, role, missing, distinct } = column;
  const profile: ColumnProfile = { name, type, role, missing, distinct };
  if (distinct === 0) return profile;
  const at = { session, table: `read_parquet(${literal(parquet)})`, column };
  if (isQuantity(type)) Object.assign(profile, await summary(at), { histogram: await histogram(at) });
  if (!isQuantity(type) || distinct <= fewValues) profile.top_values = await mostFrequent(at);
  return profile;
}

interface Column {
  session: DuckDbSession;
  table: string;
  column: DatasetColumn;
}

type Summary = Pick<ColumnProfile, 'min' | 'max' | 'mean' | 'std' | 'quantiles'>;

async function summary({ session, table, column }: Column): Promise<Summary> {
  const sql = identifier(column.name);
  const time = isTime(column.type);
  const ordered = time ? 'quantile_disc' : 'quantile_cont';
  const cells = [
    `min(${sql})`,
    `max(${sql})`,
    ...quantiles.map(
      (_, index) => `${ordered}(${time ? sql : `${sql}::DOUBLE`}, [${quantiles.join(', ')}])[${index + 1}]`,
    ),
  ].map((cell, index) => (index >= 2 && !time ? cell : jsonCell(cell, column.type)));
  const moments = time ? [] : [`avg(${sql}::DOUBLE)`, `stddev_samp(${sql}::DOUBLE)`];
  const [min, max, p05, p25, p50, p75, p95, mean, std] = await session.row(
    `SELECT ${[...cells, ...moments].join(', ')} FROM ${table}`,
  );
  const result: Summary = {
    min: cleanCell(min),
    max: cleanCell(max),
    quantiles: {
      p05: cleanCell(p05),
      p25: cleanCell(p25),
      p50: cleanCell(p50),
      p75: cleanCell(p75),
      p95: cleanCell(p95),
    },
  };
  if (typeof mean === 'number') result.mean = mean;
  // A single value has no sample standard deviation.
  if (typeof std === 'number') result.std = std;
  return result;
}

async function histogram({ session, table, column }: Column): Promise<NonNullable<ColumnProfile['histogram']>> {
  const sql = identifier(column.name);
  const value = isTime(column.type) ? `epoch_ms(${sql}::TIMESTAMP)::DOUBLE` : `${sql}::DOUBLE`;
  const [low, high] = (await session.row(`SELECT min(${value}), max(${value}) FROM ${table}`)).map(Number);
  const edges = edgesBetween(low ?? 0, high ?? 0, column.type);
  const [first = 0, second = 0] = edges;
  const last = edges.length - 2;
  const width = second - first;
  const bin = width > 0 ? `least(${last}, greatest(0, floor((${value} - ${first}) / ${width})))` : '0';
  const rows = await session.rows(
    `SELECT ${bin}::INTEGER AS bin, count(*)::DOUBLE FROM ${table} WHERE ${sql} IS NOT NULL GROUP BY 1`,
  );
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const [index, count] of rows) counts[Number(index)] = Number(count);
  const isoEdges = edges.map((edge) => new Date(Math.round(edge)).toISOString());
  return { edges: isTime(column.type) ? isoEdges : edges, counts };
}

/** Equal bins from the least to the greatest value; integers of a small range get one bin each. */
function edgesBetween(low: number, high: number, type: ColumnType): number[] {
  if (low === high) return [low, high];
  const range = high - low;
  if (type === 'integer' && range < bins) {
    return Array.from({ length: range + 2 }, (_, index) => low - 0.5 + index);
  }
  return Array.from({ length: bins + 1 }, (_, index) => (index === bins ? high : low + (range * index) / bins));
}

// Groups and orders go by place: a table may have columns named like the aliases.
async function mostFrequent({ session, table, column }: Column): Promise<NonNullable<ColumnProfile['top_values']>> {
  const sql = identifier(column.name);
  const rows = await session.rows(`
    SELECT ${jsonCell('value', column.type)}, n FROM (
      SELECT ${sql} AS value, count(*)::DOUBLE AS n FROM ${table} WHERE ${sql} IS NOT NULL
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${topValues})
    ORDER BY n DESC, value`);
  return rows.map(([value, count]) => ({ value: cleanCell(value), count: Number(count) }));
}
