import { cellSchema, datasetColumnSchema } from '@gan-dashboard/shared-types';
import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import { z } from 'zod';
import { datetimeWriter, isoDate, isoMilliseconds, isoSeconds } from './datetime-format';
import { DataError } from './errors';
import { fitNumericMap, numericMapSchema } from './numeric-transform';
import { bookStateSchema } from './order-book/book-state';
import type { CategoryColumn, QuantityColumn, SourceColumn } from './parquet';
import { sequenceSpaceSchema } from './series/sequence-space';

const categoryValueSchema = z.union([z.string(), z.number(), z.boolean()]);

/** Values lie on `origin` + k * `step`. */
const gridSchema = z.object({ origin: z.number(), step: z.number().positive() });
export type Grid = z.infer<typeof gridSchema>;

const componentSchema = z.object({ mean: z.number(), std: z.number(), weight: z.number(), log_offset: z.number() });

/** What was learned of one column: enough to encode it, to decode it and to spell its values. Kept in checkpoints. */
export const columnTransformSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('numeric'),
    column: datasetColumnSchema,
    map: numericMapSchema,
    missing: z.int().min(0),
    grid: gridSchema.nullable(),
  }),
  z.object({
    kind: z.literal('continuous'),
    column: datasetColumnSchema,
    scale: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('linear') }),
      z.object({ kind: z.literal('log'), shift: z.number() }),
    ]),
    components: z.array(componentSchema),
    low: z.number(),
    high: z.number(),
    special: z.array(z.number()),
    /** Rows of each slot: components, then special values. */
    counts: z.array(z.int().min(0)),
    missing: z.int().min(0),
    grid: gridSchema.nullable(),
    decimals: z.int().nullable(),
    /** Range of the values, in the units of the source. */
    smallest: z.number(),
    largest: z.number(),
    /** Of the first column of an order book, whose columns have no slots: they are encoded together. */
    book: bookStateSchema.optional(),
  }),
  z.object({
    kind: z.literal('text'),
    column: datasetColumnSchema,
    patterns: z.array(z.string()).min(1),
    /** Texts of each pattern. */
    counts: z.array(z.int().min(1)),
    present: z.int().min(1),
    missing: z.int().min(0),
  }),
  z.object({
    kind: z.literal('categorical'),
    column: datasetColumnSchema,
    values: z.array(categoryValueSchema),
    counts: z.array(z.int().min(1)),
    /** Values beyond the most frequent ones; they share one slot. */
    rest: z.object({ values: z.array(categoryValueSchema), counts: z.array(z.int().min(1)) }).nullable(),
    missing: z.int().min(0),
  }),
  z.object({ kind: z.literal('constant'), column: datasetColumnSchema, value: cellSchema }),
  z.object({
    kind: z.literal('id'),
    column: datasetColumnSchema,
    /** The number of a sequence: with it what was learned of the sequences. */
    sequences: sequenceSpaceSchema.optional(),
  }),
]);
export type ColumnTransform = z.infer<typeof columnTransformSchema>;
export type NumericTransform = Extract<ColumnTransform, { kind: 'numeric' }>;
export type ContinuousColumn = Extract<ColumnTransform, { kind: 'continuous' }>;
export type CategoricalTransform = Extract<ColumnTransform, { kind: 'categorical' }>;

/**
 * Learns how to encode a column of role numeric, datetime or categorical.
 *
 * @throws DataError where the column's time format is not known
 */
export function fitColumn(column: DatasetColumn, source: SourceColumn, maxCategories: number): ColumnTransform {
  if (column.datetime_format !== undefined) checkDatetimeFormat(column);
  return source.kind === 'quantity' ? fitQuantity(column, source) : fitCategories(column, source, maxCategories);
}

function fitQuantity(column: DatasetColumn, source: QuantityColumn): ColumnTransform {
  const present = source.values.filter((value) => !Number.isNaN(value));
  const missing = source.values.length - present.length;
  const first = present[0];
  if (first === undefined) return { kind: 'constant', column, value: null };
  if (present.every((value) => value === first)) {
    if (missing === 0) return { kind: 'constant', column, value: spell(first, column) };
    return { kind: 'categorical', column, values: [first], counts: [present.length], rest: null, missing };
  }
  return { kind: 'numeric', column, map: fitNumericMap(present), missing, grid: gridOf(column, present) };
}

/** The grid that all values of a column lie on; null where there is none to go by. */
export function gridOf(column: DatasetColumn, values: Float64Array): Grid | null {
  if (column.type === 'integer') return { origin: 0, step: 1 };
  if (column.role !== 'datetime') return null;
  const origin = values[0] ?? 0;
  let step = 0;
  for (const value of values) {
    step = greatestCommonDivisor(step, Math.round(Math.abs(value - origin)));
    if (step === 1) break;
  }
  return { origin, step: Math.max(1, step) };
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

export function fitCategories(column: DatasetColumn, source: CategoryColumn, maxCategories: number): ColumnTransform {
  const counts = new Array<number>(source.values.length).fill(0);
  let missing = 0;
  for (const code of source.codes) {
    if (code < 0) missing++;
    else counts[code] = (counts[code] ?? 0) + 1;
  }
  const order = counts.map((_, code) => code).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  const take = (codes: number[]) => ({
    values: codes.flatMap((code) => source.values[code] ?? []),
    counts: codes.map((code) => counts[code] ?? 0),
  });
  // One value too many would be an "other" slot of a single value: keep it under its own name.
  const kept = order.length <= maxCategories + 1 ? order.length : maxCategories;
  const rest = kept < order.length ? take(order.slice(kept)) : null;
  const { values, counts: keptCounts } = take(order.slice(0, kept));
  const [only] = values;
  if (only === undefined) return { kind: 'constant', column, value: null };
  if (values.length === 1 && missing === 0) return { kind: 'constant', column, value: spell(only, column) };
  return { kind: 'categorical', column, values, counts: keptCounts, rest, missing };
}

/** A value as the source spells it: times as text in the source's format, everything else as it is. */
export function spell(value: string | number | boolean, column: DatasetColumn): Cell {
  if (typeof value !== 'number' || (column.type !== 'date' && column.type !== 'datetime')) return value;
  return timeWriterOf(column, value % 1000 === 0 ? 1000 : 1)(value);
}

/** Writes the times of a column; `step` is their resolution in milliseconds. */
export function timeWriterOf(column: DatasetColumn, step: number): (milliseconds: number) => string {
  const iso = column.type === 'date' ? isoDate : step % 1000 === 0 ? isoSeconds : isoMilliseconds;
  return datetimeWriter(column.datetime_format ?? iso);
}

/** @throws DataError where the column's time format is not known */
export function checkDatetimeFormat(column: DatasetColumn): void {
  try {
    timeWriterOf(column, 1000);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`Column "${column.name}": ${reason}. Exclude the column or treat it as categorical text.`, {
      cause,
    });
  }
}
