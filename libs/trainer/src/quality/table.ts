import type { ColumnRole } from '@gan-dashboard/shared-types';
import type { CategoryColumn, QuantityColumn, SourceColumn } from '../data/parquet';

/** A named column with its meaning. Numbers and times are quantities, categories are codes into their values. */
export interface QualityColumn {
  name: string;
  role: ColumnRole;
  data: SourceColumn;
}

/** A table whose columns all have `rowCount` rows. */
export interface QualityTable {
  rowCount: number;
  columns: readonly QualityColumn[];
}

/** The tables cannot be compared: the message names the column, what is wrong and the way out. */
export class QualityError extends Error {
  override readonly name = 'QualityError';
}

/** The same column of the real and of the synthetic table, both quantities. */
export interface QuantityPair {
  kind: 'quantity';
  name: string;
  real: Float64Array;
  synthetic: Float64Array;
}
/** The same column of both tables in codes of one common dictionary of `size` values, -1 is a missing value. */
export interface CategoryPair {
  kind: 'category';
  name: string;
  real: Int32Array;
  synthetic: Int32Array;
  size: number;
}
export type ColumnPair = QuantityPair | CategoryPair;

const learned: ReadonlySet<ColumnRole> = new Set(['numeric', 'categorical', 'datetime']);

/** Numbers, times and categories: what a model learns. Ids are made anew and excluded columns are in no sample. */
export function isLearned({ role }: QualityColumn): boolean {
  return learned.has(role);
}

/**
 * Brings the learned columns of both tables together, in the order of the real table.
 *
 * @throws QualityError where the synthetic table lacks a column or holds another kind of it
 */
export function pairColumns(real: QualityTable, synthetic: QualityTable): ColumnPair[] {
  checkRows(real, 'real');
  checkRows(synthetic, 'synthetic');
  const others = new Map(synthetic.columns.map((column) => [column.name, column]));
  return real.columns.filter(isLearned).map((column) => {
    const other = others.get(column.name);
    if (!other) {
      throw new QualityError(`The synthetic table lacks the column "${column.name}". Compare tables of one data set.`);
    }
    return pairColumn(column, other.data);
  });
}

/** @throws QualityError where one is a quantity and the other a category */
export function pairColumn({ name, data }: QualityColumn, other: SourceColumn): ColumnPair {
  if (data.kind === 'quantity' && other.kind === 'quantity') {
    return { kind: 'quantity', name, real: data.values, synthetic: other.values };
  }
  if (data.kind === 'category' && other.kind === 'category') return alignCategories(name, data, other);
  throw new QualityError(
    `Column "${name}" is a ${data.kind} in the real table and a ${other.kind} in the synthetic one. Read both in the same role.`,
  );
}

/** One dictionary for both: the values of the real column first, then those that only the synthetic one has. */
export function alignCategories(name: string, real: CategoryColumn, synthetic: CategoryColumn): CategoryPair {
  const codeOf = new Map<string | number | boolean, number>();
  const register = (value: string | number | boolean): number => {
    const code = codeOf.get(value) ?? codeOf.size;
    codeOf.set(value, code);
    return code;
  };
  const translate = ({ codes, values }: CategoryColumn): Int32Array => {
    const table = values.map(register);
    return codes.map((code) => (code < 0 ? -1 : (table[code] ?? -1)));
  };
  const pair = { real: translate(real), synthetic: translate(synthetic) };
  return { kind: 'category', name, ...pair, size: codeOf.size };
}

/** Rows `rows` of a table, in that order; a row may come more than once. */
export function takeRows(table: QualityTable, rows: Uint32Array): QualityTable {
  const columns = table.columns.map((column) => ({ ...column, data: takeCells(column.data, rows) }));
  return { rowCount: rows.length, columns };
}

export function takeCells(data: SourceColumn, rows: Uint32Array): SourceColumn {
  return data.kind === 'quantity'
    ? { kind: 'quantity', values: take(data.values, new Float64Array(rows.length), rows) }
    : { ...data, codes: take(data.codes, new Int32Array(rows.length), rows) };
}

export function take<Values extends Float64Array | Int32Array>(from: Values, to: Values, rows: Uint32Array): Values {
  for (let i = 0; i < rows.length; i++) to[i] = from[rows[i] ?? 0] ?? Number.NaN;
  return to;
}

/** @throws QualityError where the table has no rows or a column has another number of rows */
function checkRows(table: QualityTable, which: string): void {
  if (table.rowCount === 0) throw new QualityError(`The ${which} table has no rows: there is nothing to compare.`);
  for (const { name, role, data } of table.columns) {
    const rows = lengthOf(data);
    if (rows !== table.rowCount) {
      throw new QualityError(
        `Column "${name}" of the ${which} table has ${rows} rows where the table has ${table.rowCount}. Read it again.`,
      );
    }
    const isFitting = role === 'id' || role === 'excluded' || (role === 'categorical') === (data.kind === 'category');
    if (!isFitting) {
      throw new QualityError(`Column "${name}" of the ${which} table is ${role} but was read as a ${data.kind}.`);
    }
  }
}

function lengthOf(data: QuantityColumn | CategoryColumn): number {
  return data.kind === 'quantity' ? data.values.length : data.codes.length;
}
