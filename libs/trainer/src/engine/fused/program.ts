import { Instruction, Limit, Operation } from '../../../assembly/layout';

const wordsEach = Instruction.Bytes / 4;
const converter = new DataView(new ArrayBuffer(4));

/** The bits of a float, for an argument that the module reads as one. */
export function floatBits(value: number): number {
  converter.setFloat32(0, value);
  return converter.getInt32(0);
}

/** Where a finished program stands in the module's memory. */
export interface PlacedProgram {
  address: number;
  words: Int32Array;
  length: number;
}

/**
 * A program under construction: instructions that threads take tasks of. Between two barriers, instructions run in any
 * order and at once, so none may read what another of them writes.
 */
export class Program {
  private readonly words: number[] = [];

  /** @param args words 2 to 15 of the instruction, as its kernel in `assembly/` describes them */
  emit(operation: Operation, tasks: number, ...args: number[]): this {
    if (args.length > wordsEach - 2) throw new RangeError(`${Operation[operation]} has too many arguments`);
    const missing = wordsEach - 2 - args.length;
    this.words.push(operation, tasks, ...args, ...new Array<number>(missing).fill(0));
    return this;
  }

  barrier(): this {
    return this.emit(Operation.Barrier, 0);
  }

  gemm(product: Product): this {
    const { a, b, c, m, n, k } = product;
    const rows = rowsPerTask(m, n);
    return this.emit(
      Operation.Gemm,
      (n / 16) * Math.ceil(m / rows),
      ...[a.address, a.stride, Number(a.isTransposed ?? false)],
      ...[b.address, b.stride, Number(b.isTransposed ?? false)],
      ...[c.address, c.stride, m, n, k, Number(product.adds ?? false), product.mask ?? 0, rows],
    );
  }

  /** Appends the last barrier, after which every thread is done. */
  place(bytes: (count: number) => number): PlacedProgram {
    this.barrier();
    const length = this.words.length / wordsEach;
    if (length > (Limit.Instructions as number))
      throw new RangeError(`a program of ${length} instructions is too long`);
    return { address: bytes(4 * this.words.length), words: Int32Array.from(this.words), length };
  }
}

/** A matrix in memory: the address of its first number, and floats from one row to the next. */
export interface Matrix {
  address: number;
  stride: number;
  isTransposed?: boolean;
}

/** `c [m, n] (+)= a [m, k] b [k, n]`, then times a mask in the places of `c`. */
export interface Product {
  a: Matrix;
  b: Matrix;
  c: Matrix;
  m: number;
  n: number;
  k: number;
  adds?: boolean;
  mask?: number;
}

/** Enough tasks for threads to share evenly, but no blocks so low that packing weighs. Tiles are 4 or 5 rows high. */
function rowsPerTask(m: number, n: number): number {
  const blocks = Math.max(1, Math.min(Math.ceil(24 / (n / 16)), Math.floor(m / 64)));
  return Math.ceil(m / blocks / 20) * 20;
}
