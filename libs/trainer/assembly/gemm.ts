// Matrix products. Panels of 16 columns of B are packed so that the inner loop reads them in order; a tile of C stays in
// registers (Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication").
import { Constant, Control } from './layout';
import { tile2, tile4, tile4Transposed } from './tiles';
import { wideTile, wideTileTransposed } from './wide-tiles';

/** Columns of C of one task: a cache line, so that no two threads write to one. */
const taskColumns: i32 = 16;
/** Depth of a packed panel: 16 KB, of which tiles of 8 columns read half at a time. */
const narrowDepth: i32 = 256;
/** Wide tiles read a panel once for five rows; 32 KB are faster than twice the passes over C. */
const wideDepth: i32 = 512;

/** B as it stands: 16 adjacent columns of `depth` rows. */
function packRows(b: usize, stride: usize, depth: i32, out: usize): void {
  const end = out + ((<usize>depth) << 6);
  while (out < end) {
    v128.store(out, v128.load(b));
    v128.store(out, v128.load(b, 16), 16);
    v128.store(out, v128.load(b, 32), 32);
    v128.store(out, v128.load(b, 48), 48);
    b += stride;
    out += 64;
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
    v128.store(out, v128.shuffle<i64>(low01, low23, 1, 3), 64);
    v128.store(out, v128.shuffle<i64>(high01, high23, 0, 2), 128);
    v128.store(out, v128.shuffle<i64>(high01, high23, 1, 3), 192);
    out += 256;
  }
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
  const isWide = load<i32>(Control.IsWide);
  const blockDepth = isWide ? wideDepth : narrowDepth;
  for (let k = 0; k < depth; k += blockDepth) {
    const block = min(depth - k, blockDepth);
    packPanel(at, column, k, block, panel);
    const addsBlock = adds | i32(k > 0);
    const wideRows = isWide ? ((lastRow - firstRow) / 5) * 5 : 0;
    if (wideRows) multiplyWide(at, firstRow, firstRow + wideRows, column, k, block, panel, addsBlock);
    multiplyNarrow(at, firstRow + wideRows, lastRow, column, k, block, panel, addsBlock);
    multiplyNarrow(at, firstRow + wideRows, lastRow, column + 8, k, block, panel + 32, addsBlock);
  }
  const mask = <usize>load<i32>(at, 56);
  if (mask) {
    const cStride = (<usize>load<i32>(at, 36)) << 2;
    const place = <usize>firstRow * cStride + ((<usize>column) << 2);
    applyMask(<usize>load<i32>(at, 32) + place, mask + place, cStride, lastRow - firstRow);
  }
}

/** The panel of a task. */
function packPanel(at: usize, column: i32, k: i32, depth: i32, panel: usize): void {
  const bStride = (<usize>load<i32>(at, 24)) << 2;
  const b = <usize>load<i32>(at, 20);
  if (load<i32>(at, 28)) {
    const source = b + <usize>column * bStride + ((<usize>k) << 2);
    for (let four: usize = 0; four < 4; four++) {
      packFourTransposed(source + four * 4 * bStride, bStride, depth, panel + four * 16);
    }
  } else {
    packRows(b + <usize>k * bStride + ((<usize>column) << 2), bStride, depth, panel);
  }
}

/** Rows of 16 columns of C, a multiple of 5. */
function multiplyWide(
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
  for (let i = firstRow; i < lastRow; i += 5) {
    if (isTransposed) wideTileTransposed(a, step, panel, depth, c, cStride, adds);
    else wideTile(a, row, panel, depth, c, cStride, adds);
    a += row * 5;
    c += cStride * 5;
  }
}

/** Rows of 8 columns of C. */
function multiplyNarrow(
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
