import type { ColumnKind, DatasetColumn } from '@gan-dashboard/shared-types';
import type { EncodedRows, TrainingRows } from '../engine/gan-shape';
import { Random } from '../random/random';
import { columnKindOf, readAs } from './column-kind';
import { checkDatetimeFormat, fitCategories, gridOf, spell } from './column-transform';
import type { ColumnTransform } from './column-transform';
import { continuousEncoder, fitContinuous, slotCount } from './continuous-transform';
import type { ContinuousSettings } from './continuous-transform';
import { decimalsOf } from './decimals';
import { slotsOf } from './encoded-table';
import { DataError } from './errors';
import type { CategoryColumn, QuantityColumn, SourceTable } from './parquet';
import { RecordFile } from './record-file';
import type { RowSpill } from './record-file';
import { selectValues } from './select-values';
import { sparseLayoutOf } from './sparse-layout';
import { FileRows } from './stored-rows';
import { fitTextPatterns } from './text-pattern';

export interface SparseSettings extends ContinuousSettings {
  maxCategories: number;
}

export interface SparseTable<Rows = EncodedRows> {
  /** One a column of the samples, in source order; excluded columns have none. */
  transforms: ColumnTransform[];
  rows: Rows;
}

export interface EncodingSurroundings {
  /** Called before each column is read; throws to end early. */
  onColumn?: (column: DatasetColumn) => void | Promise<void>;
  /** Where rows go that are too many for memory; absent: all stay there. */
  spill?: RowSpill | undefined;
}

const fewestRows = 10;
/** Choices are kept as 16-bit numbers. */
const mostSlots = 65_536;
/** Text of which more than this share of the values is distinct is not learned as categories. */
const textShare = 0.5;

/** What encoding a column gives; a column that is not learned has neither. */
interface EncodedColumn {
  transform: ColumnTransform;
  numbers?: Float32Array;
  slots?: Uint16Array;
}

/**
 * Learns the transform of a table and encodes its rows, one column at a time. The same table gives the same
 * transforms and rows: what is drawn at random comes from streams named by the columns.
 *
 * @param onColumn called before each column is read; throws to end early
 * @throws DataError with too few rows, no column to learn, or a value that does not fit its column
 */
export async function fitSparseTable(
  source: SourceTable,
  columns: readonly DatasetColumn[],
  settings: SparseSettings,
  onColumn?: EncodingSurroundings['onColumn'],
): Promise<SparseTable> {
  const encoded: EncodedColumn[] = [];
  for await (const column of encodedColumns(source, columns, settings, onColumn)) encoded.push(column);
  const transforms = encoded.map(({ transform }) => transform);
  checkWidth(transforms);
  return { transforms, rows: putTogether(encoded, source.rowCount) };
}

/**
 * The same for training, where rows may be too many for memory: they then go to files, column by column. Models learn
 * the same from both, to the last bit.
 *
 * @throws DataError as `fitSparseTable`, or where the disk is full
 */
export async function fitTrainingTable(
  source: SourceTable,
  columns: readonly DatasetColumn[],
  settings: SparseSettings,
  { onColumn, spill }: EncodingSurroundings,
): Promise<SparseTable<TrainingRows>> {
  if (!spill || encodedBytes(source.rowCount, columns) <= spill.limitBytes) {
    return fitSparseTable(source, columns, settings, onColumn);
  }
  const records = new RecordFile(spill.folder, source.rowCount);
  try {
    const transforms: ColumnTransform[] = [];
    const fields = { numbers: [] as number[], choices: [] as number[] };
    for await (const { transform, numbers, slots } of encodedColumns(source, columns, settings, onColumn)) {
      transforms.push(transform);
      const [places] = sparseLayoutOf([transform], true).columns;
      if (places?.number === 0 && numbers) fields.numbers.push(records.add(numbers));
      if (places?.choice === 0 && slots) fields.choices.push(records.add(slots));
    }
    checkWidth(transforms);
    records.finish();
    return { transforms, rows: new FileRows(records, fields, spill.folder) };
  } catch (error) {
    records.close();
    throw error;
  }
}

/** Bytes of memory for a number, for a choice, and for the place of a row in a list; the engine has a copy of all. */
const bytesOf = { number: 2 * 4, choice: 2 * 2, listed: 2 * 4 };

/** What the rows would take in memory, at most; known before they are encoded. */
export function encodedBytes(rowCount: number, columns: readonly DatasetColumn[]): number {
  const { number, choice, listed } = bytesOf;
  const each = columns.map(({ role }) => {
    if (role === 'excluded' || role === 'id') return 0;
    return choice + listed + (role === 'categorical' ? 0 : number);
  });
  return rowCount * each.reduce<number>((sum, bytes) => sum + bytes, 0);
}

async function* encodedColumns(
  source: SourceTable,
  columns: readonly DatasetColumn[],
  settings: SparseSettings,
  onColumn: EncodingSurroundings['onColumn'],
): AsyncGenerator<EncodedColumn> {
  if (source.rowCount < fewestRows) {
    throw new DataError(`The table has ${source.rowCount} rows; training needs at least ${fewestRows}.`);
  }
  for (const column of columns.filter(({ role }) => role !== 'excluded')) {
    await onColumn?.(column);
    yield encodeColumn(column, source, settings);
  }
}

function checkWidth(transforms: readonly ColumnTransform[]): void {
  if (sparseLayoutOf(transforms, true).layout.width === 0) {
    throw new DataError(
      'No column of the table can be learned: each one is constant, empty, unique text, an id or excluded. Give at least one column that varies the role numeric, categorical or datetime.',
    );
  }
}

async function encodeColumn(given: DatasetColumn, source: SourceTable, settings: SparseSettings): Promise<EncodedColumn> {
  const kind = columnKindOf(given);
  const column = readAs(given, kind);
  if (kind === 'id') return { transform: { kind: 'id', column } };
  if (column.datetime_format !== undefined) checkDatetimeFormat(column);
  const values = await source.read(column);
  return values.kind === 'quantity'
    ? encodeQuantity(column, values, kind, settings)
    : encodeCategories(column, values, kind, settings.maxCategories);
}

function encodeQuantity(
  column: DatasetColumn,
  { values }: QuantityColumn,
  kind: ColumnKind,
  settings: SparseSettings,
): EncodedColumn {
  const present = selectValues(values, (value) => !Number.isNaN(value));
  const missing = values.length - present.length;
  const [first] = present;
  if (first === undefined) return { transform: { kind: 'constant', column, value: null } };
  if (missing === 0 && present.every((value) => value === first)) {
    return { transform: { kind: 'constant', column, value: spell(first + 0, column) } };
  }
  const random = Random.of(0, 'encode', column.name);
  const fitted = fitContinuous(present, settings, random);
  const encode = continuousEncoder(fitted);
  const counts = new Array<number>(slotCount(fitted)).fill(0);
  const numbers = new Float32Array(values.length);
  const slots = new Uint16Array(values.length);
  values.forEach((value, row) => {
    const isMissing = Number.isNaN(value);
    const { slot, number } = isMissing ? { slot: counts.length, number: 0 } : encode(value, random);
    if (!isMissing) counts[slot] = (counts[slot] ?? 0) + 1;
    numbers[row] = number;
    slots[row] = slot;
  });
  const grid = kind === 'integer' ? { origin: 0, step: 1 } : gridOf(column, present);
  const decimals = kind === 'continuous' && column.type === 'number' ? (column.decimals ?? decimalsOf(present)) : null;
  const range = rangeOf(present);
  return { transform: { kind: 'continuous', column, ...fitted, counts, missing, grid, decimals, ...range }, numbers, slots };
}

function rangeOf(values: Float64Array): { smallest: number; largest: number } {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  // Adding 0 turns -0 into 0, which is what JSON would do to it.
  return { smallest: smallest + 0, largest: largest + 0 };
}

function encodeCategories(
  column: DatasetColumn,
  source: CategoryColumn,
  kind: ColumnKind,
  maxCategories: number,
): EncodedColumn {
  const missing = source.codes.reduce((count, code) => count + (code < 0 ? 1 : 0), 0);
  const present = source.codes.length - missing;
  if (present > 0 && (kind === 'text' || isUniqueText(column, source, { present, maxCategories }))) {
    const { patterns, counts } = fitTextPatterns(textsOf(source));
    const slots = Uint16Array.from(source.codes, (code) => (code < 0 ? 1 : 0));
    return { transform: { kind: 'text', column, patterns, counts, present, missing }, slots };
  }
  const transform = fitCategories(column, source, maxCategories);
  if (transform.kind !== 'categorical') return { transform };
  if (transform.values.length + 2 > mostSlots) {
    throw new DataError(
      `Column "${column.name}" has ${transform.values.length} categories of its own; at most ${mostSlots - 2} can be learned. Lower max_categories.`,
    );
  }
  return { transform, slots: Uint16Array.from(slotsOf(transform, source)) };
}

/** Text whose values hardly repeat: as categories nearly all of it would be "the rest". */
function isUniqueText(
  column: DatasetColumn,
  { values }: CategoryColumn,
  { present, maxCategories }: { present: number; maxCategories: number },
): boolean {
  const isFreeToChoose = column.kind === undefined && column.type === 'text';
  return isFreeToChoose && values.length > maxCategories + 1 && values.length > textShare * present;
}

function* textsOf({ codes, values }: CategoryColumn): Generator<string> {
  for (const code of codes) {
    const value = values[code];
    if (value !== undefined) yield String(value);
  }
}

/** Row by row, as batches read them. */
function putTogether(encoded: readonly EncodedColumn[], rowCount: number): EncodedRows {
  const { columns, layout } = sparseLayoutOf(
    encoded.map(({ transform }) => transform),
    true,
  );
  const numberSpans = layout.spans.filter(({ kind }) => kind === 'number').length;
  const choiceSpans = layout.spans.length - numberSpans;
  const numbers = new Float32Array(rowCount * numberSpans);
  const choices = new Uint16Array(rowCount * choiceSpans);
  columns.forEach((places, index) => {
    const column = encoded[index];
    if (places.number !== null) spread(column?.numbers, numbers, { place: places.number, stride: numberSpans });
    if (places.choice !== null) spread(column?.slots, choices, { place: places.choice, stride: choiceSpans });
  });
  return { rowCount, numbers, choices };
}

function spread(
  from: Float32Array | Uint16Array | undefined,
  to: Float32Array | Uint16Array,
  { place, stride }: { place: number; stride: number },
): void {
  if (!from) throw new Error('a column that has a place has values');
  for (let row = 0; row < from.length; row++) to[row * stride + place] = from[row] ?? 0;
}
