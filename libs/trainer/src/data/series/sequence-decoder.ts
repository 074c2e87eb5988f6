import type { Cell } from '@gan-dashboard/shared-types';
import type { RowLayout } from '../../engine/gan-shape';
import type { Random } from '../../random/random';
import { categoryWriter, idWriter, quantityWriter } from '../cell-writers';
import type { ColumnTransform, ContinuousColumn } from '../column-transform';
import { DataError } from '../errors';
import { startOf, timesFrom } from './calendar';
import { fromComponents } from './principal-axes';
import { isNumber, unscaled } from './sequence-transforms';
import type { LearnedColumn, SequenceTransforms } from './sequence-transforms';
import { halfAt, tableExtent, windowLayoutOf, windowsOf } from './windows';

/** Where sequences of a sample begin. */
export interface SequenceStart {
  /** Time of the first row, as ISO 8601, or a number where the time column holds numbers. */
  time?: string | number | undefined;
  /** Values of the first row by column of numbers: the sequence is scaled to it, or moved where values reach below 0. */
  values?: Readonly<Record<string, number>> | undefined;
}

/** One sequence as it was drawn: its numbers on the scale of the source, and its choices. */
export interface DrawnSequence {
  length: number;
  /** Value of a column of numbers in a row; NaN is a missing one. */
  numberAt: (column: ContinuousColumn, row: number) => number;
  /** Slot of a column of choices in a row. */
  slotAt: (column: LearnedColumn, row: number) => number;
}

/** Place of a sequence in the whole sample. */
export interface SequencePlace {
  sequence: number;
  /** Number of its first row, from 0. */
  row: number;
}

type ColumnWriter = (drawn: DrawnSequence, at: SequencePlace, random: Random) => Cell[];

/**
 * Turns drawn sequences into rows of the source, with the number of the sequence before them.
 *
 * @param isBounded whether numbers stay within the range that was seen
 * @param seed names the sample: text ids of two samples differ
 * @throws DataError for a start that the columns cannot have
 */
export function sequenceWriter(
  transforms: SequenceTransforms,
  rules: WritingRules,
): (drawn: DrawnSequence, at: SequencePlace, random: Random) => Cell[][] {
  checkStart(transforms, rules.start ?? {});
  const writers = transforms.all.map((transform) => writerOf(transform, transforms, rules));
  return (drawn, at, random) => {
    const columns = writers.map((write) => write(drawn, at, random));
    return Array.from({ length: drawn.length }, (_, row) => columns.map((cells) => cells[row] ?? null));
  };
}

export interface WritingRules {
  start?: SequenceStart | undefined;
  seed: number;
  isBounded: boolean;
}

function writerOf(
  transform: ColumnTransform,
  { space, attributes }: SequenceTransforms,
  { start = {}, seed, isBounded }: WritingRules,
): ColumnWriter {
  const each = (length: number, cellOf: (row: number) => Cell) => Array.from({ length }, (_, row) => cellOf(row));
  const { column, kind } = transform;
  if (kind === 'constant') return ({ length }) => each(length, () => transform.value);
  if (kind === 'id') {
    const write = idWriter(column, seed);
    const isPerSequence = transform.sequences !== undefined || column.name === space.new_key;
    return ({ length }, { sequence, row }) => each(length, (index) => write(isPerSequence ? sequence : row + index));
  }
  if (space.calendar?.column === column.name) {
    const { calendar } = space;
    const first = startOf(column, calendar, start.time);
    return ({ length }) => timesFrom(column, calendar, first, length);
  }
  if (kind === 'categorical') {
    const write = categoryWriter(transform);
    const isAttribute = attributes.includes(transform);
    return (drawn, _at, random) => {
      const first = isAttribute ? write(drawn.slotAt(transform, 0), random) : null;
      return each(drawn.length, (row) => (isAttribute ? first : write(drawn.slotAt(transform, row), random)));
    };
  }
  if (kind === 'continuous') return numberWriter(transform, start.values?.[column.name], isBounded);
  throw new Error(`column "${column.name}" was encoded as ${kind}, which sequences do not have`);
}

function numberWriter(transform: ContinuousColumn, wanted: number | undefined, isBounded: boolean): ColumnWriter {
  const { column, grid, decimals, smallest, largest } = transform;
  const isFree = !isBounded || wanted !== undefined;
  const bounds = isFree
    ? { smallest: Number.NEGATIVE_INFINITY, largest: Number.POSITIVE_INFINITY }
    : { smallest, largest };
  const write = quantityWriter({ column, grid, decimals, ...bounds });
  return (drawn) => {
    const first = drawn.numberAt(transform, 0);
    // What is above 0 moves by ratios, as prices do.
    const isScaled = smallest > 0 && first > 0;
    const adjust = (value: number) =>
      wanted === undefined ? value : isScaled ? (value * wanted) / first : value + wanted - first;
    return Array.from({ length: drawn.length }, (_, row) => {
      const value = drawn.numberAt(transform, row);
      return Number.isNaN(value) ? null : write(adjust(value));
    });
  };
}

function checkStart({ space, features }: SequenceTransforms, { time, values = {} }: SequenceStart): void {
  if (time !== undefined && !space.calendar) {
    throw new DataError(
      `start.time is ${JSON.stringify(time)}, but the model has learned no column of times. Leave it out.`,
    );
  }
  const possible = features.filter(isNumber);
  for (const [name, value] of Object.entries(values)) {
    const found = possible.find(({ column }) => column.name === name);
    if (!found) {
      const names = possible.map(({ column }) => column.name).join(', ');
      throw new DataError(
        `start.values names "${name}", which is no number that changes along a sequence. There are: ${names}.`,
      );
    }
    if (found.smallest > 0 && value <= 0) {
      throw new DataError(`start.values has ${value} for "${name}", whose values are all above 0. Give one above 0.`);
    }
  }
}

/**
 * Reads windows that a generator gave, or that a table was encoded to.
 *
 * @returns for the encoded window that begins at `offset`, its first `length` rows
 */
export function windowReader(transforms: SequenceTransforms) {
  const windows = windowsOf(transforms.space);
  const layout = windowLayoutOf(transforms);
  const { attributes, features, scales } = layout;
  const featureNumbers = transforms.features.filter(isNumber);
  const attributeNumbers = transforms.attributes.filter(isNumber);
  const featureChoices = choicesOf(transforms.features, features);
  const attributeChoices = choicesOf(transforms.attributes, attributes);

  return (encoded: Float32Array, offset: number, length: number): DrawnSequence => {
    const rowsAt = offset + attributes.width + scales;
    const extents = windows.ranges.map((range, k): [number, number] => {
      if (scales === 0) return tableExtent(range);
      const at = offset + attributes.width + 2 * k;
      const [centre, half] = [bounded(encoded[at]), bounded(encoded[at + 1])];
      return [range.low + ((centre + 1) / 2) * (range.high - range.low), halfAt(half, range)];
    });
    const learned = Array.from({ length }, (_, row) => {
      const from = rowsAt + row * features.width;
      return fromComponents(
        windows.axes,
        extents.map(([centre, half], k) => centre + half * bounded(encoded[from + k])),
      );
    });
    const slotOf = ({ start, width }: ChoiceSpan, from: number) => argmax(encoded, from + start, width);
    const choiceAt = (column: LearnedColumn, row: number): number => {
      const own = attributeChoices.get(column);
      if (own) return slotOf(own, offset);
      const span = featureChoices.get(column);
      return span ? slotOf(span, rowsAt + row * features.width) : 0;
    };
    return {
      length,
      slotAt: choiceAt,
      numberAt: (column, row) => {
        if (column.missing > 0 && choiceAt(column, row) === 1) return Number.NaN;
        const index = attributeNumbers.indexOf(column);
        if (index < 0) return unscaled(column, learned[row]?.[featureNumbers.indexOf(column)] ?? 0);
        const { low, high } = column;
        return unscaled(column, low + ((bounded(encoded[offset + index]) + 1) / 2) * (high - low));
      },
    };
  };
}

interface ChoiceSpan {
  start: number;
  width: number;
}

function choicesOf(columns: readonly LearnedColumn[], { spans }: RowLayout): Map<LearnedColumn, ChoiceSpan> {
  const choices = spans.filter((span) => span.kind === 'choice');
  const having = columns.filter((each) => each.kind === 'categorical' || each.missing > 0);
  return new Map(having.flatMap((column, index) => (choices[index] ? [[column, choices[index]] as const] : [])));
}

function bounded(value: number | undefined): number {
  return Math.min(1, Math.max(-1, value ?? 0));
}

function argmax(values: Float32Array, start: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if ((values[start + i] ?? 0) > (values[start + best] ?? 0)) best = i;
  return best;
}
