// The classifier of the target loss: what it sees of a row, how its logits become a loss, and what its slope adds to the
// gradient of generated rows. Its hidden layers are those of the critic's kernels.
import { Constant, Control } from './layout';
import { exponentials, logarithm } from './math';

const rowsPerTask: i32 = 16;

function constant(offset: i32): i32 {
  return load<i32>(Control.Constants + offset);
}

/** Where row i of a batch stands in the critic's input: rows of a group side by side. */
function rowAt(base: usize, i: i32, groupStride: i32, rowStride: i32): usize {
  const pac = constant(Constant.Pac);
  return base + ((<usize>((i / pac) * groupStride + (i % pac) * rowStride)) << 2);
}

/** A sparse encoded row in full. */
function writeReal(out: usize, bytes: usize, row: i32): void {
  const numbers = constant(Constant.NumberSpans);
  const choices = constant(Constant.ChoiceSpans);
  const values = <usize>constant(Constant.Numbers) + ((<usize>row * numbers) << 2);
  const chosen = <usize>constant(Constant.Choices) + ((<usize>row * choices) << 1);
  memory.fill(out, 0, bytes);
  for (let k: usize = 0; k < <usize>numbers; k++) {
    const start = load<i32>(<usize>constant(Constant.NumberStarts) + (k << 2));
    store<f32>(out + ((<usize>start) << 2), load<f32>(values + (k << 2)));
  }
  for (let k: usize = 0; k < <usize>choices; k++) {
    const place = load<i32>(<usize>constant(Constant.ChoiceStarts) + (k << 2)) + <i32>load<u16>(chosen + (k << 1));
    store<f32>(out + ((<usize>place) << 2), 1);
  }
}

/**
 * Rows without the target's column, and the target by itself.
 *
 * Arguments: 2 out, 3 its row stride, 4 real rows or 0, 5 generated rows (without 4), 6 stride of a group of them,
 * 7 target (out), 8 its row stride, 9 first place and 10 width of the target in a row, 11 first place and 12 width of
 * its column. Tasks: rows.
 */
export function classifierInput(at: usize, task: i32): void {
  const stride = load<i32>(at, 12);
  const bytes = (<usize>stride) << 2;
  const out = <usize>load<i32>(at, 8) + <usize>task * bytes;
  const real = <usize>load<i32>(at, 16);
  if (real) writeReal(out, bytes, load<i32>(real + ((<usize>task) << 2)));
  else memory.copy(out, rowAt(<usize>load<i32>(at, 20), task, load<i32>(at, 24), stride), bytes);
  const target = <usize>load<i32>(at, 28) + ((<usize>(task * load<i32>(at, 32))) << 2);
  memory.copy(target, out + ((<usize>load<i32>(at, 36)) << 2), (<usize>load<i32>(at, 40)) << 2);
  memory.fill(out + ((<usize>load<i32>(at, 44)) << 2), 0, (<usize>load<i32>(at, 48)) << 2);
}

/**
 * Cross-entropy of logits against the target, whose shares sum to 1 and get no gradient; the logits are replaced by
 * their gradient.
 *
 * Arguments: 2 logits, 3 their row stride, 4 rows, 5 bias, 6 target, in the same stride, 7 classes, 8 weight / rows
 * (f32), 9 cross-entropy of each row (out). Tasks: 16 rows each.
 */
export function classifierTop(at: usize, task: i32, thread: i32): void {
  const bytes = (<usize>load<i32>(at, 12)) << 2;
  const scratch = <usize>constant(Constant.Scratch) + <usize>(thread * constant(Constant.ScratchBytes));
  const from = task * rowsPerTask;
  const to = min(from + rowsPerTask, load<i32>(at, 16));
  for (let i = from; i < to; i++) {
    const place = <usize>i * bytes;
    const logits = <usize>load<i32>(at, 8) + place;
    const target = <usize>load<i32>(at, 24) + place;
    const loss = entropyOf(at, logits, target, scratch);
    store<f32>(<usize>load<i32>(at, 36) + ((<usize>i) << 2), loss);
  }
}

function entropyOf(at: usize, logits: usize, target: usize, scratch: usize): f32 {
  const bytes = (<usize>load<i32>(at, 12)) << 2;
  const classes = (<usize>load<i32>(at, 28)) << 2;
  const bias = <usize>load<i32>(at, 20);
  let top: f32 = -Infinity;
  let agreed: f32 = 0;
  for (let k: usize = 0; k < classes; k += 4) {
    const logit = load<f32>(logits + k) + load<f32>(bias + k);
    store<f32>(logits + k, logit);
    agreed += logit * load<f32>(target + k);
    if (logit > top) top = logit;
  }
  for (let k: usize = 0; k < bytes; k += 16) {
    v128.store(scratch + k, f32x4.sub(v128.load(logits + k), f32x4.splat(top)));
  }
  exponentials(scratch, bytes);
  let total: f32 = 0;
  for (let k: usize = 0; k < classes; k += 4) total += load<f32>(scratch + k);
  const weight = load<f32>(at, 32);
  const share: f32 = <f32>1 / total;
  for (let k: usize = 0; k < classes; k += 4) {
    store<f32>(logits + k, weight * (load<f32>(scratch + k) * share - load<f32>(target + k)));
  }
  memory.fill(logits + classes, 0, bytes - classes);
  return logarithm(total, scratch) + top - agreed;
}

/**
 * Adds the classifier's slope to the gradient of the generated rows, apart from the target's column, which it does not see.
 *
 * Arguments: 2 slope, 3 its row stride, 4 gradient of the generated rows (in and out), 5 stride of a group of it,
 * 6 first place and 7 width of the target's column. Tasks: rows.
 */
export function classifierSlope(at: usize, task: i32): void {
  const stride = load<i32>(at, 12);
  const bytes = (<usize>stride) << 2;
  const slope = <usize>load<i32>(at, 8) + <usize>task * bytes;
  const out = rowAt(<usize>load<i32>(at, 16), task, load<i32>(at, 20), stride);
  memory.fill(slope + ((<usize>load<i32>(at, 24)) << 2), 0, (<usize>load<i32>(at, 28)) << 2);
  for (let j: usize = 0; j < bytes; j += 16) {
    v128.store(out + j, f32x4.add(v128.load(out + j), v128.load(slope + j)));
  }
}
