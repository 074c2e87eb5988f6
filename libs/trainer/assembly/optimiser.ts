import { Control, Parameter } from './layout';
import { sum4 } from './math';

/** Floats of one task. */
const chunk: i32 = 4096;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with L2 decay in the gradient, over all parameters of a network at once.
 *
 * Arguments: 2 weights, 3 gradients, 4 first moments, 5 second moments, 6 floats (a multiple of 16), 7 beta1, 8 beta2,
 * 9 epsilon, 10 L2 decay (f32 each), 11 averaged weights or 0, 12 out: of each task the squares of gradients (without
 * decay), of updates and of weights (before), summed, three f32. Tasks: 4096 floats each.
 */
export function adam(at: usize, task: i32): void {
  const offset = <usize>task * chunk;
  const count = min(<usize>load<i32>(at, 24) - offset, chunk) << 2;
  const place = offset << 2;
  const w = <usize>load<i32>(at, 8) + place;
  const g = <usize>load<i32>(at, 12) + place;
  const m = <usize>load<i32>(at, 16) + place;
  const v = <usize>load<i32>(at, 20) + place;
  const beta1 = v128.load32_splat(at, 28);
  const beta2 = v128.load32_splat(at, 32);
  const epsilon = v128.load32_splat(at, 36);
  const decay = v128.load32_splat(at, 40);
  const rest1 = f32x4.sub(f32x4.splat(1), beta1);
  const rest2 = f32x4.sub(f32x4.splat(1), beta2);
  const rate = v128.load32_splat(Control.Parameters, Parameter.Rate);
  const correction = v128.load32_splat(Control.Parameters, Parameter.SecondMomentCorrection);
  let gradients = f32x4.splat(0);
  let updates = gradients;
  let weights = gradients;
  for (let j: usize = 0; j < count; j += 16) {
    const weight = v128.load(w + j);
    const gradient = v128.load(g + j);
    const slope = f32x4.add(gradient, f32x4.mul(decay, weight));
    const mean = f32x4.add(f32x4.mul(beta1, v128.load(m + j)), f32x4.mul(rest1, slope));
    const square = f32x4.add(f32x4.mul(beta2, v128.load(v + j)), f32x4.mul(rest2, f32x4.mul(slope, slope)));
    v128.store(m + j, mean);
    v128.store(v + j, square);
    const size = f32x4.add(f32x4.sqrt(f32x4.mul(square, correction)), epsilon);
    const update = f32x4.div(f32x4.mul(rate, mean), size);
    v128.store(w + j, f32x4.sub(weight, update));
    gradients = f32x4.add(gradients, f32x4.mul(gradient, gradient));
    updates = f32x4.add(updates, f32x4.mul(update, update));
    weights = f32x4.add(weights, f32x4.mul(weight, weight));
  }
  const norms = <usize>load<i32>(at, 48) + <usize>task * 12;
  store<f32>(norms, sum4(gradients));
  store<f32>(norms, sum4(updates), 4);
  store<f32>(norms, sum4(weights), 8);
  const average = <usize>load<i32>(at, 44);
  if (average) moveAverage(average + place, w, count);
}

function moveAverage(average: usize, values: usize, bytes: usize): void {
  const kept = v128.load32_splat(Control.Parameters, Parameter.AverageKept);
  const rest = f32x4.sub(f32x4.splat(1), kept);
  for (let j: usize = 0; j < bytes; j += 16) {
    const moved = f32x4.add(f32x4.mul(kept, v128.load(average + j)), f32x4.mul(rest, v128.load(values + j)));
    v128.store(average + j, moved);
  }
}

/** A running average of numbers. Arguments: 2 average, 3 numbers, 4 floats (a multiple of 16). One task. */
export function average(at: usize): void {
  moveAverage(<usize>load<i32>(at, 8), <usize>load<i32>(at, 12), (<usize>load<i32>(at, 16)) << 2);
}
