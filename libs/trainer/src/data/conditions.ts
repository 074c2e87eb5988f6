import { isStored } from '../engine/gan-shape';
import type { EncodedRows, RowLayout, StoredRows, TrainingRows } from '../engine/gan-shape';
import type { Random } from '../random/random';

/** A choice that the generator may be conditioned on. */
export interface Condition {
  /** Which choice of a row it is: the column in `EncodedRows.choices`. */
  choice: number;
  /** Where it begins in the condition vector. */
  start: number;
  /** Where it begins in an encoded row. */
  rowStart: number;
  width: number;
}

/** The conditions of a layout, side by side as in the condition vector. */
export function conditionsOf({ spans, conditions }: RowLayout): Condition[] {
  let start = 0;
  return conditions.map((index) => {
    const span = spans[index];
    if (span?.kind !== 'choice') throw new RangeError(`span ${index} cannot be a condition: it is no choice`);
    const choice = spans.slice(0, index).filter(({ kind }) => kind === 'choice').length;
    const condition = { choice, start, rowStart: span.start, width: span.width };
    start += span.width;
    return condition;
  });
}

export function conditionWidth(layout: RowLayout): number {
  return conditionsOf(layout).reduce((sum, { width }) => sum + width, 0);
}

/** What was drawn for a batch; without conditions all places are -1. */
export interface ConditionBatch {
  /** For each row the place of the condition vector that is 1, or -1. */
  places: Int32Array;
  /** For each row a real row that meets its condition. */
  rows: Uint32Array;
}

/** Rows of each slot of one condition, slot by slot: those of slot s stand from `starts[s]` to `starts[s + 1]`. */
interface SlotRows {
  /** The row at a place of the list. */
  rowAt: (place: number) => number;
  starts: Uint32Array;
  draw: (random: Random) => number;
}

/**
 * Training by sampling (Xu et al. 2019, section 4.3): a column is drawn evenly, then one of its slots by the
 * logarithm of its count, so that rare slots are seen, then a row of that slot evenly.
 */
export class TrainingConditions {
  private readonly conditions: Condition[];
  private readonly slots: SlotRows[];

  constructor(
    private readonly encoded: TrainingRows,
    layout: RowLayout,
  ) {
    this.conditions = conditionsOf(layout);
    this.slots = this.conditions.map((condition) => slotRows(encoded, condition));
  }

  /** Draws conditions and rows that meet them; without conditions, rows evenly. */
  draw(size: number, random: Random): ConditionBatch {
    const batch: ConditionBatch = { places: new Int32Array(size).fill(-1), rows: new Uint32Array(size) };
    for (let i = 0; i < size; i++) {
      const chosen = random.integer(Math.max(1, this.conditions.length));
      const [condition, slots] = [this.conditions[chosen], this.slots[chosen]];
      if (!condition || !slots) {
        batch.rows[i] = random.integer(this.encoded.rowCount);
        continue;
      }
      const slot = slots.draw(random);
      const from = slots.starts[slot] ?? 0;
      const count = (slots.starts[slot + 1] ?? 0) - from;
      batch.places[i] = condition.start + slot;
      batch.rows[i] = slots.rowAt(from + random.integer(count));
    }
    return batch;
  }
}

function slotRows(source: TrainingRows, condition: Condition): SlotRows {
  return isStored(source) ? storedSlotRows(source, condition) : listedSlotRows(source, condition);
}

function storedSlotRows(source: StoredRows, { choice, width }: Condition): SlotRows {
  const starts = source.slotStarts(choice, width);
  const counts = Array.from(starts.subarray(1), (end, slot) => end - (starts[slot] ?? 0));
  return { rowAt: (place) => source.listed(choice, place), starts, draw: drawerOf(counts) };
}

function listedSlotRows({ rowCount, choices }: EncodedRows, { choice, width }: Condition): SlotRows {
  const stride = choices.length / rowCount;
  const starts = new Uint32Array(width + 1);
  for (let row = 0; row < rowCount; row++) {
    const slot = choices[row * stride + choice] ?? 0;
    starts[slot + 1] = (starts[slot + 1] ?? 0) + 1;
  }
  const counts = Array.from(starts.subarray(1));
  for (let slot = 0; slot < width; slot++) starts[slot + 1] = (starts[slot + 1] ?? 0) + (starts[slot] ?? 0);
  const next = starts.slice();
  const rows = new Uint32Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const slot = choices[row * stride + choice] ?? 0;
    const place = next[slot] ?? 0;
    rows[place] = row;
    next[slot] = place + 1;
  }
  return { rowAt: (place) => rows[place] ?? 0, starts, draw: drawerOf(counts) };
}

function drawerOf(counts: readonly number[]): (random: Random) => number {
  return weightDrawer(counts.map((count) => Math.log(count + 1)));
}

/**
 * Conditions for sampling: a column evenly, then one of its slots by its true count, so that what is drawn has the
 * frequencies of the table.
 *
 * @param slotCounts rows of each slot of each choice
 */
export function samplingConditions(layout: RowLayout, slotCounts: readonly (readonly number[])[]) {
  const conditions = conditionsOf(layout);
  const drawers = conditions.map(({ choice }) => weightDrawer(slotCounts[choice] ?? []));
  return (size: number, random: Random): Int32Array =>
    Int32Array.from({ length: size }, () => {
      const chosen = random.integer(Math.max(1, conditions.length));
      const [condition, draw] = [conditions[chosen], drawers[chosen]];
      return condition && draw ? condition.start + draw(random) : -1;
    });
}

/** Draws an index by its weight; one of weight 0 never. */
export function weightDrawer(weights: readonly number[]): (random: Random) => number {
  let total = 0;
  const upTo = Float64Array.from(weights, (weight) => (total += weight));
  return (random) => {
    const drawn = random.uniform() * total;
    let low = 0;
    let high = upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? total) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
