import { Control, Parameter, Stream } from './layout';
import { cosineOfTurns, logarithms } from './math';
import { uniform16 } from './random';

const rowsPerTask: i32 = 16;

/** Uniform numbers to standard normal ones (Box and Muller 1958): the first half are radii, the second angles. */
function normalise(at: usize, bytes: usize): void {
  const half = bytes >> 1;
  logarithms(at, half);
  for (const end = at + half; at < end; at += 16) {
    const angle = v128.load(at + half);
    const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), v128.load(at)));
    v128.store(at, f32x4.mul(radius, cosineOfTurns(angle)));
    // A sine is the cosine a quarter of a turn before.
    const quarter = f32x4.sub(angle, f32x4.splat(0.25));
    const wrapped = f32x4.add(quarter, v128.and(f32x4.lt(quarter, f32x4.splat(0)), f32x4.splat(1)));
    v128.store(at + half, f32x4.mul(radius, cosineOfTurns(wrapped)));
  }
}

/**
 * Standard normal noise. Arguments: 2 out, 3 its row stride (floats), 4 rows, 5 numbers in a row; places up to the
 * next multiple of 16 become 0.
 */
export function fillNormal(at: usize, task: i32): void {
  const out = <usize>load<i32>(at, 8);
  const stride = load<i32>(at, 12);
  const length = load<i32>(at, 20);
  const padded = (length + 15) & ~15;
  const from = task * rowsPerTask;
  const to = min(from + rowsPerTask, load<i32>(at, 16));
  const firstRow = load<i32>(Control.Parameters + Parameter.FirstRow);
  for (let i = from; i < to; i++) {
    const row = out + ((<usize>i * stride) << 2);
    for (let j = 0; j < padded; j += 16) uniform16(row + ((<usize>j) << 2), Stream.Noise, firstRow + i, j >> 4);
    normalise(row, (<usize>padded) << 2);
    for (let j = length; j < padded; j++) store<f32>(row + ((<usize>j) << 2), 0);
  }
}

/** Standard Gumbel noise, in rows that are whole multiples of 16. Arguments: 2 out, 3 row stride, 4 rows. */
export function fillGumbel(at: usize, task: i32): void {
  const out = <usize>load<i32>(at, 8);
  const stride = load<i32>(at, 12);
  const from = task * rowsPerTask;
  const to = min(from + rowsPerTask, load<i32>(at, 16));
  const firstRow = load<i32>(Control.Parameters + Parameter.FirstRow);
  for (let i = from; i < to; i++) {
    const row = out + ((<usize>i * stride) << 2);
    for (let j = 0; j < stride; j += 16) uniform16(row + ((<usize>j) << 2), Stream.Gumbel, firstRow + i, j >> 4);
    const bytes = (<usize>stride) << 2;
    logarithms(row, bytes);
    negate(row, bytes);
    logarithms(row, bytes);
    negate(row, bytes);
  }
}

function negate(at: usize, bytes: usize): void {
  for (const end = at + bytes; at < end; at += 16) v128.store(at, f32x4.neg(v128.load(at)));
}

/** Zeroes. Arguments: 2 out, 3 floats, a multiple of 16; 4096 a task. */
export function fillZero(at: usize, task: i32): void {
  const from = task << 12;
  const floats = min(load<i32>(at, 12) - from, 4096);
  memory.fill(<usize>load<i32>(at, 8) + ((<usize>from) << 2), 0, (<usize>floats) << 2);
}
