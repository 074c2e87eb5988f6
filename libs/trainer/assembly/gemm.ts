// Matrix products. Panels of 8 columns of B are packed so that the inner loop reads them in order; 4 x 8 of C stay in
// registers (Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication").
import { Constant, Control } from './layout';

/** Columns of C of one task: a cache line, so that no two threads write to one. */
const taskColumns: i32 = 16;
/** Depth of a packed panel: two of 16 KB stay in a first-level cache. */
const blockDepth: i32 = 512;
/** Bytes of a panel, and a line more: what a whole vector writes past an uneven depth. */
const panelBytes: usize = 512 * 32 + 128;

/** B as it stands: 16 adjacent columns of `depth` rows, into two panels. */
function packRows(b: usize, stride: usize, depth: i32, out: usize): void {
  const end = out + ((<usize>depth) << 5);
  while (out < end) {
    v128.store(out, v128.load(b));
    v128.store(out, v128.load(b, 16), 16);
    v128.store(out + panelBytes, v128.load(b, 32));
    v128.store(out + panelBytes, v128.load(b, 48), 16);
    b += stride;
    out += 32;
  }
}

/** Four rows of B become four columns of a panel. */
function packFourTransposed(b: usize, stride: usize, depth: i32, out: usize): void {
  const b1 = b + stride;
  const b2 = b1 + stride;
  const b3 = b2 + stride;
  const end = (<usize>depth) << 2;
  // Strides are multiples of 16 floats, so that reading a whole vector past an uneven depth stays inside the row.
  for (let k: usize = 0; k < end; k += 16) {
    const r0 = v128.load(b + k);
    const r1 = v128.load(b1 + k);
    const r2 = v128.load(b2 + k);
    const r3 = v128.load(b3 + k);
    const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
    const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
    const high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<i64>(low01, low23, 0, 2), 0);
    v128.store(out, v128.shuffle<i64>(low01, low23, 1, 3), 32);
    v128.store(out, v128.shuffle<i64>(high01, high23, 0, 2), 64);
    v128.store(out, v128.shuffle<i64>(high01, high23, 1, 3), 96);
    out += 128;
  }
}

/** Four rows of C. Rows of A are `rowStride` bytes apart, and their elements adjacent. */
function tile4(a: usize, rowStride: usize, panel: usize, depth: i32, c: usize, cStride: usize, adds: i32): void {
  const c1 = c + cStride;
  const c2 = c1 + cStride;
  const c3 = c2 + cStride;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (adds) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  const a1 = a + rowStride;
  const a2 = a1 + rowStride;
  const a3 = a2 + rowStride;
  const end = (<usize>depth) << 2;
  // Depths here are multiples of 16; two steps at once halve the cost of the loop.
  for (let k: usize = 0; k < end; k += 8) {
    let b0 = v128.load(panel);
    let b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a + k);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1 + k);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2 + k);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a3 + k);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    b0 = v128.load(panel, 32);
    b1 = v128.load(panel, 48);
    x = v128.load32_splat(a + k, 4);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1 + k, 4);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2 + k, 4);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a3 + k, 4);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    panel += 64;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

/** Four rows of C, where A is transposed: its column of four is adjacent, and the next `step` bytes on. */
function tile4Transposed(a: usize, step: usize, panel: usize, depth: i32, c: usize, cStride: usize, adds: i32): void {
  const c1 = c + cStride;
  const c2 = c1 + cStride;
  const c3 = c2 + cStride;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (adds) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  const end = panel + ((<usize>depth) << 5);
  while (panel < end) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a += step;
    panel += 32;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

/** Two rows of C that are left over, of which the second may be the first again. */
function tile2(a: usize, row: usize, step: usize, panel: usize, depth: i32, c: usize, c1: usize, adds: i32): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  if (adds) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
  }
  const end = panel + ((<usize>depth) << 5);
  while (panel < end) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a + row);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    a += step;
    panel += 32;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
}

/** Multiplies a finished tile of 16 columns by the numbers at the same places of a mask. */
function applyMask(c: usize, mask: usize, stride: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    v128.store(c, f32x4.mul(v128.load(c), v128.load(mask)));
    v128.store(c, f32x4.mul(v128.load(c, 16), v128.load(mask, 16)), 16);
    v128.store(c, f32x4.mul(v128.load(c, 32), v128.load(mask, 32)), 32);
    v128.store(c, f32x4.mul(v128.load(c, 48), v128.load(mask, 48)), 48);
    c += stride;
    mask += stride;
  }
}

/**
 * `C[m, n] (+)= op(A)[m, k] op(B)[k, n]`, then multiplied by a mask in the strides of C.
 *
 * Arguments: 2 A, 3 its row stride, 4 is A transposed, 5 B, 6 its row stride, 7 is B transposed, 8 C, 9 its row stride,
 * 10 m, 11 n (a multiple of 16), 12 k, 13 does it add to C, 14 mask or 0, 15 rows of C in one task (a multiple of 4).
 * Strides are multiples of 16. Tasks: n / 16 times the blocks of rows.
 */
export function gemm(at: usize, task: i32, thread: i32): void {
  const blockRows = load<i32>(at, 60);
  const rows = load<i32>(at, 40);
  const blocks = (rows + blockRows - 1) / blockRows;
  const firstRow = (task % blocks) * blockRows;
  const lastRow = min(firstRow + blockRows, rows);
  const column = (task / blocks) * taskColumns;
  const panel =
    <usize>load<i32>(Control.Constants + Constant.Scratch) +
    <usize>(thread * load<i32>(Control.Constants + Constant.ScratchBytes));
  multiplyColumns(at, firstRow, lastRow, column, panel);
}

function multiplyColumns(at: usize, firstRow: i32, lastRow: i32, column: i32, panel: usize): void {
  const depth = load<i32>(at, 48);
  const adds = load<i32>(at, 52);
  for (let k = 0; k < depth; k += blockDepth) {
    const block = min(depth - k, blockDepth);
    packPanels(at, column, k, block, panel);
    const addsBlock = adds | i32(k > 0);
    multiplyBlock(at, firstRow, lastRow, column, k, block, panel, addsBlock);
    multiplyBlock(at, firstRow, lastRow, column + 8, k, block, panel + panelBytes, addsBlock);
  }
  const mask = <usize>load<i32>(at, 56);
  if (mask) {
    const cStride = (<usize>load<i32>(at, 36)) << 2;
    const place = <usize>firstRow * cStride + ((<usize>column) << 2);
    applyMask(<usize>load<i32>(at, 32) + place, mask + place, cStride, lastRow - firstRow);
  }
}

/** Both panels of a task. */
function packPanels(at: usize, column: i32, k: i32, depth: i32, panel: usize): void {
  const bStride = (<usize>load<i32>(at, 24)) << 2;
  const b = <usize>load<i32>(at, 20);
  if (load<i32>(at, 28)) {
    const source = b + <usize>column * bStride + ((<usize>k) << 2);
    for (let four: usize = 0; four < 4; four++) {
      const out = panel + (four >> 1) * panelBytes + (four & 1) * 16;
      packFourTransposed(source + four * 4 * bStride, bStride, depth, out);
    }
  } else {
    packRows(b + <usize>k * bStride + ((<usize>column) << 2), bStride, depth, panel);
  }
}

function multiplyBlock(
  at: usize,
  firstRow: i32,
  lastRow: i32,
  column: i32,
  k: i32,
  depth: i32,
  panel: usize,
  adds: i32,
): void {
  const aStride = (<usize>load<i32>(at, 12)) << 2;
  const cStride = (<usize>load<i32>(at, 36)) << 2;
  const isTransposed = load<i32>(at, 16);
  const row: usize = isTransposed ? 4 : aStride;
  const step: usize = isTransposed ? aStride : 4;
  let a = <usize>load<i32>(at, 8) + <usize>firstRow * row + <usize>k * step;
  let c = <usize>load<i32>(at, 32) + <usize>firstRow * cStride + ((<usize>column) << 2);
  let i = firstRow;
  for (; i + 4 <= lastRow; i += 4) {
    if (isTransposed) tile4Transposed(a, step, panel, depth, c, cStride, adds);
    else tile4(a, row, panel, depth, c, cStride, adds);
    a += row << 2;
    c += cStride << 2;
  }
  for (; i < lastRow; i += 2) {
    const isLast = i + 1 == lastRow;
    tile2(a, isLast ? 0 : row, step, panel, depth, c, isLast ? c : c + cStride, adds);
    a += row << 1;
    c += cStride << 1;
  }
}
