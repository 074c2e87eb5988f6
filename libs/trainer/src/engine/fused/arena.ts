import { Limit } from '../../../assembly/layout';

const lineBytes = 64;

/** Hands out addresses of the module's memory, each at the start of a cache line. Nothing is ever given back. */
export class Arena {
  private end: number = Limit.FirstFree;

  /** Bytes handed out, from address 0. */
  get size(): number {
    return this.end;
  }

  bytes(count: number): number {
    const address = this.end;
    this.end = address + roundUp(count, lineBytes);
    return address;
  }

  /** Room for `count` numbers of 32 bits. */
  words(count: number): number {
    return this.bytes(4 * count);
  }
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Rows and layers are padded with zeroes to whole cache lines. */
export function padded(floats: number): number {
  return roundUp(floats, lineBytes / 4);
}
