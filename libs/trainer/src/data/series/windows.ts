import type { RowLayout, RowSpan } from '../../engine/gan-shape';
import type { ColumnTransform, ContinuousColumn } from '../column-transform';
import { fitPrincipalAxes, toComponents } from './principal-axes';
import { windowStarts } from './sequence-rows';
import type { ComponentRange, SequenceSpace, Windows } from './sequence-space';
import { rangeOf, withSpace } from './sequence-table';
import type { NumberSeries, SequenceTable } from './sequence-table';
import { isNumber, sequenceTransformsOf, slotCount } from './sequence-transforms';
import type { LearnedColumn, SequenceTransforms } from './sequence-transforms';

export interface WindowSettings {
  length: number;
  stride: number;
  isScaledByWindow: boolean;
  /** Whether features that move together are taken apart before they are learned. */
  isDecorrelated: boolean;
}

/** An encoded window is `[attributes | scales | features of row 1 | features of row 2 | …]`. */
export interface WindowLayout {
  length: number;
  attributes: RowLayout;
  /** Centre and half range of each component of the features within the window; 0 where windows are not scaled. */
  scales: number;
  features: RowLayout;
  width: number;
}

export function windowLayoutOf({ space, attributes, features }: SequenceTransforms): WindowLayout {
  const windows = windowsOf(space);
  const numbers = windows.ranges.length;
  const attributeLayout = rowLayout(attributes.filter(isNumber).length, choiceWidths(attributes));
  const featureLayout = rowLayout(numbers, choiceWidths(features));
  const scales = windows.is_scaled_by_window ? 2 * numbers : 0;
  const { length } = windows;
  const width = attributeLayout.width + scales + length * featureLayout.width;
  return { length, attributes: attributeLayout, scales, features: featureLayout, width };
}

/** @throws RangeError where sequences were not learned as windows */
export function windowsOf({ encoding }: SequenceSpace): Windows {
  if (encoding.kind !== 'windows') throw new RangeError('the sequences were not learned as windows');
  return encoding;
}

/** Widths of the choices: columns of values, and whether there is a number where some are missing. */
function choiceWidths(columns: readonly LearnedColumn[]): number[] {
  return columns.flatMap((each) => {
    if (each.kind === 'categorical') return [slotCount(each)];
    return each.missing > 0 ? [2] : [];
  });
}

function rowLayout(numbers: number, widths: readonly number[]): RowLayout {
  const spans: RowSpan[] = Array.from({ length: numbers }, (_, start) => ({ kind: 'number', start }));
  let start = numbers;
  for (const width of widths) {
    spans.push({ kind: 'choice', start, width });
    start += width;
  }
  return { width: start, spans, conditions: [] };
}

/** Windows of a table, encoded when they are read: memory grows with the rows, not with the windows. */
export class WindowSource {
  readonly layout: WindowLayout;
  /** The first column of the transforms is the number of the sequence. */
  readonly transforms: ColumnTransform[];
  readonly starts: Uint32Array;
  private readonly windows: Windows;
  /** Components of the features, `[places, components]`. */
  private readonly components: Float64Array;
  private readonly featureSlots: Slots[];
  private readonly attributeSlots: Slots[];
  private readonly attributeNumbers: NumberSeries[];

  constructor(
    private readonly table: SequenceTable,
    settings: WindowSettings,
  ) {
    this.starts = windowStarts(table.rows, settings.length, settings.stride);
    const features = table.numbers.filter(({ isAttribute }) => !isAttribute);
    const axes = fitPrincipalAxes(
      features.map(({ values }) => values),
      settings.isDecorrelated,
    );
    const count = axes.axes.length;
    this.components = new Float64Array(table.rows.order.length * count);
    table.rows.order.forEach((_, place) => {
      this.components.set(
        toComponents(
          axes,
          features.map(({ values }) => values[place] ?? 0),
        ),
        place * count,
      );
    });
    this.windows = {
      kind: 'windows',
      length: settings.length,
      is_scaled_by_window: settings.isScaledByWindow,
      axes,
      ranges: Array.from({ length: count }, (_, k) => this.rangeOf(k, count, settings.length)),
    };
    this.transforms = withSpace(table, this.windows);
    const sorted = sequenceTransformsOf(this.transforms);
    this.layout = windowLayoutOf(sorted);
    this.featureSlots = slotsOf(table, sorted.features);
    this.attributeSlots = slotsOf(table, sorted.attributes);
    this.attributeNumbers = table.numbers.filter(({ isAttribute }) => isAttribute);
  }

  /** Encoded windows by their index, `[indices, layout.width]`. */
  read(indices: ArrayLike<number>): Float32Array {
    const target = new Float32Array(indices.length * this.layout.width);
    for (let i = 0; i < indices.length; i++)
      this.encode(this.starts[indices[i] ?? 0] ?? 0, target, i * this.layout.width);
    return target;
  }

  /**
   * How much larger the values of each place of a row are than their differences from row to row (root mean squares over
   * at most 1,000 windows); 1 for choices. `[layout.features.width]`
   */
  differenceScales(): Float32Array {
    const { attributes, scales, features, length, width } = this.layout;
    const every = Math.max(1, Math.ceil(this.starts.length / 1_000));
    const windows = this.read(Uint32Array.from({ length: Math.ceil(this.starts.length / every) }, (_, i) => i * every));
    const ratios = new Float32Array(features.width).fill(1);
    for (let k = 0; k < this.windows.ranges.length; k++) {
      let [values, differences] = [0, 0];
      for (let from = attributes.width + scales + k; from < windows.length; from += width) {
        for (let row = 1; row < length; row++) {
          const value = windows[from + row * features.width] ?? 0;
          values += value * value;
          differences += (value - (windows[from + (row - 1) * features.width] ?? 0)) ** 2;
        }
      }
      if (differences > 0) ratios[k] = Math.sqrt(values / differences);
    }
    return ratios;
  }

  private encode(start: number, target: Float32Array, offset: number): void {
    const { attributes, scales, features, length } = this.layout;
    this.attributeNumbers.forEach(({ transform, values }, index) => {
      target[offset + index] = attributePlace(transform, values[start] ?? 0);
    });
    putSlots(this.attributeSlots, attributes, start, target, offset);
    const count = this.windows.ranges.length;
    const rowsAt = offset + attributes.width + scales;
    this.windows.ranges.forEach((range, k) => {
      const [centre, half] = scales > 0 ? this.extentOf(start, k, length) : tableExtent(range);
      if (scales > 0) {
        target[offset + attributes.width + 2 * k] = place(centre, range.low, range.high);
        target[offset + attributes.width + 2 * k + 1] = halfPlace(half, range);
      }
      for (let row = 0; row < length; row++) {
        const value = this.components[(start + row) * count + k] ?? 0;
        target[rowsAt + row * features.width + k] = half > 0 ? (value - centre) / half : 0;
      }
    });
    for (let row = 0; row < length; row++) {
      putSlots(this.featureSlots, features, start + row, target, rowsAt + row * features.width);
    }
  }

  /** Centre and half range of a component within a window. */
  private extentOf(start: number, k: number, length: number): [number, number] {
    const count = this.components.length / this.table.rows.order.length;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = 0; row < length; row++) {
      const value = this.components[(start + row) * count + k] ?? 0;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [(low + high) / 2, (high - low) / 2];
  }

  private rangeOf(k: number, count: number, length: number): ComponentRange {
    const values = this.components.filter((_, index) => index % count === k);
    const [low, high] = rangeOf(values);
    const halves = Float64Array.from(this.starts, (start) => this.extentOf(start, k, length)[1]);
    const [, most] = rangeOf(halves);
    // Windows in which nothing moves have no logarithm: a ten-thousandth of the widest stands for it.
    const [least] = rangeOf(halves.map((half) => Math.max(half, most * 1e-4)));
    return { low, high, half_low: least, half_high: most };
  }
}

interface Slots {
  slotAt: (place: number) => number;
}

/** Choices of columns, in the order of the layout. */
function slotsOf(table: SequenceTable, columns: readonly LearnedColumn[]): Slots[] {
  return columns.flatMap((column): Slots[] => {
    const choice = table.choices.find(({ transform }) => transform === column);
    if (choice) return [{ slotAt: (place) => choice.slots[place] ?? 0 }];
    const gaps = table.numbers.find(({ transform }) => transform === column)?.gaps;
    return gaps ? [{ slotAt: (place) => gaps[place] ?? 0 }] : [];
  });
}

function putSlots(slots: Slots[], { spans }: RowLayout, at: number, target: Float32Array, offset: number): void {
  const choices = spans.filter(({ kind }) => kind === 'choice');
  slots.forEach(({ slotAt }, index) => {
    target[offset + (choices[index]?.start ?? 0) + slotAt(at)] = 1;
  });
}

export function tableExtent({ low, high }: ComponentRange): [number, number] {
  return [(low + high) / 2, (high - low) / 2];
}

/** Where a value lies between two others, in [-1, 1]. */
function place(value: number, low: number, high: number): number {
  return high > low ? (2 * (value - low)) / (high - low) - 1 : 0;
}

/** The place of a half range among those of all windows: on a scale of ratios, since calm and wild windows differ by them. */
function halfPlace(half: number, { half_low: least, half_high: most }: ComponentRange): number {
  return most > least ? place(Math.log(Math.max(half, least)), Math.log(least), Math.log(most)) : 0;
}

export function halfAt(at: number, { half_low: least, half_high: most }: ComponentRange): number {
  return most > least ? Math.exp(Math.log(least) + ((at + 1) / 2) * (Math.log(most) - Math.log(least))) : most;
}

/** The place of an attribute within the range that was seen, on the scale that is learned. */
export function attributePlace({ low, high }: ContinuousColumn, value: number): number {
  return place(value, low, high);
}
