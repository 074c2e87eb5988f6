// Philox 4x32-7 (Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3"): a number is a function of its
// place, so no thread needs to know what another drew. Seven rounds pass the tests of BigCrush (table 2).
import { Control, Parameter } from './layout';

const rounds: i32 = 7;

/** Results of `philox`. */
let first = i32x4.splat(0);
let second = i32x4.splat(0);
let third = i32x4.splat(0);
let fourth = i32x4.splat(0);

/** Four counters side by side, `(c0, c1, c2, c3)` in each lane; the results are the globals `first` to `fourth`. */
function philox(c0: v128, c1: v128, c2: v128, c3: v128, key0: i32, key1: i32): void {
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  let k0 = i32x4.splat(key0);
  let k1 = i32x4.splat(key1);
  for (let round = 0; round < rounds; round++) {
    // Each product has 64 bits: two vectors, whose even words are the low halves and odd words the high ones.
    const low0 = i64x2.extmul_low_i32x4_u(c0, m0);
    const high0 = i64x2.extmul_high_i32x4_u(c0, m0);
    const low2 = i64x2.extmul_low_i32x4_u(c2, m1);
    const high2 = i64x2.extmul_high_i32x4_u(c2, m1);
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(low2, high2, 1, 3, 5, 7), c1), k0);
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(low0, high0, 1, 3, 5, 7), c3), k1);
    c1 = v128.shuffle<i32>(low2, high2, 0, 2, 4, 6);
    c3 = v128.shuffle<i32>(low0, high0, 0, 2, 4, 6);
    k0 = i32x4.add(k0, i32x4.splat(0x9e3779b9));
    k1 = i32x4.add(k1, i32x4.splat(0xbb67ae85));
  }
  first = c0;
  second = c1;
  third = c2;
  fourth = c3;
}

/** For the test of known answers: one counter and key of 4 and 2 words at `at`, replaced by the result. */
export function philoxAt(at: usize): void {
  const c = v128.load(at);
  philox(
    i32x4.splat(i32x4.extract_lane(c, 0)),
    i32x4.splat(i32x4.extract_lane(c, 1)),
    i32x4.splat(i32x4.extract_lane(c, 2)),
    i32x4.splat(i32x4.extract_lane(c, 3)),
    load<i32>(at, 16),
    load<i32>(at, 20),
  );
  store<i32>(at, i32x4.extract_lane(first, 0), 0);
  store<i32>(at, i32x4.extract_lane(second, 0), 4);
  store<i32>(at, i32x4.extract_lane(third, 0), 8);
  store<i32>(at, i32x4.extract_lane(fourth, 0), 12);
}

/** Draws the 16 words at place `block` of `row` in a stream of this update of this step. */
function draw16(stream: i32, row: i32, block: i32): void {
  const step = load<i32>(Control.Parameters + Parameter.Step);
  const update = load<i32>(Control.Parameters + Parameter.Update);
  philox(
    i32x4.add(i32x4.splat(block * 4), i32x4(0, 1, 2, 3)),
    i32x4.splat(row),
    i32x4.splat(step),
    i32x4.splat(update * 256 + stream),
    load<i32>(Control.Parameters + Parameter.Seed),
    0x67616e,
  );
}

/** Uniform over (0, 1), 23 bits: never 0, never 1. */
function uniform4(words: v128): v128 {
  const steps = f32x4.convert_i32x4_s(i32x4.shr_u(words, 9));
  return f32x4.mul(f32x4.add(steps, f32x4.splat(0.5)), f32x4.splat(1.1920929e-7));
}

/** Writes 16 words. */
export function words16(out: usize, stream: i32, row: i32, block: i32): void {
  draw16(stream, row, block);
  v128.store(out, first, 0);
  v128.store(out, second, 16);
  v128.store(out, third, 32);
  v128.store(out, fourth, 48);
}

/** Writes 16 numbers uniform over (0, 1). */
export function uniform16(out: usize, stream: i32, row: i32, block: i32): void {
  draw16(stream, row, block);
  v128.store(out, uniform4(first), 0);
  v128.store(out, uniform4(second), 16);
  v128.store(out, uniform4(third), 32);
  v128.store(out, uniform4(fourth), 48);
}
