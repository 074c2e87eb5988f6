import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import { timeWriterOf } from '../column-transform';
import { DataError } from '../errors';
import type { SequenceRows } from './sequence-rows';
import type { Calendar } from './sequence-space';

const day = 86_400_000;

/** Learns how times follow on each other: the most usual step, and whether weekends are left out. */
export function fitCalendar(column: DatasetColumn, { times, starts }: SequenceRows): Calendar {
  if (!times) throw new RangeError('a table without times has no calendar');
  const counts = new Map<number, number>();
  for (let sequence = 0; sequence + 1 < starts.length; sequence++) {
    for (let place = (starts[sequence] ?? 0) + 1; place < (starts[sequence + 1] ?? 0); place++) {
      const step = (times[place] ?? 0) - (times[place - 1] ?? 0);
      counts.set(step, (counts.get(step) ?? 0) + 1);
    }
  }
  let [interval, most] = [0, 0];
  for (const [step, count] of counts)
    if (count > most || (count === most && step < interval)) [interval, most] = [step, count];
  const isWeekday = (time: number) => new Date(time).getUTCDay() % 6 !== 0;
  const isCalendar = column.type === 'date' || column.type === 'datetime';
  // A week of days without a weekend could be chance.
  const is_weekdays_only = isCalendar && interval <= day && times.length >= 10 && times.every(isWeekday);
  return { column: column.name, first: times[0] ?? 0, interval: interval || 1, is_weekdays_only };
}

/**
 * Writes the times of a sequence.
 *
 * @param start time of its first row, in the units of the calendar
 * @returns cells, one a row
 */
export function timesFrom(column: DatasetColumn, calendar: Calendar, start: number, length: number): Cell[] {
  const { interval, is_weekdays_only: skipsWeekends } = calendar;
  const isCalendar = column.type === 'date' || column.type === 'datetime';
  const write = isCalendar ? timeWriterOf(column, interval % 1000 === 0 && start % 1000 === 0 ? 1000 : 1) : null;
  const cells: Cell[] = [];
  let time = start;
  for (let row = 0; row < length; row++) {
    while (skipsWeekends && new Date(time).getUTCDay() % 6 === 0) time += interval;
    cells.push(write ? write(time) : time);
    time += interval;
  }
  return cells;
}

/** Why a start that is asked for cannot be read as a time of the column; null where it can. */
export function startTimeMistake(column: DatasetColumn, wanted: string | number): string | null {
  try {
    readStart(column, wanted);
    return null;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}

/**
 * A start that was asked for, in the units of the time column.
 *
 * @throws DataError where it cannot be read
 */
export function startOf(column: DatasetColumn, { first }: Calendar, wanted: string | number | undefined): number {
  return wanted === undefined ? first : readStart(column, wanted);
}

function readStart(column: DatasetColumn, wanted: string | number): number {
  if (column.type !== 'date' && column.type !== 'datetime') {
    const number = Number(wanted);
    if (Number.isFinite(number)) return number;
    throw new DataError(`The start "${wanted}" is no number, as those of column "${column.name}" are. Give one.`);
  }
  const text = String(wanted);
  const isZoned = /[zZ]|[+-]\d\d:?\d\d$/.test(text) || !text.includes(':');
  const time = Date.parse(isZoned ? text : `${text.replace(' ', 'T')}Z`);
  if (!Number.isNaN(time)) return time;
  throw new DataError(
    `The start "${wanted}" is no time. Give one as ISO 8601, such as 2024-01-02 or 2024-01-02 09:30:00.`,
  );
}
