import { describe, expect, it } from 'vitest';
import { Constant, Control } from '../../../assembly/layout';
import { Random } from '../../random/random';
import { Arena, padded } from './arena';
import type { Lanes } from './builds';
import { panelBytes } from './constants';
import { Program } from './program';
import { Runtime } from './runtime';
import { clock, relativeError } from './testing/cases';

const scratchBytes = panelBytes;

interface Sizes {
  m: number;
  n: number;
  k: number;
}

interface Way {
  isATransposed?: boolean;
  isBTransposed?: boolean;
  adds?: boolean;
  hasMask?: boolean;
}

/** A product by the module and by three loops. */
function multiply({ m, n, k }: Sizes, { isATransposed, isBTransposed, adds, hasMask }: Way, lanes: Lanes = 4) {
  const random = Random.of(m, 'gemm', n, k);
  const arena = new Arena();
  const matrix = (rows: number, columns: number) => ({
    address: arena.words(rows * padded(columns) + 16),
    stride: padded(columns),
    ...{ rows, columns },
  });
  const a = isATransposed ? matrix(k, m) : matrix(m, k);
  const b = isBTransposed ? matrix(n, k) : matrix(k, n);
  const c = matrix(m, n);
  const mask = matrix(m, n);
  const scratch = arena.bytes(scratchBytes);
  const program = new Program().gemm({
    a: { ...a, isTransposed: isATransposed ?? false },
    b: { ...b, isTransposed: isBTransposed ?? false },
    ...{ c, m, n, k, adds: adds ?? false, mask: hasMask ? mask.address : 0 },
  });
  const placed = program.place((bytes) => arena.bytes(bytes));
  const runtime = new Runtime(arena.size, { threads: 1, clock, deadlineMs: 1000, lanes });
  runtime.load(placed);
  runtime.words[(Control.Constants + Constant.Scratch) >> 2] = scratch;
  runtime.words[(Control.Constants + Constant.ScratchBytes) >> 2] = scratchBytes;
  const read = (of: typeof a, i: number, j: number) =>
    runtime.floatsAt(of.address + 4 * (i * of.stride + j), 1)[0] ?? 0;
  for (const of of [a, b, c, mask]) {
    for (let i = 0; i < of.rows; i++) {
      random.fillUniform(runtime.floatsAt(of.address + 4 * i * of.stride, of.columns), -1, 1);
    }
  }
  const expected = Float64Array.from({ length: m * n }, (_, place) => {
    const [i, j] = [Math.floor(place / n), place % n];
    let sum = adds ? read(c, i, j) : 0;
    for (let l = 0; l < k; l++) {
      sum += (isATransposed ? read(a, l, i) : read(a, i, l)) * (isBTransposed ? read(b, j, l) : read(b, l, j));
    }
    return hasMask ? sum * read(mask, i, j) : sum;
  });
  runtime.run(placed);
  const actual = Float32Array.from({ length: m * n }, (_, place) => read(c, Math.floor(place / n), place % n));
  return { actual, error: relativeError(actual, expected) };
}

describe('the product of matrices', () => {
  it.each<[Sizes, Way]>([
    [{ m: 1, n: 16, k: 16 }, {}],
    [{ m: 7, n: 32, k: 48 }, { hasMask: true }],
    [{ m: 150, n: 48, k: 544 }, { adds: true }],
    [
      { m: 6, n: 16, k: 1040 },
      { adds: true, hasMask: true },
    ],
    [{ m: 5, n: 32, k: 32 }, { isBTransposed: true }],
    [
      { m: 10, n: 64, k: 528 },
      { isBTransposed: true, hasMask: true },
    ],
    [{ m: 32, n: 16, k: 7 }, { isATransposed: true }],
    [
      { m: 80, n: 32, k: 601 },
      { isATransposed: true, adds: true },
    ],
  ])('of %j, %j, is that of three loops, to the bit with 4 lanes and with 8', (sizes, way) => {
    const { actual, error } = multiply(sizes, way);
    expect(error).toBeLessThan(2e-6);
    expect(multiply(sizes, way, 8).actual).toEqual(actual);
  });
});
