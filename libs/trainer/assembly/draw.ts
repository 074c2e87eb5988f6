import { Constant, Control, Stream } from './layout';
import { uniform16, words16 } from './random';

function constant(offset: i32): i32 {
  return load<i32>(Control.Constants + offset);
}

/** A number below `bound` of a uniform word (Lemire 2019, without the rejection: bias below bound / 2^32). */
function below(word: u32, bound: u32): u32 {
  return <u32>((<u64>word * <u64>bound) >> 32);
}

/** The first category of a column whose threshold is above `word`. */
function drawCategory(column: i32, word: u32): i32 {
  const starts = <usize>constant(Constant.ConditionStarts) + ((<usize>column) << 2);
  const thresholds = <usize>constant(Constant.ConditionThresholds);
  let low = load<i32>(starts);
  let high = load<i32>(starts, 4) - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(thresholds + ((<usize>middle) << 2)) > word) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A column uniformly, then one of its categories by the thresholds. */
function drawConditions(out: usize, places: usize, scratch: usize): void {
  const rows = constant(Constant.BatchSize);
  const columns = constant(Constant.ConditionColumns);
  const placeOf = <usize>constant(Constant.ConditionPlaces);
  for (let i = 0; i < rows; i++) {
    words16(scratch, Stream.Condition, i, 0);
    const column = <i32>below(load<u32>(scratch), <u32>columns);
    // The last threshold of a column is 2^32 - 1: any smaller word finds a category.
    const category = drawCategory(column, min<u32>(load<u32>(scratch, 16), 0xfffffffe));
    store<i32>(out + ((<usize>i) << 2), category);
    store<i32>(places + ((<usize>i) << 2), load<i32>(placeOf + ((<usize>category) << 2)));
  }
}

/** The conditions in random order (Fisher and Yates). */
function permute(from: usize, to: usize, scratch: usize): void {
  const rows = constant(Constant.BatchSize);
  memory.copy(to, from, (<usize>rows) << 2);
  for (let i = rows - 1; i > 0; i--) {
    words16(scratch, Stream.Permutation, i, 0);
    const j = below(load<u32>(scratch), <u32>(i + 1));
    const a = to + ((<usize>i) << 2);
    const b = to + ((<usize>j) << 2);
    const kept = load<i32>(a);
    store<i32>(a, load<i32>(b));
    store<i32>(b, kept);
  }
}

/**
 * A row uniformly, among those with the condition where there is one. Lists that are not in this memory are at 0: then
 * places in them are drawn, and whoever has them looks up the rows.
 */
function drawRows(conditions: usize, out: usize, scratch: usize): void {
  const rows = constant(Constant.BatchSize);
  const starts = <usize>constant(Constant.ListStarts);
  const list = <usize>constant(Constant.ListRows);
  for (let i = 0; i < rows; i++) {
    words16(scratch, Stream.Row, i, 0);
    const word = load<u32>(scratch);
    if (conditions) {
      const start = starts + ((<usize>load<i32>(conditions + ((<usize>i) << 2))) << 2);
      const first = load<u32>(start);
      const chosen = first + below(word, load<u32>(start, 4) - first);
      store<u32>(out + ((<usize>i) << 2), list ? load<u32>(list + ((<usize>chosen) << 2)) : chosen);
    } else {
      store<u32>(out + ((<usize>i) << 2), below(word, <u32>constant(Constant.RowCount)));
    }
  }
}

/**
 * Draws what a step trains on: conditions for the generated rows, the same in another order for the real ones, real
 * rows that have them ("training by sampling", Xu et al. 2019, section 4.3), and where between both the slope of the
 * critic is taken. One task.
 *
 * Arguments: 2 conditions of the generated rows or 0 (without conditions), 3 their places in the encoded row,
 * 4 conditions of the real rows, 5 real rows or 0 (none wanted), 6 mixes or 0, 7 groups.
 */
export function draw(at: usize, thread: i32): void {
  const scratch = <usize>constant(Constant.Scratch) + <usize>(thread * constant(Constant.ScratchBytes));
  const conditions = <usize>load<i32>(at, 8);
  const realConditions = <usize>load<i32>(at, 16);
  const rows = <usize>load<i32>(at, 20);
  const mixes = <usize>load<i32>(at, 24);
  if (conditions) drawConditions(conditions, <usize>load<i32>(at, 12), scratch);
  if (rows) {
    if (conditions) permute(conditions, realConditions, scratch);
    drawRows(conditions ? realConditions : 0, rows, scratch);
  }
  if (mixes) {
    const groups = load<i32>(at, 28);
    for (let p = 0; p < groups; p++) {
      uniform16(scratch, Stream.Mix, p, 0);
      store<f32>(mixes + ((<usize>p) << 2), load<f32>(scratch));
    }
  }
}
