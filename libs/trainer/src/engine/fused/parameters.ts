import { padded } from './arena';

/** Rows of an array that lie together in memory: `rows` of `columns` numbers, `stride` floats apart. */
interface Block {
  /** Floats from the start of the network's parameters. */
  offset: number;
  rows: number;
  columns: number;
  stride: number;
}

export interface ParameterArray {
  name: string;
  /** Numbers of the array, without padding. */
  size: number;
  /** Shape of the array without padding. */
  shape: number[];
  blocks: Block[];
}

/**
 * The learned arrays of one network, side by side: gradients and moments lie the same way in blocks of their own, so
 * that the optimiser passes over all of them at once. Arrays are padded to whole cache lines; padding is 0 and stays 0,
 * since what is multiplied with it is 0.
 */
export class Parameters {
  readonly arrays: ParameterArray[] = [];
  private end = 0;

  /** Floats with padding. */
  get size(): number {
    return this.end;
  }

  /** Numbers learned. */
  get count(): number {
    return this.arrays.reduce((sum, { size }) => sum + size, 0);
  }

  /** @returns offset of the vector, in floats */
  vector(name: string, length: number): number {
    const offset = this.take(padded(length));
    const blocks = [{ offset, rows: 1, columns: length, stride: padded(length) }];
    this.arrays.push({ name, size: length, shape: [length], blocks });
    return offset;
  }

  /**
   * A matrix whose rows come in segments, each padded.
   *
   * @param segments rows of each segment
   * @returns offset of each segment, in floats
   */
  matrix(name: string, segments: readonly number[], columns: number): number[] {
    const stride = padded(columns);
    const blocks = segments.map((rows) => ({ offset: this.take(padded(rows) * stride), rows, columns, stride }));
    const rows = segments.reduce((sum, count) => sum + count, 0);
    this.arrays.push({ name, size: rows * columns, shape: [rows, columns], blocks });
    return blocks.map(({ offset }) => offset);
  }

  private take(floats: number): number {
    const offset = this.end;
    this.end += floats;
    return offset;
  }
}

/** The numbers of one array without padding. @param base the network's parameters, or what lies like them */
export function readArray(base: Float32Array, array: ParameterArray): Float32Array {
  const values = new Float32Array(array.size);
  let at = 0;
  for (const { offset, rows, columns, stride } of array.blocks) {
    for (let row = 0; row < rows; row++, at += columns) {
      values.set(base.subarray(offset + row * stride, offset + row * stride + columns), at);
    }
  }
  return values;
}

export function writeArray(base: Float32Array, array: ParameterArray, values: Float32Array): void {
  let at = 0;
  for (const { offset, rows, columns, stride } of array.blocks) {
    for (let row = 0; row < rows; row++, at += columns) {
      base.set(values.subarray(at, at + columns), offset + row * stride);
    }
  }
}
