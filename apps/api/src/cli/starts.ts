import type { SampleSequences } from '@gan-dashboard/shared-types';
import { UsageError } from './failures';

export type Start = NonNullable<SampleSequences['start']>;

/**
 * Reads where the sequences of a sample begin. Whether the model has such columns is for the model to say.
 *
 * @param time of the first row
 * @param values `column=number`; a name may hold the sign itself, a number cannot
 * @returns undefined where neither is given
 * @throws UsageError for a value that is missing or no number, or a column that is given twice
 */
export function startOfOptions(time: string | undefined, values: readonly string[] = []): Start | undefined {
  if (time !== undefined && time.trim() === '') {
    throw new UsageError(
      '--start-time is empty; it takes a time such as 2024-01-02 or "2024-01-02 09:30:00", or a number.',
    );
  }
  const byColumn = new Map<string, number>();
  for (const text of values) {
    const { column, value } = startValueOf(text);
    if (byColumn.has(column)) {
      throw new UsageError(`--start-value is "${text}", but ${column} is given already. Name each column once.`);
    }
    byColumn.set(column, value);
  }
  if (time === undefined && byColumn.size === 0) return undefined;
  return {
    ...(time === undefined ? {} : { time }),
    ...(byColumn.size === 0 ? {} : { values: Object.fromEntries(byColumn) }),
  };
}

function startValueOf(text: string): { column: string; value: number } {
  const sign = text.lastIndexOf('=');
  const written = text.slice(sign + 1).trim();
  const value = written === '' ? Number.NaN : Number(written);
  if (sign > 0 && Number.isFinite(value)) return { column: text.slice(0, sign), value };
  throw new UsageError(`--start-value is "${text}"; it takes column=number, for example close=100.`);
}
