import type { EntityManager } from 'typeorm';
import { cleanText } from '../training/output-lines';
import { insertRows, rowsPerStatement } from './insert-rows';
import { bytesOf, doublesAt, encodeIntegers, IntegerReader } from './integers';
import { chunkPoints } from './metric-chunk';
import type { Points } from './points';

/** What is appended to a series: arrays of one length. Series with the same steps and times are best given the same arrays. */
export interface SeriesPoints {
  key: string;
  /** Safe integers, in any order. */
  steps: ArrayLike<number>;
  /** Milliseconds since 1970. */
  times: ArrayLike<number>;
  /** Absent: no epochs are counted, and they read as 0. */
  epochs?: ArrayLike<number> | undefined;
  /** Any double: NaN and the infinities stay what they are. */
  values: ArrayLike<number>;
}

/** A row of metric_segment, as far as its points go. */
export interface SegmentRow {
  keys: string[];
  count: number;
  axis: Buffer;
  values: Buffer;
}

/** What one row holds at most, so that a bulk import gives rows that can be read one by one. */
const segmentValues = 262_144;
/** An index takes no longer ones. */
const longestKey = 200;
/** Of a Date, in milliseconds. */
const latestTime = 8.64e15;

const columns = 'subject, keys, count, first_step, last_step, axis, values';

/**
 * Appends points to the series of a subject (a run or a worker). A step that is there already is overwritten; writing
 * the same again changes nothing in what is read. The writes of one subject must come one after the other, as those
 * under its run's lock do: the later one counts.
 *
 * @throws RangeError that names the series and the field, before anything is written.
 */
export async function writeSegments(
  manager: EntityManager,
  subject: string,
  series: readonly SeriesPoints[],
): Promise<void> {
  const rows = groupsOf(series).flatMap((group) => segmentsOf(subject, group));
  const isAlone = manager.queryRunner === undefined && rows.length > rowsPerStatement;
  const insert = (own: EntityManager) => insertRows(own, `metric_segment (${columns})`, rows);
  return isAlone ? manager.transaction(insert) : insert(manager);
}

/** Series that were measured at the same steps and times. */
interface Group {
  axis: Omit<SeriesPoints, 'key' | 'values'>;
  members: SeriesPoints[];
}

function groupsOf(series: readonly SeriesPoints[]): Group[] {
  const groups: Group[] = [];
  for (const one of series) {
    checkLengths(one);
    if (one.values.length === 0) continue;
    const group = groups.find(
      ({ axis }) => axis.steps === one.steps && axis.times === one.times && axis.epochs === one.epochs,
    );
    if (group) group.members.push(one);
    else {
      checkAxis(one);
      groups.push({ axis: one, members: [one] });
    }
  }
  return groups;
}

function checkLengths({ key, steps, times, epochs, values }: SeriesPoints): void {
  for (const [field, { length }] of Object.entries({ times, values, epochs: epochs ?? steps })) {
    if (length === steps.length) continue;
    throw new RangeError(
      `series ${JSON.stringify(key)} has ${steps.length} steps but ${length} ${field}; send one for each step`,
    );
  }
}

function checkAxis({ key, steps, times, epochs }: SeriesPoints): void {
  const check = (field: string, numbers: ArrayLike<number>, greatest: number) => {
    for (let index = 0; index < numbers.length; index++) {
      const value = numbers[index] as number;
      if (Number.isSafeInteger(value) && Math.abs(value) <= greatest) continue;
      throw new RangeError(
        `series ${JSON.stringify(key)}: ${field}[${index}] is ${value}; send a whole number up to ${greatest}`,
      );
    }
  };
  check('steps', steps, Number.MAX_SAFE_INTEGER);
  check('times', times, latestTime);
  if (epochs) check('epochs', epochs, Number.MAX_SAFE_INTEGER);
}

function segmentsOf(subject: string, { axis, members }: Group): unknown[][] {
  const rows: unknown[][] = [];
  for (let start = 0; start < axis.steps.length; start += chunkPoints) {
    const steps = slice(axis.steps, start);
    const times = slice(axis.times, start);
    const epochs = axis.epochs ? slice(axis.epochs, start) : new Float64Array(steps.length);
    const [first, last] = [Math.min(...steps), Math.max(...steps)];
    const bytes = Buffer.concat([steps, times, epochs].map(encodeIntegers));
    const keysPerRow = Math.max(1, Math.floor(segmentValues / steps.length));
    for (let from = 0; from < members.length; from += keysPerRow) {
      const some = members.slice(from, from + keysPerRow);
      const values = Buffer.concat(some.map((member) => bytesOf(slice(member.values, start))));
      rows.push([subject, some.map(({ key }) => keyOf(key)), steps.length, first, last, bytes, values]);
    }
  }
  return rows;
}

function slice(numbers: ArrayLike<number>, start: number): Float64Array {
  const end = Math.min(numbers.length, start + chunkPoints);
  if (numbers instanceof Float64Array) return numbers.subarray(start, end);
  const some = new Float64Array(end - start);
  for (let index = start; index < end; index++) some[index - start] = numbers[index] as number;
  return some;
}

function keyOf(key: string): string {
  return cleanText(key.slice(0, longestKey));
}

/** The points of segments by series, in the order of the segments. */
export function pointsOfSegments(
  segments: readonly SegmentRow[],
  names: ReadonlySet<string> | null,
): Map<string, Points[]> {
  const series = new Map<string, Points[]>();
  for (const { keys, count, axis, values } of segments) {
    const reader = new IntegerReader(axis);
    const [steps, times, epochs] = [reader.read(count), reader.read(count), reader.read(count)];
    for (const [index, key] of keys.entries()) {
      if (names && !names.has(key)) continue;
      const points = { steps, times, epochs, values: doublesAt(values, 8 * count * index, count) };
      const parts = series.get(key);
      if (parts) parts.push(points);
      else series.set(key, [points]);
    }
  }
  return series;
}
