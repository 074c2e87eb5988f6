import type { DatasetColumn } from '@gan-dashboard/shared-types';
import type { ColumnTyping } from './column-types';
import type { DuckDbSession } from './duckdb-session';
import { countValues } from './profile';
import type { Header } from './reading/header';
import { proposeRole } from './roles';
import { identifier, literal } from './sql';

/** Counts each column's values and proposes its role. */
export async function describeColumns(
  session: DuckDbSession,
  { parquet, header, typings, rows }: { parquet: string; header: Header; typings: ColumnTyping[]; rows: number },
): Promise<DatasetColumn[]> {
  const counts = await countValues(
    session,
    parquet,
    header.names.map((name) => ({ name })),
  );
  const columns: DatasetColumn[] = [];
  for (const [index, name] of header.names.entries()) {
    const typing = typings[index];
    const count = counts[index];
    if (!typing || !count) throw new Error(`column ${index + 1} was not described`);
    const { type, isCode = false, decimals, datetimeFormat } = typing;
    const isAllDifferent = count.distinct === rows;
    const shape = await shapeOfValues(session, parquet, { name, type, isAllDifferent, distinct: count.distinct });
    columns.push({
      name,
      type,
      ...proposeRole({ name, type, rows, ...count, isCode, ...shape }),
      ...(decimals === undefined ? {} : { decimals }),
      ...(datetimeFormat === undefined ? {} : { datetime_format: datetimeFormat }),
      ...count,
    });
  }
  return columns;
}

/** The range of integers, and whether all-different texts are UUIDs: only asked where a role depends on it. */
async function shapeOfValues(
  session: DuckDbSession,
  parquet: string,
  column: Pick<DatasetColumn, 'name' | 'type' | 'distinct'> & { isAllDifferent: boolean },
): Promise<{ min?: number; max?: number; isUuid?: boolean }> {
  const sql = identifier(column.name);
  const from = `FROM read_parquet(${literal(parquet)})`;
  if (column.type === 'integer' && (column.isAllDifferent || column.distinct === 2)) {
    const [min, max] = await session.row(`SELECT min(${sql})::DOUBLE, max(${sql})::DOUBLE ${from}`);
    return { min: Number(min), max: Number(max) };
  }
  if (column.type === 'text' && column.isAllDifferent) {
    const [isUuid] = await session.row(`SELECT bool_and(TRY_CAST(${sql} AS UUID) IS NOT NULL) ${from}`);
    return { isUuid: isUuid === true };
  }
  return {};
}
