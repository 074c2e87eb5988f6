import type { DatasetColumn, DatasetStructure, SequenceRole } from '@gan-dashboard/shared-types';
import { DataError } from '../errors';

/** What the columns of a table are to a model of sequences; excluded ones are nowhere. */
export interface SequenceColumns {
  /** Orders the rows; null: they stand in order already. */
  time: DatasetColumn | null;
  /** Says which sequence a row belongs to; null: all rows are one sequence. */
  key: DatasetColumn | null;
  /** Those that were said to be attributes; features that never change within a sequence are attributes too. */
  attributes: DatasetColumn[];
  features: DatasetColumn[];
  /** Made anew in each sample. */
  ids: DatasetColumn[];
}

/**
 * Sorts columns by what they are to sequences: as their `sequence_role` says, else the first column of times orders the
 * rows, ids are made anew, and all others are features.
 *
 * @throws DataError where two columns claim to be the time or the key, or nothing is left to learn
 */
export function sequenceColumnsOf(columns: readonly DatasetColumn[]): SequenceColumns {
  const used = columns.filter(({ role }) => role !== 'excluded');
  const key = onlyOne(used, 'key');
  const time = onlyOne(used, 'time') ?? used.find((column) => isTime(column) && !column.sequence_role) ?? null;
  const rest = used.filter((column) => column !== key && column !== time);
  const ids = rest.filter((column) => column.role === 'id' && !column.sequence_role);
  const attributes = rest.filter(({ sequence_role: role }) => role === 'attribute');
  const features = rest.filter((column) => !ids.includes(column) && !attributes.includes(column));
  if (features.length === 0) {
    throw new DataError(
      'No column changes along a sequence: each one is the time, the key, an attribute, an id or excluded. Give at least one column the sequence role feature.',
    );
  }
  return { time, key, attributes, features, ids };
}

function isTime({ type }: DatasetColumn): boolean {
  return type === 'date' || type === 'datetime';
}

function onlyOne(columns: readonly DatasetColumn[], role: SequenceRole): DatasetColumn | null {
  const found = columns.filter(({ sequence_role: own }) => own === role);
  if (found.length > 1) {
    const names = found.map(({ name }) => `"${name}"`).join(', ');
    throw new DataError(`${names} all have the sequence role ${role}: a table of sequences has one. Keep one of them.`);
  }
  return found[0] ?? null;
}

/**
 * Why a model of sequences cannot read a data set, as far as its import can tell; null where nothing speaks against
 * it. What only the rows tell is said by the trainer in the same words.
 */
export function sequenceMistake(
  columns: readonly DatasetColumn[],
  structure: Pick<DatasetStructure, 'time_column' | 'repeated_timestamps'> | null,
): string | null {
  let found: SequenceColumns;
  try {
    found = sequenceColumnsOf(columns);
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
  const { time, key } = found;
  const repeats = structure?.repeated_timestamps ?? 0;
  if (!time || key || time.name !== structure?.time_column || repeats === 0) return null;
  return repeatedTimes({ time, key, repeats }, columns);
}

/** What is said where times repeat within what should be one sequence. */
export function repeatedTimes(
  { time, key, repeats }: { time: DatasetColumn; key: DatasetColumn | null; repeats: number },
  columns: readonly DatasetColumn[],
): string {
  const count = `${repeats.toLocaleString('en')} ${repeats === 1 ? 'row repeats' : 'rows repeat'}`;
  if (key) {
    return `${count} a time of column "${time.name}" within one value of the key "${key.name}": a sequence has one row at a time. Choose another key, aggregate the rows, or exclude "${time.name}" to take the rows in the order of the file.`;
  }
  const possible = columns.filter((column) => canBeKey(column) && column !== time).map(({ name }) => `"${name}"`);
  const wayOut =
    possible.length > 0
      ? `Give the column that tells them apart the sequence role key (it may be ${possible.slice(0, 8).join(', ')})`
      : 'No column of the table tells them apart: add one that does and give it the sequence role key';
  return `${count} the time of another in column "${time.name}": several sequences, such as instruments, stand under one time, and read as one they would be learned as jumps. ${wayOut}, or exclude "${time.name}" to take the rows in the order of the file.`;
}

function canBeKey({ role, type, distinct }: DatasetColumn): boolean {
  return role === 'id' || (role === 'categorical' && distinct > 1) || (type === 'text' && role !== 'excluded');
}
