// The critic. Its rows are groups of `pac` encoded rows with their conditions (Lin et al. 2018); in a batch stand first
// the generated groups, then (with the gradient penalty) those between, then the real ones.
import { Constant, Control, Score, Stream } from './layout';
import { exponential, sum4 } from './math';
import { words16 } from './random';

function constant(offset: i32): i32 {
  return load<i32>(Control.Constants + offset);
}

function scratchOf(thread: i32): usize {
  return <usize>constant(Constant.Scratch) + <usize>(thread * constant(Constant.ScratchBytes));
}

/** `to += factor * from` over whole cache lines. */
function addScaled(to: usize, from: usize, bytes: usize, factor: f32): void {
  const f = f32x4.splat(factor);
  for (let j: usize = 0; j < bytes; j += 32) {
    v128.store(to + j, f32x4.add(v128.load(to + j), f32x4.mul(f, v128.load(from + j))));
    v128.store(to + j, f32x4.add(v128.load(to + j, 16), f32x4.mul(f, v128.load(from + j, 16))), 16);
  }
}

/** Adds the weights of one sparse encoded row, which stands at place q of its group. */
function gatherRow(out: usize, weights: usize, stride: usize, row: i32, q: i32): void {
  const numbers = constant(Constant.NumberSpans);
  const choices = constant(Constant.ChoiceSpans);
  const base = weights + <usize>(q * constant(Constant.RowStride)) * stride;
  const values = <usize>constant(Constant.Numbers) + ((<usize>row * numbers) << 2);
  for (let k: usize = 0; k < <usize>numbers; k++) {
    const start = load<i32>(<usize>constant(Constant.NumberStarts) + (k << 2));
    addScaled(out, base + <usize>start * stride, stride, load<f32>(values + (k << 2)));
  }
  const chosen = <usize>constant(Constant.Choices) + ((<usize>row * choices) << 1);
  for (let k: usize = 0; k < <usize>choices; k++) {
    const place = load<i32>(<usize>constant(Constant.ChoiceStarts) + (k << 2)) + <i32>load<u16>(chosen + (k << 1));
    addScaled(out, base + <usize>place * stride, stride, 1);
  }
}

/**
 * What the sparse part of a group weighs in the first layer: bias, conditions, and real rows.
 *
 * Arguments: 2 out, 3 width of the layer, 4 bias, 5 weights `[pac * rows, then pac * conditions, width]`, 6 conditions
 * or 0, 7 real rows or 0. Tasks: groups.
 */
export function criticGather(at: usize, task: i32): void {
  const stride = (<usize>load<i32>(at, 12)) << 2;
  const out = <usize>load<i32>(at, 8) + <usize>task * stride;
  const weights = <usize>load<i32>(at, 20);
  const conditions = <usize>load<i32>(at, 24);
  const rows = <usize>load<i32>(at, 28);
  const pac = constant(Constant.Pac);
  memory.copy(out, <usize>load<i32>(at, 16), stride);
  for (let q = 0; q < pac; q++) {
    const i = (<usize>(task * pac + q)) << 2;
    if (conditions) addScaled(out, weights + conditionRow(q, load<i32>(conditions + i)) * stride, stride, 1);
    if (rows) gatherRow(out, weights, stride, load<i32>(rows + i), q);
  }
}

/** The row of the first layer's weights for a category at place q of a group. */
function conditionRow(q: i32, category: i32): usize {
  const pac = constant(Constant.Pac);
  return <usize>(pac * constant(Constant.RowStride) + q * constant(Constant.ConditionStride) + category);
}

/** Columns of one task of `criticScatter`. */
const scatterColumns: i32 = 64;

/**
 * The sparse part of the gradient of the first layer's weights: what `criticGather` read gets its groups' gradients.
 *
 * Arguments: 2 gradient of the weights, 3 width, 4 groups, 5 conditions of the generated rows or 0, 6 gradient of their
 * groups, 7 conditions of the real rows or 0, 8 gradient of their groups, 9 real rows.
 * Tasks: pac times blocks of 64 columns.
 */
export function criticScatter(at: usize, task: i32): void {
  const width = load<i32>(at, 12);
  const stride = (<usize>width) << 2;
  const blocks = (width + scatterColumns - 1) / scatterColumns;
  const q = task / blocks;
  const column = (task % blocks) * scatterColumns;
  const bytes = (<usize>min(scatterColumns, width - column)) << 2;
  const place = (<usize>column) << 2;
  const out = <usize>load<i32>(at, 8) + place;
  const pac = constant(Constant.Pac);
  const groups = load<i32>(at, 16);
  const conditions = <usize>load<i32>(at, 20);
  const realConditions = <usize>load<i32>(at, 28);
  for (let p = 0; p < groups; p++) {
    const i = (<usize>(p * pac + q)) << 2;
    const fake = <usize>load<i32>(at, 24) + <usize>p * stride + place;
    const real = <usize>load<i32>(at, 32) + <usize>p * stride + place;
    if (conditions) {
      addScaled(out + conditionRow(q, load<i32>(conditions + i)) * stride, fake, bytes, 1);
      addScaled(out + conditionRow(q, load<i32>(realConditions + i)) * stride, real, bytes, 1);
    }
    scatterRow(out, stride, bytes, real, load<i32>(<usize>load<i32>(at, 36) + i), q);
  }
}

function scatterRow(out: usize, stride: usize, bytes: usize, from: usize, row: i32, q: i32): void {
  const numbers = constant(Constant.NumberSpans);
  const choices = constant(Constant.ChoiceSpans);
  const base = out + <usize>(q * constant(Constant.RowStride)) * stride;
  const values = <usize>constant(Constant.Numbers) + ((<usize>row * numbers) << 2);
  for (let k: usize = 0; k < <usize>numbers; k++) {
    const start = load<i32>(<usize>constant(Constant.NumberStarts) + (k << 2));
    addScaled(base + <usize>start * stride, from, bytes, load<f32>(values + (k << 2)));
  }
  const chosen = <usize>constant(Constant.Choices) + ((<usize>row * choices) << 1);
  for (let k: usize = 0; k < <usize>choices; k++) {
    const place = load<i32>(<usize>constant(Constant.ChoiceStarts) + (k << 2)) + <i32>load<u16>(chosen + (k << 1));
    addScaled(base + <usize>place * stride, from, bytes, 1);
  }
}

/** Between the generated and the real group: alpha real + (1 - alpha) generated, in the first pre-activations. */
function mix(pre: usize, fake: usize, real: usize, bytes: usize, alpha: f32): void {
  const a = f32x4.splat(alpha);
  const b = f32x4.splat(1 - alpha);
  for (let j: usize = 0; j < bytes; j += 16) {
    v128.store(pre + j, f32x4.add(f32x4.mul(a, v128.load(real + j)), f32x4.mul(b, v128.load(fake + j))));
  }
}

/**
 * Leaky ReLU and dropout of one row. Arguments as of `criticActivate`; the slopes are kept, since both directions of
 * the backward pass multiply by them.
 */
function activateRow(at: usize, row: i32, scratch: usize): void {
  const width = load<i32>(at, 12);
  const place = (<usize>row * width) << 2;
  const pre = <usize>load<i32>(at, 8) + place;
  const slopes = <usize>load<i32>(at, 20) + place;
  const out = <usize>load<i32>(at, 24) + place;
  const bias = <usize>load<i32>(at, 28);
  const leak = f32x4.splat(load<f32>(at, 32));
  const dropBelow = load<u32>(at, 36);
  const drop = i32x4.splat(<i32>dropBelow);
  const kept = f32x4.splat(load<f32>(at, 40));
  for (let j = 0; j < width; j += 16) {
    if (dropBelow) words16(scratch, Stream.Dropout + load<i32>(at, 44), row, j >> 4);
    for (let k: usize = 0; k < 64; k += 16) {
      const here = ((<usize>j) << 2) + k;
      let x = v128.load(pre + here);
      if (bias) x = f32x4.add(x, v128.load(bias + here));
      let slope = v128.bitselect(f32x4.splat(1), leak, f32x4.gt(x, f32x4.splat(0)));
      if (dropBelow) slope = v128.and(f32x4.mul(slope, kept), i32x4.ge_u(v128.load(scratch + k), drop));
      v128.store(slopes + here, slope);
      v128.store(out + here, f32x4.mul(x, slope));
    }
  }
}

/**
 * A hidden layer of the critic: bias, leaky ReLU, dropout.
 *
 * Arguments: 2 pre-activations, 3 width and row stride, 4 groups of one block, 5 slopes (out), 6 out, 7 bias or 0,
 * 8 leak (f32), 9 words below it drop a unit (u32; 0: none), 10 1 / share kept (f32), 11 layer, 12 mixes or 0: the
 * second block is computed as between the first and the third. Tasks: rows of all blocks.
 */
export function criticActivate(at: usize, task: i32, thread: i32): void {
  const groups = load<i32>(at, 16);
  const mixes = <usize>load<i32>(at, 48);
  if (mixes && task >= groups && task < 2 * groups) {
    const bytes = (<usize>load<i32>(at, 12)) << 2;
    const pre = <usize>load<i32>(at, 8) + <usize>task * bytes;
    const alpha = load<f32>(mixes + ((<usize>(task - groups)) << 2));
    mix(pre, pre - <usize>groups * bytes, pre + <usize>groups * bytes, bytes, alpha);
  }
  activateRow(at, task, scratchOf(thread));
}

function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let j: usize = 0; j < bytes; j += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(a + j), v128.load(b + j)));
  return sum4(sum);
}

/** The logistic function. */
function sigmoid(x: f32, scratch: usize): f32 {
  return 1 / (1 + exponential(-x, scratch));
}

/** Slope of the loss in one score. Arguments as of `criticTop`. */
function slopeOf(at: usize, score: f32, isReal: bool, scratch: usize): f32 {
  const share = <f32>1 / <f32>load<i32>(at, 16);
  switch (load<i32>(at, 44)) {
    case Score.WassersteinCritic:
      return isReal ? -share : share;
    case Score.WassersteinGenerator:
      return isReal ? 0 : -share;
    case Score.CrossEntropyCritic:
      return share * (sigmoid(score, scratch) - (isReal ? load<f32>(at, 48) : 0));
    default:
      return isReal ? 0 : -share * sigmoid(-score, scratch);
  }
}

/**
 * Scores of the last hidden layer, and the gradient of its pre-activations. For the block between, the gradient is that
 * of its scores' sum, from which the penalty takes the critic's slope.
 *
 * Arguments: 2 hidden layer, 3 width and row stride, 4 groups of one block, 5 its slopes, 6 weights, 7 bias, 8 scores
 * (out), 9 gradient of the scores (out), 10 gradient of the pre-activations (out), 11 kind of score, 12 target of real
 * groups (f32), 13 first row of the real block, 14 first row of the block between, or -1. Tasks: rows of all blocks.
 */
export function criticTop(at: usize, task: i32, thread: i32): void {
  const bytes = (<usize>load<i32>(at, 12)) << 2;
  const groups = load<i32>(at, 16);
  const place = <usize>task * bytes;
  const weights = <usize>load<i32>(at, 24);
  const score = dot(<usize>load<i32>(at, 8) + place, weights, bytes) + load<f32>(<usize>load<i32>(at, 28));
  const between = load<i32>(at, 56);
  const isBetween = between >= 0 && task >= between && task < between + groups;
  const isReal = task >= load<i32>(at, 52);
  let slope: f32 = 1;
  if (!isBetween) slope = slopeOf(at, score, isReal, scratchOf(thread));
  store<f32>(<usize>load<i32>(at, 32) + ((<usize>task) << 2), score);
  store<f32>(<usize>load<i32>(at, 36) + ((<usize>task) << 2), slope);
  const slopes = <usize>load<i32>(at, 20) + place;
  const out = <usize>load<i32>(at, 40) + place;
  const factor = f32x4.splat(slope);
  for (let j: usize = 0; j < bytes; j += 16) {
    v128.store(out + j, f32x4.mul(factor, f32x4.mul(v128.load(weights + j), v128.load(slopes + j))));
  }
}

/**
 * Gradient of the score's weights and bias: each row of the hidden layer times the slope of its score. In the block
 * between, the hidden layer was replaced by what the penalty passes up.
 *
 * Arguments: 2 hidden layer, 3 width and row stride, 4 rows of all blocks, 5 gradient of the scores, 6 gradient of the
 * weights (out), 7 gradient of the bias (out), 8 groups of one block, 9 first row of the block between, or -1.
 * Tasks: width / 16.
 */
export function criticTopGradient(at: usize, task: i32): void {
  const stride = (<usize>load<i32>(at, 12)) << 2;
  const rows = load<i32>(at, 16);
  const slopes = <usize>load<i32>(at, 20);
  for (let place = (<usize>task) << 6; place < ((<usize>task) << 6) + 64; place += 16) {
    let sum = f32x4.splat(0);
    let from = <usize>load<i32>(at, 8) + place;
    for (let i = 0; i < rows; i++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(from), v128.load32_splat(slopes + ((<usize>i) << 2))));
      from += stride;
    }
    v128.store(<usize>load<i32>(at, 24) + place, sum);
  }
  if (task > 0) return;
  const between = load<i32>(at, 36);
  const groups = load<i32>(at, 32);
  let bias: f32 = 0;
  for (let i = 0; i < rows; i++) {
    if (between < 0 || i < between || i >= between + groups) bias += load<f32>(slopes + ((<usize>i) << 2));
  }
  store<f32>(<usize>load<i32>(at, 28), bias);
}

/**
 * The gradient penalty `weight * mean((|g| - 1)^2)` (Gulrajani et al. 2017): g, the critic's slope of each group, is
 * replaced by the penalty's gradient with respect to it.
 *
 * Arguments: 2 slopes, 3 row stride, 4 groups, 5 weight (f32), 6 norms (out). Tasks: groups.
 */
export function penalty(at: usize, task: i32): void {
  const bytes = (<usize>load<i32>(at, 12)) << 2;
  const g = <usize>load<i32>(at, 8) + <usize>task * bytes;
  const norm = sqrt<f32>(dot(g, g, bytes) + 1e-12);
  store<f32>(<usize>load<i32>(at, 24) + ((<usize>task) << 2), norm);
  const factor = f32x4.splat(((2 * load<f32>(at, 20)) / <f32>load<i32>(at, 16)) * ((norm - 1) / norm));
  for (let j: usize = 0; j < bytes; j += 16) v128.store(g + j, f32x4.mul(factor, v128.load(g + j)));
}

/** Mean of four columns, and their standard deviation. Written to `out` and `out` + 16. */
function meanAndDeviation(x: usize, stride: usize, rows: i32, out: usize): void {
  const share = f32x4.splat(<f32>1 / <f32>rows);
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < <usize>rows; i++) sum = f32x4.add(sum, v128.load(x + i * stride));
  const mean = f32x4.mul(sum, share);
  let squares = f32x4.splat(0);
  for (let i: usize = 0; i < <usize>rows; i++) {
    const difference = f32x4.sub(v128.load(x + i * stride), mean);
    squares = f32x4.add(squares, f32x4.mul(difference, difference));
  }
  v128.store(out, mean);
  v128.store(out, f32x4.sqrt(f32x4.add(f32x4.mul(squares, share), f32x4.splat(1e-12))), 16);
}

function sign(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.sub(v128.and(f32x4.gt(x, f32x4.splat(0)), one), v128.and(f32x4.lt(x, f32x4.splat(0)), one));
}

/**
 * The information loss (Park et al. 2018, "Data Synthesis based on GANs", section 4.2, as L1): means and standard
 * deviations of the critic's last hidden layer shall be alike for generated and real groups. Adds its gradient.
 *
 * Arguments: 2 hidden layer of the generated groups, 3 width and row stride, 4 groups, 5 hidden layer of the real
 * groups, 6 slopes of the generated groups, 7 gradient of their pre-activations (in and out), 8 weight / units (f32),
 * 9 the loss of each column, without weight (out), 10 scratch of 64 bytes a task. Tasks: width / 16.
 */
export function featureMatch(at: usize, task: i32): void {
  const stride = (<usize>load<i32>(at, 12)) << 2;
  const groups = load<i32>(at, 16);
  const scratch = <usize>load<i32>(at, 40) + ((<usize>task) << 6);
  const weight = f32x4.splat(load<f32>(at, 32) / <f32>groups);
  for (let place = (<usize>task) << 6; place < ((<usize>task) << 6) + 64; place += 16) {
    const fake = <usize>load<i32>(at, 8) + place;
    meanAndDeviation(fake, stride, groups, scratch);
    meanAndDeviation(<usize>load<i32>(at, 20) + place, stride, groups, scratch + 32);
    const mean = v128.load(scratch);
    const deviation = v128.load(scratch, 16);
    const meanGap = f32x4.sub(mean, v128.load(scratch, 32));
    const deviationGap = f32x4.sub(deviation, v128.load(scratch, 48));
    v128.store(<usize>load<i32>(at, 36) + place, f32x4.add(f32x4.abs(meanGap), f32x4.abs(deviationGap)));
    const ofMean = f32x4.mul(weight, sign(meanGap));
    const ofDeviation = f32x4.div(f32x4.mul(weight, sign(deviationGap)), deviation);
    for (let i: usize = 0; i < <usize>groups; i++) {
      const here = place + i * stride;
      const centred = f32x4.sub(v128.load(fake + i * stride), mean);
      const gradient = f32x4.add(ofMean, f32x4.mul(ofDeviation, centred));
      const out = <usize>load<i32>(at, 28) + here;
      const passed = f32x4.mul(gradient, v128.load(<usize>load<i32>(at, 24) + here));
      v128.store(out, f32x4.add(v128.load(out), passed));
    }
  }
}
