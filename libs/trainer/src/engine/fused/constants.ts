import { Constant, Control } from '../../../assembly/layout';
import { isStored } from '../gan-shape';
import type { GanShape, RowLayout, TrainingRows } from '../gan-shape';
import type { Arena } from './arena';
import { padded } from './arena';
import { categoryCounts, conditionColumns, logFrequencies, rowLists, thresholdsOf } from './conditions';
import { isNumber } from './hyperparameters';
import type { Runtime } from './runtime';

interface ConstantSettings {
  batchSize: number;
  threads: number;
  /** Absent where nothing is trained. */
  rows?: TrainingRows;
}

/**
 * Keeps room for what never changes while a model lives: its spans, and in training the encoded rows with the lists of
 * those that have each category.
 *
 * @returns writes it to the module's memory
 */
export function layOutConstants(
  shape: GanShape,
  { batchSize, threads, rows }: ConstantSettings,
  arena: Arena,
): (runtime: Runtime) => void {
  const { layout, critic } = shape;
  const columns = conditionColumns(layout);
  const spans = layout.spans.flatMap((span) =>
    span.kind === 'number' ? [0, span.start, 1] : [1, span.start, span.width],
  );
  const scratchBytes = scratchBytesFor(padded(layout.width));
  const values = new Map<Constant, number>([
    [Constant.BatchSize, batchSize],
    [Constant.Pac, critic.pac],
    [Constant.RowStride, padded(layout.width)],
    [Constant.ConditionStride, padded(columns.places.length)],
    [Constant.NumberSpans, layout.spans.filter(isNumber).length],
    [Constant.ChoiceSpans, layout.spans.filter((span) => !isNumber(span)).length],
    [Constant.ConditionColumns, columns.starts.length - 1],
    [Constant.SpanCount, layout.spans.length],
    [Constant.RowCount, rows?.rowCount ?? 0],
    [Constant.ScratchBytes, scratchBytes],
    [Constant.Scratch, arena.bytes(threads * scratchBytes)],
  ]);
  const tables = [
    [Constant.Spans, Int32Array.from(spans)] as const,
    ...(rows ? trainingTables(shape, rows, batchSize) : []),
  ];
  for (const [constant, table] of tables) values.set(constant, arena.bytes(table.byteLength));
  return (runtime) => {
    for (const [constant, value] of values) runtime.words[(Control.Constants + constant) >> 2] = value;
    for (const [constant, table] of tables) {
      const bytes = new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
      new Uint8Array(runtime.memory.buffer).set(bytes, values.get(constant));
    }
  };
}

function trainingTables(
  { layout }: GanShape,
  rows: TrainingRows,
  batchSize: number,
): (readonly [Constant, ArrayBufferView])[] {
  const columns = conditionColumns(layout);
  const lists = rowLists(layout, rows);
  const startsOf = (wantsNumbers: boolean) =>
    Int32Array.from(layout.spans.filter((span) => isNumber(span) === wantsNumbers).map(({ start }) => start));
  return [
    [Constant.NumberStarts, startsOf(true)],
    [Constant.ChoiceStarts, startsOf(false)],
    ...rowTables(layout, rows, batchSize),
    [Constant.ConditionStarts, columns.starts],
    [Constant.ConditionThresholds, thresholdsOf(columns, logFrequencies(categoryCounts(lists)))],
    [Constant.ConditionPlaces, columns.places],
    [Constant.ListStarts, lists.starts],
    ...(lists.rows ? [[Constant.ListRows, lists.rows] as const] : []),
  ];
}

/** All rows, or room for those of one batch where they are not in memory. */
function rowTables({ spans }: RowLayout, rows: TrainingRows, batchSize: number) {
  const numbers = spans.filter(isNumber).length;
  const { numbers: values, choices } = isStored(rows)
    ? { numbers: new Float32Array(batchSize * numbers), choices: new Uint16Array(batchSize * (spans.length - numbers)) }
    : rows;
  return [[Constant.Numbers, values] as const, [Constant.Choices, choices] as const];
}

/** Bytes of a packed panel of a product, and what whole vectors write past it. */
export const panelBytes = 32_768 + 256;

/** A panel, or two encoded rows. */
function scratchBytesFor(rowWidth: number): number {
  return Math.max(panelBytes, 8 * rowWidth + 64);
}
