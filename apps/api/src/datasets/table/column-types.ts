import type { ColumnType } from '@gan-dashboard/shared-types';
import { dateFormatOf } from './date-formats';
import type { DuckDbSession } from './duckdb-session';
import { literal } from './sql';

/** A column of the raw table (all VARCHAR): where it lies, and what people call it. */
export interface RawColumn {
  /** Quoted identifier in the raw table. */
  sql: string;
  name: string;
}

/** A column's type, chosen so that every one of its values can be read as it. */
export interface ColumnTyping {
  type: ColumnType;
  /** SQL that gives the typed value from the raw one. */
  expression: string;
  decimals?: number;
  datetimeFormat?: string;
  /** Why digits are kept as text. */
  isCode?: boolean;
  warnings: string[];
}

const integerPattern = String.raw`\s*[+-]?\d+\s*`;
const numberPattern = String.raw`\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*`;
const leadingZeroPattern = String.raw`\s*[+-]?0\d+\s*`;
const datePattern = String.raw`\s*\d{4}-\d{2}-\d{2}\s*`;
const datetimePattern = String.raw`\s*\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?\s*`;
const decimalCommaPattern = String.raw`\s*[+-]?\d+,\d+\s*`;
const thousandsPattern = String.raw`\s*[+-]?\d{1,3}(,\d{3})+(\.\d+)?\s*`;
/** Beyond this, squares overflow and statistics are lost. */
const largestMagnitude = 1e100;
/** From this share of fitting cells on, the others are worth a warning. */
const warningShare = 0.5;
const columnsPerQuery = 50;

const matches = (column: string, pattern: string) => `regexp_full_match(${column}, ${literal(pattern)})`;
const isNumber = (column: string) =>
  `(${matches(column, numberPattern)} AND abs(TRY_CAST(${column} AS DOUBLE)) <= ${largestMagnitude})`;

/** Chooses each column's type from all of its values, never from a sample: a late bad cell cannot break an import. */
export async function chooseTypes(
  session: DuckDbSession,
  table: string,
  columns: readonly RawColumn[],
): Promise<ColumnTyping[]> {
  const typings: ColumnTyping[] = [];
  for (let start = 0; start < columns.length; start += columnsPerQuery) {
    const batch = columns.slice(start, start + columnsPerQuery);
    const counts = await session.row(`SELECT ${batch.map(({ sql }) => castCounts(sql)).join(', ')} FROM ${table}`);
    for (const [index, column] of batch.entries()) {
      const [values, numbers, times, booleans] = counts.slice(index * 4, index * 4 + 4).map(Number);
      const cast = { values: values ?? 0, numbers: numbers ?? 0, times: times ?? 0, booleans: booleans ?? 0 };
      typings.push(await chooseType({ session, table, column }, cast));
    }
  }
  return typings;
}

interface Column {
  session: DuckDbSession;
  table: string;
  column: RawColumn;
}

interface CastCounts {
  values: number;
  numbers: number;
  times: number;
  booleans: number;
}

function castCounts(column: string): string {
  return [
    `count(${column})`,
    `count(TRY_CAST(${column} AS DOUBLE))`,
    `count(TRY_CAST(${column} AS TIMESTAMP))`,
    `count_if(lower(trim(${column})) IN ('true', 'false'))`,
  ]
    .map((count) => `${count}::DOUBLE`)
    .join(', ');
}

async function chooseType(at: Column, cast: CastCounts): Promise<ColumnTyping> {
  const { sql } = at.column;
  if (cast.values === 0) return text(at, [`Column ${at.column.name} has no values.`]);
  if (cast.booleans === cast.values) {
    return { type: 'boolean', expression: `CAST(trim(${sql}) AS BOOLEAN)`, warnings: [] };
  }
  if (cast.numbers >= cast.values * warningShare) return numeric(at, cast.values);
  if (cast.times >= cast.values * warningShare) {
    const typing = await isoTime(at, cast.values);
    if (typing.type !== 'text') return typing;
    return (await otherTime(at, cast.values)) ?? typing;
  }
  return (await otherTime(at, cast.values)) ?? textWithHints(at, cast.values);
}

async function numeric(at: Column, values: number): Promise<ColumnTyping> {
  const { sql, name } = at.column;
  const [numbers, integers, leadingZeros, decimals, exponents, largest, bad] = await at.session.row(`
    SELECT count_if(${isNumber(sql)})::DOUBLE,
      count_if(${matches(sql, integerPattern)})::DOUBLE,
      count_if(${matches(sql, leadingZeroPattern)})::DOUBLE,
      max(length(regexp_extract(${sql}, '\\.(\\d*)', 1)))::DOUBLE,
      count_if(contains(lower(${sql}), 'e'))::DOUBLE,
      max(abs(TRY_CAST(${sql} AS DOUBLE))),
      min(${sql}) FILTER (WHERE NOT coalesce(${isNumber(sql)}, false))
    FROM ${at.table}`);
  if (numbers !== values) return text(at, [misfits({ name, values, fitting: Number(numbers), bad, what: 'numbers' })]);
  if (Number(leadingZeros) > 0 && integers === values) return { ...text(at, []), isCode: true };
  if (integers !== values) {
    const typing: ColumnTyping = { type: 'number', expression: `CAST(trim(${sql}) AS DOUBLE)`, warnings: [] };
    // An exponent moves the point: how many decimals such a value has is not to be seen from its digits.
    if (exponents === 0) typing.decimals = Math.min(20, Number(decimals));
    return typing;
  }
  if (Number(largest) > Number.MAX_SAFE_INTEGER) {
    const reason = `Column ${name} has integers of more than 15 digits, which no model can keep exact: read as text.`;
    return { ...text(at, [reason]), isCode: true };
  }
  return { type: 'integer', expression: `CAST(trim(${sql}) AS BIGINT)`, decimals: 0, warnings: [] };
}

/** SQL of an ISO 8601 time as UTC; one without an offset is UTC already. */
export function isoTimestamp(cell: string): string {
  return `(CAST(trim(${cell}) AS TIMESTAMPTZ) AT TIME ZONE 'UTC')`;
}

async function isoTime(at: Column, values: number): Promise<ColumnTyping> {
  const { sql, name } = at.column;
  const isDate = `(${matches(sql, datePattern)} AND TRY_CAST(trim(${sql}) AS DATE) IS NOT NULL)`;
  const isTime = `(${isDate} OR (${matches(sql, datetimePattern)} AND TRY_CAST(trim(${sql}) AS TIMESTAMPTZ) IS NOT NULL))`;
  const [dates, times, bad] = await at.session.row(`
    SELECT count_if(${isDate})::DOUBLE, count_if(${isTime})::DOUBLE,
      min(${sql}) FILTER (WHERE NOT coalesce(${isTime}, false))
    FROM ${at.table}`);
  if (dates === values) return { type: 'date', expression: `CAST(trim(${sql}) AS DATE)`, warnings: [] };
  if (times === values) return { type: 'datetime', expression: isoTimestamp(sql), warnings: [] };
  return text(at, [misfits({ name, values, fitting: Number(times), bad, what: 'ISO 8601 dates' })]);
}

async function otherTime(at: Column, values: number): Promise<ColumnTyping | undefined> {
  const { sql, name } = at.column;
  const found = await dateFormatOf(at.session, { table: at.table, column: sql, values });
  if (!found) return undefined;
  const parsed = `strptime(trim(${sql}), ${literal(found.format)})`;
  const warnings: string[] = [];
  if (found.alternative) {
    warnings.push(
      `Column ${name}: every value fits both ${found.format} and ${found.alternative}; read as ${found.format}. ` +
        'Use dates like 2024-12-31 to be sure.',
    );
  }
  return {
    type: found.hasTime ? 'datetime' : 'date',
    expression: found.hasTime ? parsed : `CAST(${parsed} AS DATE)`,
    datetimeFormat: found.format,
    warnings,
  };
}

async function textWithHints(at: Column, values: number): Promise<ColumnTyping> {
  const { sql, name } = at.column;
  const [example] = await at.session.row(`SELECT max(${sql}) FROM ${at.table}`);
  if (!/^\s*[+-]?\d[\d.,]*\s*$/.test(String(example))) return text(at, []);
  const [thousands, commas] = await at.session.row(`
    SELECT count_if(${matches(sql, thousandsPattern)})::DOUBLE, count_if(${matches(sql, decimalCommaPattern)})::DOUBLE
    FROM ${at.table}`);
  const share = values * warningShare;
  // "1,234" may be either; where all are of groups of three, thousands are meant.
  const kind =
    Number(thousands) >= share ? 'thousands separators' : Number(commas) >= share ? 'a decimal comma' : undefined;
  if (!kind) return text(at, []);
  return text(at, [
    `Column ${name} looks like numbers with ${kind} (e.g. ${quoteCell(example)}): read as text. ` +
      'Write them as 1234.5 to train on them as numbers.',
  ]);
}

function text(at: Column, warnings: string[]): ColumnTyping {
  return { type: 'text', expression: at.column.sql, warnings };
}

interface Misfits {
  name: string;
  values: number;
  fitting: number;
  bad: unknown;
  what: string;
}

function misfits({ name, values, fitting, bad, what }: Misfits): string {
  const count = (values - fitting).toLocaleString('en');
  return (
    `Column ${name}: ${count} of ${values.toLocaleString('en')} values are not ${what} (e.g. ${quoteCell(bad)}), ` +
    'so the column is read as text. Correct or empty those cells to train on it as a quantity.'
  );
}

function quoteCell(cell: unknown): string {
  return JSON.stringify(String(cell).slice(0, 50));
}
