/**
 * Steps, times, epochs and lengths as bytes. What rises evenly, whatever its length, takes some 6 bytes; times in
 * milliseconds with jitter about one byte each.
 *
 * Form 0: the first value, then the second differences, zigzag coded as variable-length integers of 7 bits a byte; a
 * run of zeros is a zero and the run's length less one. Form 1: little-endian doubles, for numbers whose differences a
 * double cannot hold exactly.
 */
const differences = 0;
const doubles = 1;

/** Second differences of smaller numbers stay below 2^53 after zigzag coding. */
const largestDifferenced = 2 ** 49;

/** @throws RangeError for what is not a safe integer: nothing else can be read back as it was. */
export function encodeIntegers(values: ArrayLike<number>): Buffer {
  let isSmall = true;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isSafeInteger(value)) throw new RangeError(`value ${index} is ${value}, not a whole number`);
    if (Math.abs(value) > largestDifferenced) isSmall = false;
  }
  if (isSmall) return encodeDifferences(values);
  return Buffer.concat([Buffer.of(doubles), bytesOf(Float64Array.from(values))]);
}

function encodeDifferences(values: ArrayLike<number>): Buffer {
  const writer = new VarintWriter(16 + 2 * values.length);
  writer.byte(differences);
  let previous = 0;
  let difference = 0;
  let zeros = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    const next = value - previous;
    const second = index === 0 ? value : next - difference;
    previous = value;
    difference = index === 0 ? 0 : next;
    if (second === 0) {
      zeros++;
      continue;
    }
    writer.zeros(zeros);
    zeros = 0;
    writer.varint(second > 0 ? 2 * second : -2 * second - 1);
  }
  writer.zeros(zeros);
  return writer.bytes();
}

/** Appends bytes to a buffer that grows. */
class VarintWriter {
  private buffer: Buffer;
  private length = 0;

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  byte(value: number): void {
    if (this.length === this.buffer.length) this.buffer = Buffer.concat([this.buffer], 2 * this.buffer.length);
    this.buffer[this.length++] = value;
  }

  /** Bit operations would cut at 32 bits. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  zeros(count: number): void {
    if (count === 0) return;
    this.byte(0);
    this.varint(count - 1);
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }
}

/** Reads the arrays that stand one behind the other in `bytes`, as they were written. */
export class IntegerReader {
  private offset = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** @throws RangeError when the bytes end before `count` numbers. */
  read(count: number): Float64Array {
    const form = this.byte();
    if (form === differences) return this.readDifferences(count);
    if (form !== doubles) throw new RangeError(`unknown form ${form} of integers`);
    const values = doublesAt(this.bytes, this.offset, count);
    this.offset += 8 * count;
    return values;
  }

  private readDifferences(count: number): Float64Array {
    const values = new Float64Array(count);
    let previous = 0;
    let difference = 0;
    let zeros = 0;
    for (let index = 0; index < count; index++) {
      let second = 0;
      if (zeros > 0) zeros--;
      else {
        const code = this.varint();
        if (code === 0) zeros = this.varint();
        else second = code % 2 === 0 ? code / 2 : -(code + 1) / 2;
      }
      if (index === 0) previous = second;
      else {
        difference += second;
        previous += difference;
      }
      values[index] = previous;
    }
    return values;
  }

  private varint(): number {
    let byte = this.byte();
    if (byte < 128) return byte;
    let value = byte - 128;
    let scale = 128;
    do {
      byte = this.byte();
      value += (byte % 128) * scale;
      scale *= 128;
    } while (byte >= 128);
    return value;
  }

  private byte(): number {
    const byte = this.bytes[this.offset++];
    if (byte === undefined) throw new RangeError(`integers end after ${this.bytes.length} bytes`);
    return byte;
  }
}

/** The bytes of numbers as they lie in memory: little-endian on every platform that Node is built for but s390x. */
export function bytesOf(values: Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** A copy: bytes from the driver may lie at an address at which no double may start. @throws RangeError */
export function doublesAt(bytes: Uint8Array, offset: number, count: number): Float64Array {
  if (offset + 8 * count > bytes.byteLength) {
    throw new RangeError(`${bytes.byteLength} bytes hold no ${count} doubles from byte ${offset} on`);
  }
  const values = new Float64Array(count);
  bytesOf(values).set(bytes.subarray(offset, offset + 8 * count));
  return values;
}
