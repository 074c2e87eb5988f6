import type { Cell, SampleBalance, SampleCondition } from '@gan-dashboard/shared-types';
import { timeWriterOf } from './column-transform';
import type { ColumnTransform } from './column-transform';
import { DataError } from './errors';

/** A condition on one column of a sample. */
export interface RowCondition {
  /** Index of the column among the transforms. */
  column: number;
  /** For messages. */
  text: string;
  test: (cell: Cell) => boolean;
  /** Where quantities that meet it lie; absent for a set of values. */
  range?: { low: number; high: number };
}

/**
 * Conditions as they were asked for, checked against what the model has learned.
 *
 * @throws DataError for a column or a value that no row can have; the message says which there are
 */
export function compileConditions(
  conditions: readonly SampleCondition[],
  transforms: readonly ColumnTransform[],
): RowCondition[] {
  return conditions.map((condition) => {
    const column = columnOf(condition.column, transforms);
    const transform = transforms[column] as ColumnTransform;
    if ('equals' in condition) return valueCondition([condition.equals], column, transform);
    if ('one_of' in condition) return valueCondition(condition.one_of, column, transform);
    return rangeCondition(condition, column, transform);
  });
}

export interface BalancedValue {
  condition: RowCondition;
  share: number;
}

/**
 * The values of a balance and their shares, which sum to 1.
 *
 * @throws DataError for a column that is not one of values, or a value that it does not have
 */
export function compileBalance(balance: SampleBalance, transforms: readonly ColumnTransform[]): BalancedValue[] {
  const column = columnOf(balance.column, transforms);
  const transform = transforms[column] as ColumnTransform;
  const known = knownValues(transform);
  if (!known) {
    throw new DataError(
      `Column "${balance.column}" cannot be balanced: it is not learned as a set of values. Choose a categorical column.`,
    );
  }
  const wanted = balance.shares ?? known.map((value) => ({ value, share: 1 }));
  const total = wanted.reduce((sum, { share }) => sum + share, 0);
  return wanted.map(({ value, share }) => ({
    condition: valueCondition([value], column, transform),
    share: share / total,
  }));
}

function columnOf(name: string, transforms: readonly ColumnTransform[]): number {
  const index = transforms.findIndex(({ column }) => column.name === name);
  const transform = transforms[index];
  if (transform && transform.kind !== 'id' && transform.kind !== 'text') return index;
  const possible = transforms.filter(({ kind }) => kind !== 'id' && kind !== 'text').map(({ column }) => column.name);
  const reason = transform ? 'is made anew in each sample' : 'is not in the samples of this model';
  throw new DataError(`Column "${name}" ${reason}. Conditions can be about: ${possible.join(', ')}.`);
}

function valueCondition(values: readonly Cell[], column: number, transform: ColumnTransform): RowCondition {
  for (const value of values) checkValue(value, transform);
  const wanted = new Set(values);
  const numbers = values.filter((value) => typeof value === 'number');
  const isQuantity = transform.kind === 'continuous' || transform.kind === 'numeric';
  return {
    column,
    text: `${transform.column.name} is ${values.map((value) => JSON.stringify(value)).join(' or ')}`,
    test: (cell) => wanted.has(cell),
    ...(isQuantity && numbers.length > 0 ? { range: { low: Math.min(...numbers), high: Math.max(...numbers) } } : {}),
  };
}

/** The cells that a column of values can have; null for quantities. */
function knownValues(transform: ColumnTransform): Cell[] | null {
  if (transform.kind === 'constant') return [transform.value];
  if (transform.kind !== 'categorical') return null;
  const { values, rest, missing } = transform;
  return [...values, ...(rest?.values ?? []), ...(missing > 0 ? [null] : [])];
}

const shownValues = 20;

function checkValue(value: Cell, transform: ColumnTransform): void {
  const { name } = transform.column;
  const known = knownValues(transform);
  if (known) {
    if (known.includes(value)) return;
    const shown = known.slice(0, shownValues).map((each) => JSON.stringify(each));
    const more = known.length > shownValues ? `, and ${known.length - shownValues} more` : '';
    throw new DataError(
      `Column "${name}" has no value ${JSON.stringify(value)}. Its values are: ${shown.join(', ')}${more}.`,
    );
  }
  const isMissingKnown = 'missing' in transform && transform.missing > 0;
  if (value === null && !isMissingKnown) throw new DataError(`Column "${name}" has no missing values.`);
  if (typeof value === 'number') checkRange(value, value, transform);
}

function rangeCondition(
  { at_least: least, at_most: most }: { at_least?: number | string | undefined; at_most?: number | string | undefined },
  column: number,
  transform: ColumnTransform,
): RowCondition {
  const { name, role, datetime_format: format } = transform.column;
  if (transform.kind !== 'continuous' && transform.kind !== 'numeric') {
    throw new DataError(`Column "${name}" has no range: it is not learned as a quantity. Use equals or one_of.`);
  }
  const low = least === undefined ? Number.NEGATIVE_INFINITY : quantityOf(least, transform);
  const high = most === undefined ? Number.POSITIVE_INFINITY : quantityOf(most, transform);
  checkRange(low, high, transform);
  const text = [
    ...(least === undefined ? [] : [`${name} is at least ${least}`]),
    ...(most === undefined ? [] : [`${name} is at most ${most}`]),
  ].join(' and ');
  if (role !== 'datetime') {
    return { column, text, range: { low, high }, test: (cell) => typeof cell === 'number' && cell >= low && cell <= high };
  }
  if (format !== undefined) {
    throw new DataError(
      `Column "${name}" writes times as ${format}: ranges are possible for times in ISO 8601 only. Use one_of.`,
    );
  }
  return { column, text, range: { low, high }, test: isoTest(transform, low, high) };
}

/** Times in ISO 8601 of one resolution are ordered as their text is. */
function isoTest({ column }: ColumnTransform, low: number, high: number): (cell: Cell) => boolean {
  const write = timeWriterOf(column, 1);
  const [first, last] = [Number.isFinite(low) ? write(low) : '', Number.isFinite(high) ? write(high) : '\uffff'];
  return (cell) => {
    if (typeof cell !== 'string') return false;
    // A cell may be written to the second, the bounds to the millisecond.
    const padded = cell.padEnd(Math.min(first.length || last.length, 23), '.000');
    return (first === '' || padded >= first) && (last === '\uffff' || padded <= last);
  };
}

function quantityOf(bound: number | string, { column }: ColumnTransform): number {
  if (column.role !== 'datetime') {
    if (typeof bound === 'number') return bound;
    throw new DataError(`Column "${column.name}" is a number: its bound ${JSON.stringify(bound)} must be one too.`);
  }
  const text = String(bound);
  const time = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) || !text.includes(':') ? text : `${text.replace(' ', 'T')}Z`);
  if (typeof bound === 'string' && !Number.isNaN(time)) return time;
  throw new DataError(`Column "${column.name}" holds times: its bound ${JSON.stringify(bound)} must be one as ISO 8601.`);
}

/** @throws DataError where no value that was seen lies between the bounds */
function checkRange(low: number, high: number, transform: ColumnTransform): void {
  const [smallest, largest] =
    transform.kind === 'continuous'
      ? [transform.smallest, transform.largest]
      : transform.kind === 'numeric'
        ? [transform.map.x[0] ?? 0, transform.map.x.at(-1) ?? 0]
        : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (low <= largest && high >= smallest && low <= high) return;
  throw new DataError(
    `No row can meet the range of column "${transform.column.name}": the model has seen ${smallest} to ${largest}.`,
  );
}
