import { ScratchFile } from './scratch-file';

/** The values of a column, or those of some of its rows. */
export type Field = Float32Array | Uint16Array | Uint32Array;

/** What encoded rows may take of the memory, and where they go instead. */
export interface RowSpill {
  limitBytes: number;
  /** A folder on disk, not in memory. */
  folder: string;
}

/** Rows that are turned from columns into records at a time. */
const blockRows = 16_384;

interface FieldPlace {
  kind: 'float' | 'short' | 'word';
  /** Where the column begins in the file of columns, in bytes. */
  start: number;
  /** Where the field stands in a record, in words of 16 bits. */
  place: number;
  words: 1 | 2;
}

/**
 * Encoded columns that leave memory as soon as they are made, and are read back row by row. What is held is one
 * column, or one block of rows; the pages of the file that are read most stay in the system's cache, as far as there
 * is room.
 */
export class RecordFile {
  private readonly columns: ScratchFile;
  private readonly records: ScratchFile;
  private readonly fields: FieldPlace[] = [];
  private recordWords = 0;
  private isFinished = false;

  constructor(
    folder: string,
    readonly rowCount: number,
  ) {
    this.columns = ScratchFile.open(folder);
    this.records = ScratchFile.open(folder);
  }

  /** Writes a column. @returns the number of its field */
  add(values: Field): number {
    const kind = values instanceof Float32Array ? 'float' : values instanceof Uint16Array ? 'short' : 'word';
    const words = kind === 'short' ? 1 : 2;
    const start = this.columns.append(values);
    this.fields.push({ kind, start, place: this.recordWords, words });
    this.recordWords += words;
    return this.fields.length - 1;
  }

  /** Puts the columns side by side; from now on rows can be read. */
  finish(): void {
    for (let first = 0; first < this.rowCount; first += blockRows) this.writeBlock(first);
    this.isFinished = true;
  }

  private writeBlock(first: number): void {
    const rows = Math.min(blockRows, this.rowCount - first);
    const block = new Uint16Array(rows * this.recordWords);
    for (const { start, place, words } of this.fields) {
      const values = new Uint16Array(rows * words);
      this.columns.read(values, start + 2 * words * first);
      for (let row = 0; row < rows; row++) {
        for (let word = 0; word < words; word++) {
          block[row * this.recordWords + place + word] = values[row * words + word] ?? 0;
        }
      }
    }
    this.records.append(block);
  }

  /** @returns of each field its values in these rows, in their order */
  take(rows: ArrayLike<number>): Field[] {
    if (!this.isFinished) throw new Error('rows can be read once all columns are written');
    const bytes = 2 * this.recordWords;
    const read = new Uint16Array(rows.length * this.recordWords);
    for (let i = 0; i < rows.length; i++) {
      this.records.readPart(read, { from: i * bytes, bytes }, (rows[i] ?? 0) * bytes);
    }
    return this.fields.map((field) => this.fieldOf(field, read, rows.length));
  }

  private fieldOf({ kind, place, words }: FieldPlace, records: Uint16Array, rows: number): Field {
    const values = new Uint16Array(rows * words);
    for (let row = 0; row < rows; row++) {
      for (let word = 0; word < words; word++) {
        values[row * words + word] = records[row * this.recordWords + place + word] ?? 0;
      }
    }
    if (kind === 'short') return values;
    return kind === 'float' ? new Float32Array(values.buffer) : new Uint32Array(values.buffer);
  }

  /** All values of a column of shorts, for a pass over them. */
  shortsOf(field: number): Uint16Array {
    const { kind, start } = this.fields[field] ?? {};
    if (kind !== 'short' || start === undefined) throw new RangeError(`field ${field} holds no shorts`);
    const values = new Uint16Array(this.rowCount);
    this.columns.read(values, start);
    return values;
  }

  close(): void {
    this.columns.close();
    this.records.close();
  }
}
