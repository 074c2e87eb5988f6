import { isStored } from '../gan-shape';
import type { EncodedRows, RowLayout, StoredRows, TrainingRows } from '../gan-shape';

/** Where the conditions of a layout stand in the condition vector and in a row. */
export interface ConditionColumns {
  /** `[columns + 1]`: first category of each column in the condition vector, and the vector's length. */
  starts: Int32Array;
  /** `[categories]`: place of each category in an encoded row. */
  places: Int32Array;
}

export function conditionColumns(layout: RowLayout): ConditionColumns {
  const spans = layout.conditions.flatMap((index) => {
    const span = layout.spans[index];
    return span?.kind === 'choice' ? [span] : [];
  });
  const starts = new Int32Array(spans.length + 1);
  spans.forEach(({ width }, column) => (starts[column + 1] = (starts[column] ?? 0) + width));
  const places = spans.flatMap(({ start, width }) => Array.from({ length: width }, (_, k) => start + k));
  return { starts, places: Int32Array.from(places) };
}

/** The rows that have each category of the condition vector, for training by sampling. */
export interface RowLists {
  /** `[categories + 1]`: first entry of each category in `rows`. */
  starts: Uint32Array;
  /** `[rows * columns]`; absent where they are not kept in memory. */
  rows?: Uint32Array;
}

/** Each condition: its place among the choices of a row, and how many categories it has. */
export function conditionSpans(layout: RowLayout): { choice: number; width: number }[] {
  const choices = layout.spans.filter((span) => span.kind === 'choice');
  return layout.conditions.flatMap((index) => {
    const span = layout.spans[index];
    return span?.kind === 'choice' ? [{ choice: choices.indexOf(span), width: span.width }] : [];
  });
}

/** The rows of each category. @throws RangeError where there are too many to be numbered by 32 bits */
export function rowLists(layout: RowLayout, rows: TrainingRows): RowLists {
  return isStored(rows) ? storedLists(layout, rows) : listRows(layout, rows);
}

function storedLists(layout: RowLayout, rows: StoredRows): RowLists {
  const conditions = conditionSpans(layout);
  if (conditions.length * rows.rowCount > 0xffffffff) {
    throw new RangeError(`${conditions.length} conditions of ${rows.rowCount} rows are too many to be listed`);
  }
  const starts = conditions.flatMap(({ choice, width }, column) =>
    Array.from(rows.slotStarts(choice, width).subarray(0, width), (start) => column * rows.rowCount + start),
  );
  return { starts: Uint32Array.from([...starts, conditions.length * rows.rowCount]) };
}

/** Lists the rows of each category, in one pass to count and one to fill. */
export function listRows(layout: RowLayout, rows: EncodedRows): Required<RowLists> {
  const { starts: columnStarts } = conditionColumns(layout);
  const choices = layout.spans.filter(({ kind }) => kind === 'choice');
  const chosenIn = conditionSpans(layout).map(({ choice }) => choice);
  const categoryOf = (row: number, column: number) =>
    (columnStarts[column] as number) + (rows.choices[row * choices.length + (chosenIn[column] as number)] as number);
  const starts = new Uint32Array((columnStarts.at(-1) ?? 0) + 1);
  const visit = (note: (category: number, row: number) => void) => {
    for (let row = 0; row < rows.rowCount; row++) {
      for (let column = 0; column < chosenIn.length; column++) note(categoryOf(row, column), row);
    }
  };
  visit((category) => (starts[category + 1] = (starts[category + 1] as number) + 1));
  for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] as number) + (starts[i - 1] as number);
  const next = starts.slice();
  const list = new Uint32Array(rows.rowCount * chosenIn.length);
  visit((category, row) => {
    list[next[category] as number] = row;
    next[category] = (next[category] as number) + 1;
  });
  return { starts, rows: list };
}

/** Rows of each category. */
export function categoryCounts({ starts }: RowLists): Uint32Array {
  return Uint32Array.from({ length: starts.length - 1 }, (_, k) => (starts[k + 1] as number) - (starts[k] as number));
}

/** Weights of the training draw: log(count + 1) (Xu et al. 2019, section 4.3). A category without rows has none. */
export function logFrequencies(counts: ArrayLike<number>): Float64Array {
  return Float64Array.from(counts, (count) => Math.log1p(count));
}

/**
 * Weights as thresholds of a uniform word: a category is drawn by the words that are below its threshold and not below
 * the one before.
 *
 * @param weights `[categories]`, at least one above 0 in each column
 * @throws RangeError naming the column in which no category can be drawn
 */
export function thresholdsOf({ starts }: ConditionColumns, weights: ArrayLike<number>): Uint32Array {
  const thresholds = new Uint32Array(weights.length);
  for (let column = 0; column + 1 < starts.length; column++) {
    const first = starts[column] as number;
    const end = starts[column + 1] as number;
    let total = 0;
    let last = -1;
    for (let k = first; k < end; k++) {
      const weight = weights[k] as number;
      if (!(weight >= 0)) throw new RangeError(`category ${k - first} of condition ${column} has the weight ${weight}`);
      total += weight;
      if (weight > 0) last = k;
    }
    if (last < 0) throw new RangeError(`no category of condition ${column} has a weight above 0`);
    let sum = 0;
    for (let k = first; k < end; k++) {
      sum += weights[k] as number;
      thresholds[k] = k >= last ? 0xffffffff : Math.floor((sum / total) * 0xffffffff);
    }
  }
  return thresholds;
}
