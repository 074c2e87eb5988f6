import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import { cellText, csvField } from './csv';

const [comma, minus, point, zero, carriageReturn, lineFeed] = [44, 45, 46, 48, 13, 10];
/** Texts of a column that are kept as bytes: enough for categories, and no burden where every text is new. */
const mostKept = 1_000;
const firstCapacity = 1 << 16;
/** Bytes that a number takes at most: a sign, 10 digits, a point and 9 decimals. */
const longestNumber = 21;
const int32Limit = 2 ** 31;

/** What is known of a column ahead of its cells. */
interface Field {
  column: DatasetColumn;
  /** Decimals that numbers are written with directly, and ten to their power; 0: whole numbers only. */
  decimals: number;
  scale: number;
  kept: Map<string, Uint8Array>;
}

/**
 * Lines of CSV as bytes: the same as those of `csvLine` and `cellText`, but without a text for each cell. Bytes are
 * gathered until they are taken.
 */
export class CsvWriter {
  private readonly fields: Field[];
  private bytes = Buffer.allocUnsafe(firstCapacity);
  private length = 0;

  constructor(columns: readonly DatasetColumn[]) {
    this.fields = columns.map((column) => {
      // With at most 15 digits in all, the shortest text of a number is the one with the column's decimals.
      const decimals = column.decimals !== undefined && column.decimals <= 9 ? column.decimals : 0;
      return { column, decimals, scale: 10 ** decimals, kept: new Map<string, Uint8Array>() };
    });
  }

  /** Bytes that were gathered. */
  get byteLength(): number {
    return this.length;
  }

  /** Adds the line of a row: one cell a column. */
  add(cells: readonly Cell[]): void {
    const { fields } = this;
    for (let i = 0; i < fields.length; i++) {
      this.reserve(longestNumber + 3);
      if (i > 0) this.bytes[this.length++] = comma;
      const cell = cells[i] ?? null;
      if (cell === null) continue;
      const field = fields[i] as Field;
      if (typeof cell === 'number') this.addNumber(cell, field);
      else this.addText(String(cell), field);
    }
    this.reserve(2);
    this.bytes[this.length++] = carriageReturn;
    this.bytes[this.length++] = lineFeed;
  }

  /** The bytes since the last call; they are overwritten by the next `add`. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  private addNumber(value: number, field: Field): void {
    const size = Math.abs(value);
    if (size >= int32Limit || !this.addDecimal(size, value < 0, field)) this.addText(cellText(value, field.column) ?? '', field);
  }

  /** @returns false where the number has more digits than the column's decimals */
  private addDecimal(size: number, isNegative: boolean, { decimals, scale }: Field): boolean {
    let whole = Math.trunc(size);
    let fraction = 0;
    if (whole !== size) {
      const scaled = Math.round(size * scale);
      if (decimals === 0 || scaled >= 1e15 || scaled / scale !== size) return false;
      whole = Math.floor(scaled / scale);
      fraction = scaled - whole * scale;
    }
    if (isNegative) this.bytes[this.length++] = minus;
    this.addDigits(whole, digitsOf(whole));
    if (fraction === 0) return true;
    this.bytes[this.length++] = point;
    let width = decimals;
    for (; fraction % 10 === 0; width--) fraction /= 10;
    this.addDigits(fraction, width);
    return true;
  }

  /** Writes a whole number below 2^31 with leading zeros. */
  private addDigits(number: number, width: number): void {
    const { bytes, length } = this;
    let left = number | 0;
    for (let at = length + width - 1; at >= length; at--) {
      const rest = (left / 10) | 0;
      bytes[at] = zero + left - rest * 10;
      left = rest;
    }
    this.length = length + width;
  }

  private addText(text: string, { kept }: Field): void {
    const known = kept.get(text);
    if (known) {
      this.addBytes(known);
      return;
    }
    const field = csvField(text);
    if (kept.size < mostKept) {
      const encoded = Buffer.from(field);
      kept.set(text, encoded);
      this.addBytes(encoded);
      return;
    }
    // UTF-8 takes at most 3 bytes for a unit of a JavaScript string.
    this.reserve(3 * field.length);
    this.length += this.bytes.write(field, this.length);
  }

  private addBytes(source: Uint8Array): void {
    this.reserve(source.length);
    const { bytes, length } = this;
    for (let i = 0; i < source.length; i++) bytes[length + i] = source[i] ?? 0;
    this.length = length + source.length;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.length + count));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** Digits of a whole number below 2^31; 1 for 0. */
function digitsOf(number: number): number {
  let digits = 1;
  for (let limit = 10; number >= limit; limit *= 10) digits++;
  return digits;
}
