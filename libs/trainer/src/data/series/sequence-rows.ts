import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { DataError } from '../errors';
import type { CategoryColumn, QuantityColumn, SourceTable } from '../parquet';
import { repeatedTimes } from './sequence-columns';
import type { SequenceColumns } from './sequence-columns';

/** The rows of a table as sequences: one after the other, each in order of time. */
export interface SequenceRows {
  /** Row of the table at each place. */
  order: Uint32Array;
  /** Place at which each sequence begins; the last number is the count of rows. */
  starts: Uint32Array;
  /** Times by place, in the units of the column; null without a time column. */
  times: Float64Array | null;
  /** The key's column, by row of the table. */
  keys: CategoryColumn | null;
}

/**
 * Puts rows in order: by key, and by time within it.
 *
 * @throws DataError where a row has no time or no key, or times repeat within a sequence
 */
export async function orderRows(
  source: SourceTable,
  columns: SequenceColumns,
  all: readonly DatasetColumn[],
): Promise<SequenceRows> {
  const { time, key } = columns;
  const keys = key ? ((await source.read({ ...key, role: 'categorical' })) as CategoryColumn) : null;
  const read = time ? ((await source.read(asQuantity(time))) as QuantityColumn).values : null;
  if (key && keys) refuseMissing(key, (row) => (keys.codes[row] ?? -1) < 0, source.rowCount);
  if (time && read) refuseMissing(time, (row) => Number.isNaN(read[row]), source.rowCount);
  const order = Uint32Array.from({ length: source.rowCount }, (_, row) => row);
  const codeOf = (row: number) => keys?.codes[row] ?? 0;
  if (keys || read) {
    order.sort((a, b) => codeOf(a) - codeOf(b) || (read ? (read[a] ?? 0) - (read[b] ?? 0) : 0) || a - b);
  }
  const starts = [0];
  let repeats = 0;
  for (let place = 1; place < order.length; place++) {
    const [row, before] = [order[place] ?? 0, order[place - 1] ?? 0];
    if (codeOf(row) !== codeOf(before)) starts.push(place);
    else if (read && read[row] === read[before]) repeats++;
  }
  if (time && repeats > 0) throw new DataError(repeatedTimes({ time, key, repeats }, all));
  const times = read && Float64Array.from(order, (row) => read[row] ?? 0);
  return { order, starts: Uint32Array.from([...starts, order.length]), times, keys };
}

/** The column, to be read as numbers or milliseconds. */
export function asQuantity(column: DatasetColumn): DatasetColumn {
  return { ...column, role: column.type === 'date' || column.type === 'datetime' ? 'datetime' : 'numeric' };
}

function refuseMissing(column: DatasetColumn, isMissing: (row: number) => boolean, rowCount: number): void {
  let count = 0;
  let first = -1;
  for (let row = 0; row < rowCount; row++) {
    if (!isMissing(row)) continue;
    count++;
    if (first < 0) first = row;
  }
  if (count === 0) return;
  throw new DataError(
    `Column "${column.name}" is the ${column.sequence_role ?? 'time'} of the sequences, but ${count.toLocaleString('en')} of ${rowCount.toLocaleString('en')} rows lack it (the first is row ${first + 1}). Remove those rows, or give the column another role.`,
  );
}

/**
 * Where windows of `length` rows begin, every `stride` rows of each sequence; none reaches over the end of a sequence.
 *
 * @throws DataError where no sequence is long enough
 */
export function windowStarts({ starts }: Pick<SequenceRows, 'starts'>, length: number, stride: number): Uint32Array {
  const found: number[] = [];
  let longest = 0;
  for (let sequence = 0; sequence + 1 < starts.length; sequence++) {
    const [from, to] = [starts[sequence] ?? 0, starts[sequence + 1] ?? 0];
    longest = Math.max(longest, to - from);
    for (let place = from; place + length <= to; place += stride) found.push(place);
  }
  if (found.length > 0) return Uint32Array.from(found);
  throw new DataError(
    `No sequence has ${length} rows, the setting sequence_length: the longest of ${starts.length - 1} has ${longest}. Choose a sequence_length of at most ${longest}, or another key.`,
  );
}
