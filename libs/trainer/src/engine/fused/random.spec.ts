import { describe, expect, it } from 'vitest';
import { Operation, Parameter } from '../../../assembly/layout';
import { Arena } from './arena';
import { Program } from './program';
import { Runtime } from './runtime';
import { clock } from './testing/cases';

function runtimeOf(arena: Arena): Runtime {
  return new Runtime(arena.size, { threads: 1, clock, deadlineMs: 1000 });
}

/** Philox 4x32 as its paper writes it, with whole numbers of any size. */
function philox(counter: number[], key: number[], rounds: number): number[] {
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  const low = (x: bigint) => x & 0xffffffffn;
  for (let round = 0; round < rounds; round++) {
    const p0 = c0 * 0xd2511f53n;
    const p1 = c2 * 0xcd9e8d57n;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, low(p1), (p0 >> 32n) ^ c3 ^ k1, low(p0)];
    [k0, k1] = [low(k0 + 0x9e3779b9n), low(k1 + 0xbb67ae85n)];
  }
  return [c0, c1, c2, c3].map(Number);
}

/** Fills `[rows, columns]` by one operation. */
function fill(operation: Operation, rows: number, columns: number): Float32Array {
  const arena = new Arena();
  const out = arena.words(rows * columns);
  const program = new Program().emit(operation, Math.ceil(rows / 16), out, columns, rows, columns);
  const placed = program.place((bytes) => arena.bytes(bytes));
  const runtime = runtimeOf(arena);
  runtime.load(placed);
  runtime.setParameter(Parameter.Seed, 1);
  runtime.setParameter(Parameter.Step, 2);
  runtime.run(placed);
  return runtime.floatsAt(out, rows * columns);
}

function moments(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

describe('Philox', () => {
  it('gives the answers of its paper', () => {
    // Of the reference implementation's table of known answers, 10 and 7 rounds: the first checks the code above.
    expect(philox([0, 0, 0, 0], [0, 0], 10)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    const arena = new Arena();
    const at = arena.words(6);
    const runtime = runtimeOf(arena);
    for (const words of [
      [0, 0, 0, 0, 0, 0],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0],
    ]) {
      runtime.integersAt(at, 6).set(words);
      runtime.philoxAt(at);
      const expected = philox(words.slice(0, 4), words.slice(4), 7);
      expect(Array.from(runtime.integersAt(at, 4), (word) => word >>> 0)).toEqual(expected);
    }
  });
});

describe('noise', () => {
  it('is standard normal', () => {
    const values = fill(Operation.FillNormal, 2000, 128);
    const { mean, variance } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.01);
    const tail = values.filter((value) => Math.abs(value) > 1.959964).length / values.length;
    expect(Math.abs(tail - 0.05)).toBeLessThan(0.002);
    const neighbours = values.map((value, i) => value * (values[i + 1] ?? 0));
    expect(Math.abs(moments(neighbours).mean)).toBeLessThan(0.01);
  });

  it('is standard Gumbel', () => {
    const { mean, variance } = moments(fill(Operation.FillGumbel, 2000, 128));
    expect(Math.abs(mean - 0.5772157)).toBeLessThan(0.01);
    expect(Math.abs(variance - Math.PI ** 2 / 6)).toBeLessThan(0.03);
  });
});
