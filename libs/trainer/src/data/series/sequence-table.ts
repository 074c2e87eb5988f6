import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { checkDatetimeFormat, fitCategories, gridOf } from '../column-transform';
import type { CategoricalTransform, ColumnTransform, ContinuousColumn } from '../column-transform';
import { decimalsOf } from '../decimals';
import { DataError } from '../errors';
import { usesLogarithm } from '../long-tail';
import type { CategoryColumn, QuantityColumn, SourceTable } from '../parquet';
import { fitCalendar } from './calendar';
import { sequenceColumnsOf } from './sequence-columns';
import type { SequenceColumns } from './sequence-columns';
import { asQuantity, orderRows } from './sequence-rows';
import type { SequenceRows } from './sequence-rows';
import type { Calendar, SequenceSpace } from './sequence-space';
import { scaled } from './sequence-transforms';

/** A learned column of numbers. */
export interface NumberSeries {
  transform: ContinuousColumn;
  isAttribute: boolean;
  /** By place, on the scale that is learned; gaps hold the value before them. */
  values: Float64Array;
  /** 1 where the source has no value; null where it has all. */
  gaps: Uint8Array | null;
}

export interface ChoiceSeries {
  transform: CategoricalTransform;
  isAttribute: boolean;
  /** Slot of each place. */
  slots: Uint16Array;
}

/** A table as sequences: what was learned of its columns, and their values in order. */
export interface SequenceTable {
  rows: SequenceRows;
  numbers: NumberSeries[];
  choices: ChoiceSeries[];
  calendar: Calendar | null;
  /** A key with more values than are learned. */
  newKey: string | null;
  /** One a column that is not excluded, in the order of the source. */
  transforms: ColumnTransform[];
}

const fewestRows = 10;

/**
 * Reads a table as sequences, one column at a time.
 *
 * @param onColumn called before each column is read; throws to end early
 * @throws DataError where times repeat, an attribute changes within a sequence, or there is nothing to learn
 */
export async function readSequences(
  source: SourceTable,
  columns: readonly DatasetColumn[],
  maxCategories: number,
  onColumn: () => void | Promise<void> = () => undefined,
): Promise<SequenceTable> {
  if (source.rowCount < fewestRows) {
    throw new DataError(`The table has ${source.rowCount} rows; training needs at least ${fewestRows}.`);
  }
  const sorted = sequenceColumnsOf(columns);
  const rows = await orderRows(source, sorted, columns);
  const table: SequenceTable = { rows, numbers: [], choices: [], calendar: null, newKey: null, transforms: [] };
  for (const column of columns.filter(({ role }) => role !== 'excluded')) {
    await onColumn();
    await addColumn(table, column, { source, sorted, maxCategories });
  }
  return table;
}

interface Reading {
  source: SourceTable;
  sorted: SequenceColumns;
  maxCategories: number;
}

async function addColumn(table: SequenceTable, column: DatasetColumn, reading: Reading): Promise<void> {
  const { sorted, source, maxCategories } = reading;
  const { rows, transforms } = table;
  if (column === sorted.time) {
    addTime(table, column);
  } else if (sorted.ids.includes(column)) {
    transforms.push({ kind: 'id', column });
  } else if (column === sorted.key && (rows.keys?.values.length ?? 0) > maxCategories) {
    transforms.push({ kind: 'id', column });
    table.newKey = column.name;
  } else if (column === sorted.key || isChoice(column)) {
    const read = (await source.read({ ...column, role: 'categorical' })) as CategoryColumn;
    addChoice(table, column, read, reading);
  } else {
    addNumber(table, column, (await source.read(asQuantity(column))) as QuantityColumn, reading);
  }
}

function addTime(table: SequenceTable, column: DatasetColumn): void {
  if (column.datetime_format !== undefined) checkDatetimeFormat(column);
  table.calendar = fitCalendar(column, table.rows);
  const times = table.rows.times ?? new Float64Array();
  table.transforms.push(quantityTransform(asQuantity(column), times, 0));
}

/** A column of quantities on the scale on which it is learned; there are no modes, so its components are none. */
function quantityTransform(column: DatasetColumn, present: Float64Array, missing: number): ContinuousColumn {
  const [smallest, largest] = rangeOf(present);
  const scale = column.role === 'datetime' ? ({ kind: 'linear' } as const) : scaleOf(present, smallest, largest);
  const grid = gridOf(column, present);
  const decimals = column.type === 'number' ? (column.decimals ?? decimalsOf(present)) : null;
  const transform: ContinuousColumn = {
    ...{ kind: 'continuous', column, scale, components: [], special: [], counts: [] },
    ...{ low: smallest, high: largest, missing, grid, decimals, smallest, largest },
  };
  return { ...transform, low: scaled(transform, smallest), high: scaled(transform, largest) };
}

/** From this ratio of the largest to the smallest value on, what is above 0 is taken to move by ratios, as prices do. */
const wideRatio = 3;

function scaleOf(present: Float64Array, smallest: number, largest: number): ContinuousColumn['scale'] {
  if (smallest > 0 && largest >= wideRatio * smallest) return { kind: 'log', shift: 0 };
  return usesLogarithm(present);
}

function isChoice({ role, type, kind }: DatasetColumn): boolean {
  if (kind !== undefined) return kind === 'categorical' || kind === 'boolean' || kind === 'text';
  return role === 'categorical' || type === 'text' || type === 'boolean';
}

function addChoice(table: SequenceTable, column: DatasetColumn, read: CategoryColumn, reading: Reading): void {
  const fitted = fitCategories(column, read, reading.maxCategories);
  if (fitted.kind !== 'categorical') {
    table.transforms.push(fitted);
    return;
  }
  const { values, rest } = fitted;
  const slotOf = new Map(values.map((value, slot) => [value, slot]));
  const slotOfCode = read.values.map((value) => slotOf.get(value) ?? values.length);
  const missingSlot = values.length + (rest ? 1 : 0);
  const slots = Uint16Array.from(table.rows.order, (row) => {
    const code = read.codes[row] ?? -1;
    return code < 0 ? missingSlot : (slotOfCode[code] ?? missingSlot);
  });
  const isAttribute = isConstant(column, (a, b) => slots[a] === slots[b], table.rows, reading.sorted);
  table.transforms.push(fitted);
  table.choices.push({ transform: fitted, slots, isAttribute });
}

function addNumber(table: SequenceTable, column: DatasetColumn, read: QuantityColumn, { sorted }: Reading): void {
  const { rows, transforms } = table;
  const present = read.values.filter((value) => !Number.isNaN(value));
  const missing = read.values.length - present.length;
  const [first] = present;
  if (first === undefined || (missing === 0 && present.every((value) => value === first))) {
    if (column.role === 'datetime' && first !== undefined) throw constantTime(column);
    transforms.push({ kind: 'constant', column, value: first ?? null });
    return;
  }
  const inOrder = Float64Array.from(rows.order, (row) => read.values[row] ?? Number.NaN);
  const gaps = missing > 0 ? Uint8Array.from(inOrder, (value) => (Number.isNaN(value) ? 1 : 0)) : null;
  const filled = gaps ? fillGaps(inOrder, rows) : inOrder;
  const isAttribute = isConstant(column, (a, b) => Object.is(inOrder[a], inOrder[b]), rows, sorted);
  const transform = quantityTransform(asQuantity(column), present, missing);
  transforms.push(transform);
  table.numbers.push({ transform, isAttribute, gaps, values: filled.map((value) => scaled(transform, value)) });
}

function constantTime({ name }: DatasetColumn): DataError {
  return new DataError(`Column "${name}" holds the same time in every row. Exclude it.`);
}

/** Whether a column belongs to the sequences rather than to their rows. */
function isConstant(
  column: DatasetColumn,
  areEqual: (a: number, b: number) => boolean,
  { starts }: SequenceRows,
  { key, attributes }: SequenceColumns,
): boolean {
  const isSaid = column === key || attributes.includes(column);
  // With one sequence everything would have to be constant, and such columns are not learned at all.
  if (!isSaid && (column.sequence_role === 'feature' || starts.length <= 2)) return false;
  for (let sequence = 0; sequence + 1 < starts.length; sequence++) {
    const from = starts[sequence] ?? 0;
    for (let place = from + 1; place < (starts[sequence + 1] ?? 0); place++) {
      if (areEqual(from, place)) continue;
      if (!isSaid) return false;
      throw new DataError(
        `Column "${column.name}" has the sequence role attribute, but changes within a sequence (the ${sequence + 1}. one, after ${place - from} rows). Make it a feature${key ? '' : ', or name the key of the sequences'}.`,
      );
    }
  }
  return true;
}

/** The last known value stands in a gap, before the first one the first; in a sequence without any, the mean. */
function fillGaps(values: Float64Array, { starts }: SequenceRows): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const filled = values.slice();
  for (let sequence = 0; sequence + 1 < starts.length; sequence++) {
    const [from, to] = [starts[sequence] ?? 0, starts[sequence + 1] ?? 0];
    let last = values.subarray(from, to).find((value) => !Number.isNaN(value)) ?? mean;
    for (let place = from; place < to; place++) {
      const value = values[place] ?? Number.NaN;
      if (Number.isNaN(value)) filled[place] = last;
      else last = value;
    }
  }
  return filled;
}

export function rangeOf(values: Float64Array): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

const sequenceName = 'sequence';

/** The transforms of a table, before them the column that numbers the sequences and holds what was learned of them. */
export function withSpace(table: SequenceTable, encoding: SequenceSpace['encoding']): ColumnTransform[] {
  const learned = [...table.numbers, ...table.choices];
  const named = (wanted: boolean) =>
    learned.filter(({ isAttribute }) => isAttribute === wanted).map(({ transform }) => transform.column.name);
  const taken = new Set(table.transforms.map(({ column }) => column.name));
  let name = sequenceName;
  for (let number = 2; taken.has(name); number++) name = `${sequenceName}_${number}`;
  const sequences: SequenceSpace = {
    attributes: named(true),
    features: named(false),
    new_key: table.newKey,
    calendar: table.calendar,
    encoding,
  };
  const column: DatasetColumn = {
    name,
    type: 'integer',
    role: 'id',
    missing: 0,
    distinct: table.rows.starts.length - 1,
  };
  return [{ kind: 'id', column, sequences }, ...table.transforms];
}
