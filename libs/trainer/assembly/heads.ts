// From the generator's last layer to encoded rows, and back.
import { Constant, Control } from './layout';
import { exponentials, logarithm } from './math';

const rowsPerTask: i32 = 16;

function constant(offset: i32): i32 {
  return load<i32>(Control.Constants + offset);
}

function scratchOf(thread: i32): usize {
  return <usize>constant(Constant.Scratch) + <usize>(thread * constant(Constant.ScratchBytes));
}

function isChoice(span: usize): bool {
  return load<i32>(span) == 1;
}

function largest(from: usize, width: i32): f32 {
  let value = load<f32>(from);
  for (let k = 1; k < width; k++) {
    const other = load<f32>(from + ((<usize>k) << 2));
    if (other > value) value = other;
  }
  return value;
}

/** Where row i of a batch stands in the critic's input: rows of a group side by side. */
function rowAt(base: usize, i: i32, pac: i32, groupStride: i32, rowStride: i32): usize {
  return base + ((<usize>((i / pac) * groupStride + (i % pac) * rowStride)) << 2);
}

/** Bias and conditions onto the logits of one row. */
function addBias(logits: usize, width: i32, bias: usize, condition: i32, weights: usize): void {
  const bytes = (<usize>width) << 2;
  for (let j: usize = 0; j < bytes; j += 16) {
    v128.store(logits + j, f32x4.add(v128.load(logits + j), v128.load(bias + j)));
  }
  if (condition < 0) return;
  const row = weights + <usize>condition * bytes;
  for (let j: usize = 0; j < bytes; j += 16) {
    v128.store(logits + j, f32x4.add(v128.load(logits + j), v128.load(row + j)));
  }
}

/** Exponents of every place, shifted so that the greatest of a choice is 0; numbers get 2 x, for their tanh. */
function exponentsOf(logits: usize, gumbel: usize, width: i32, sharpness: f32, out: usize, shift: usize): void {
  const bytes = (<usize>width) << 2;
  const factor = f32x4.splat(sharpness);
  for (let j: usize = 0; j < bytes; j += 16) {
    const noisy = f32x4.add(v128.load(logits + j), v128.load(gumbel + j));
    v128.store(out + j, f32x4.mul(noisy, factor));
  }
  memory.fill(shift, 0, bytes);
  const spans = constant(Constant.SpanCount);
  let span = <usize>constant(Constant.Spans);
  for (let s = 0; s < spans; s++) {
    const start = (<usize>load<i32>(span, 4)) << 2;
    const size = load<i32>(span, 8);
    if (isChoice(span)) {
      const top = largest(out + start, size);
      for (let k: usize = 0; k < (<usize>size) << 2; k += 4) store<f32>(shift + start + k, top);
    } else {
      store<f32>(out + start, 2 * load<f32>(logits + start));
    }
    span += 12;
  }
  for (let j: usize = 0; j < bytes; j += 16) {
    v128.store(out + j, f32x4.sub(v128.load(out + j), v128.load(shift + j)));
  }
  exponentials(out, bytes);
}

function activateRow(exponents: usize, out: usize, width: i32): void {
  const spans = constant(Constant.SpanCount);
  let span = <usize>constant(Constant.Spans);
  let end: i32 = 0;
  for (let s = 0; s < spans; s++) {
    const start = load<i32>(span, 4);
    const size = load<i32>(span, 8);
    const from = exponents + ((<usize>start) << 2);
    const to = out + ((<usize>start) << 2);
    if (isChoice(span)) {
      let total: f32 = 0;
      for (let k: usize = 0; k < (<usize>size) << 2; k += 4) total += load<f32>(from + k);
      const share: f32 = <f32>1 / total;
      for (let k: usize = 0; k < (<usize>size) << 2; k += 4) store<f32>(to + k, load<f32>(from + k) * share);
    } else {
      store<f32>(to, 1 - 2 / (load<f32>(from) + 1));
    }
    end = start + size;
    span += 12;
  }
  for (let j = end; j < width; j++) store<f32>(out + ((<usize>j) << 2), 0);
}

/**
 * Logits to encoded rows: tanh of numbers, Gumbel softmax of choices (Jang et al. 2017).
 *
 * Arguments: 2 logits (bias and conditions are added in place), 3 their width and row stride, 4 rows, 5 conditions or
 * 0, 6 weights of the conditions, 7 bias, 8 Gumbel noise, 9 1 / temperature (f32), 10 out, 11 rows of a group,
 * 12 stride of a group of `out`. Tasks: 16 rows each.
 */
export function headForward(at: usize, task: i32, thread: i32): void {
  const width = load<i32>(at, 12);
  const conditions = <usize>load<i32>(at, 20);
  const exponents = scratchOf(thread);
  const shift = exponents + ((<usize>width) << 2);
  const from = task * rowsPerTask;
  const to = min(from + rowsPerTask, load<i32>(at, 16));
  for (let i = from; i < to; i++) {
    const place = (<usize>i * width) << 2;
    const logits = <usize>load<i32>(at, 8) + place;
    const condition = conditions ? load<i32>(conditions + ((<usize>i) << 2)) : -1;
    addBias(logits, width, <usize>load<i32>(at, 28), condition, <usize>load<i32>(at, 24));
    exponentsOf(logits, <usize>load<i32>(at, 32) + place, width, load<f32>(at, 36), exponents, shift);
    activateRow(exponents, rowAt(<usize>load<i32>(at, 40), i, load<i32>(at, 44), load<i32>(at, 48), width), width);
  }
}

/** Through the softmax: 1 / temperature * f * (df - sum of f df). */
function choiceBackward(f: usize, df: usize, out: usize, width: i32, sharpness: f32): void {
  const bytes = (<usize>width) << 2;
  let product: f32 = 0;
  for (let k: usize = 0; k < bytes; k += 4) product += load<f32>(f + k) * load<f32>(df + k);
  for (let k: usize = 0; k < bytes; k += 4) {
    store<f32>(out + k, sharpness * load<f32>(f + k) * (load<f32>(df + k) - product));
  }
}

/**
 * Cross-entropy of the logits of a conditioned choice. Adds its gradient, times `weight`.
 *
 * @returns the cross-entropy
 */
function conditionLoss(logits: usize, chosen: i32, width: i32, weight: f32, gradient: usize, scratch: usize): f32 {
  const bytes = (<usize>width) << 2;
  const top = largest(logits, width);
  const padded = (bytes + 15) & ~15;
  // A span may begin anywhere; whole vectors past its end are computed and not used.
  for (let k: usize = 0; k < padded; k += 16) {
    v128.store(scratch + k, f32x4.sub(v128.load(logits + k), f32x4.splat(top)));
  }
  exponentials(scratch, padded);
  let total: f32 = 0;
  for (let k: usize = 0; k < bytes; k += 4) total += load<f32>(scratch + k);
  const share = weight / total;
  for (let k: usize = 0; k < bytes; k += 4) {
    store<f32>(gradient + k, load<f32>(gradient + k) + share * load<f32>(scratch + k));
  }
  const place = (<usize>chosen) << 2;
  store<f32>(gradient + place, load<f32>(gradient + place) - weight);
  return logarithm(total, scratch) + top - load<f32>(logits + place);
}

/**
 * Gradient of the logits.
 *
 * Arguments: 2 logits, 3 their width and row stride, 4 rows, 5 places of the conditions in the row or 0, 6 rows
 * generated, 7 their gradient (both in the strides of the critic's input), 8 weight of the condition loss / rows (f32),
 * 9 1 / temperature (f32), 10 gradient of the logits (out), 11 rows of a group, 12 stride of a group of 6 and 7,
 * 13 condition loss of each row (out). Tasks: 16 rows each.
 */
export function headBackward(at: usize, task: i32, thread: i32): void {
  const width = load<i32>(at, 12);
  const places = <usize>load<i32>(at, 20);
  const from = task * rowsPerTask;
  const to = min(from + rowsPerTask, load<i32>(at, 16));
  for (let i = from; i < to; i++) {
    const f = rowAt(<usize>load<i32>(at, 24), i, load<i32>(at, 44), load<i32>(at, 48), width);
    const df = rowAt(<usize>load<i32>(at, 28), i, load<i32>(at, 44), load<i32>(at, 48), width);
    const out = <usize>load<i32>(at, 40) + ((<usize>i * width) << 2);
    const logits = <usize>load<i32>(at, 8) + ((<usize>i * width) << 2);
    const place = places ? load<i32>(places + ((<usize>i) << 2)) : -1;
    const loss = rowBackward(at, f, df, out, logits, place, scratchOf(thread));
    if (places) store<f32>(<usize>load<i32>(at, 52) + ((<usize>i) << 2), loss);
  }
}

function rowBackward(at: usize, f: usize, df: usize, out: usize, logits: usize, place: i32, scratch: usize): f32 {
  const width = load<i32>(at, 12);
  const spans = constant(Constant.SpanCount);
  let span = <usize>constant(Constant.Spans);
  let end: i32 = 0;
  let loss: f32 = 0;
  for (let s = 0; s < spans; s++) {
    const start = load<i32>(span, 4);
    const size = load<i32>(span, 8);
    const offset = (<usize>start) << 2;
    if (isChoice(span)) {
      choiceBackward(f + offset, df + offset, out + offset, size, load<f32>(at, 36));
      if (place >= start && place < start + size) {
        loss = conditionLoss(logits + offset, place - start, size, load<f32>(at, 32), out + offset, scratch);
      }
    } else {
      const value = load<f32>(f + offset);
      store<f32>(out + offset, load<f32>(df + offset) * (1 - value * value));
    }
    end = start + size;
    span += 12;
  }
  for (let j = end; j < width; j++) store<f32>(out + ((<usize>j) << 2), 0);
  return loss;
}
