import type { Cell, DatasetColumn, SampleCondition } from '@gan-dashboard/shared-types';
import { UsageError } from './failures';

/**
 * Reads what each row of a sample must meet: `column=value`, `column=` (a missing value), `column>=value`,
 * `column<=value`. Whether rows can meet it is for the model to say.
 *
 * @throws UsageError for a column that there is not, or a value that is not of its type
 */
export function conditionOf(text: string, columns: readonly DatasetColumn[]): SampleCondition {
  // A name may hold a sign itself: the longest that is a column's counts.
  const column = columns
    .filter(({ name }) => text.startsWith(name) && /^(>=|<=|=)/.test(text.slice(name.length)))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (!column) {
    const names = columns.map(({ name }) => name).join(', ');
    throw new UsageError(
      `--condition is "${text}"; it takes column=value, column>=value or column<=value. Columns are: ${names}.`,
    );
  }
  const rest = text.slice(column.name.length);
  const sign = rest.startsWith('=') ? '=' : rest.slice(0, 2);
  const value = rest.slice(sign.length);
  if (sign === '=') return { column: column.name, equals: value === '' ? null : cellOf(value, column, text) };
  const bound = cellOf(value, column, text);
  if (bound === null || typeof bound === 'boolean') {
    throw new UsageError(`--condition is "${text}"; ${column.name} is ${column.type}, which has no order.`);
  }
  return { column: column.name, ...(sign === '>=' ? { at_least: bound } : { at_most: bound }) };
}

function cellOf(value: string, { name, type }: DatasetColumn, text: string): Cell {
  switch (type) {
    case 'integer':
    case 'number': {
      const number = value.trim() === '' ? Number.NaN : Number(value);
      if (Number.isFinite(number)) return number;
      throw new UsageError(`--condition is "${text}"; ${name} is ${type}, so the value must be a number.`);
    }
    case 'boolean':
      if (value === 'true' || value === 'false') return value === 'true';
      throw new UsageError(`--condition is "${text}"; ${name} is boolean, so the value must be true or false.`);
    case 'date':
    case 'datetime':
    case 'text':
      return value;
  }
}
