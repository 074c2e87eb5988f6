import type { EncodedRows, StoredRows } from '../engine/gan-shape';
import type { RecordFile } from './record-file';
import { ScratchFile } from './scratch-file';

/** Which field of a record each number and each choice is. */
export interface StoredFields {
  numbers: readonly number[];
  choices: readonly number[];
}

interface SlotList {
  starts: Uint32Array;
  /** Where its rows begin in the file of lists, in bytes. */
  at: number;
}

/** Encoded rows in files, with the lists that training by sampling draws from; a list is made when first asked for. */
export class FileRows implements StoredRows {
  readonly rowCount: number;
  private readonly lists = new Map<number, SlotList>();
  private readonly listFile: ScratchFile;

  constructor(
    private readonly records: RecordFile,
    private readonly fields: StoredFields,
    folder: string,
  ) {
    this.rowCount = records.rowCount;
    this.listFile = ScratchFile.open(folder);
  }

  take(rows: ArrayLike<number>): EncodedRows {
    const taken = this.records.take(rows);
    const numbers = new Float32Array(rows.length * this.fields.numbers.length);
    const choices = new Uint16Array(rows.length * this.fields.choices.length);
    const spread = (fields: readonly number[], to: Float32Array | Uint16Array) =>
      fields.forEach((field, place) => {
        taken[field]?.forEach((value, row) => (to[row * fields.length + place] = value));
      });
    spread(this.fields.numbers, numbers);
    spread(this.fields.choices, choices);
    return { rowCount: rows.length, numbers, choices };
  }

  slotStarts(choice: number, width: number): Uint32Array {
    return this.listOf(choice, width).starts;
  }

  listed(choice: number, entry: number): number {
    const list = this.lists.get(choice);
    if (!list) throw new Error(`the rows of choice ${choice} were not listed yet`);
    const row = new Uint32Array(1);
    this.listFile.read(row, list.at + 4 * entry);
    return row[0] ?? 0;
  }

  private listOf(choice: number, width: number): SlotList {
    const known = this.lists.get(choice);
    if (known) return known;
    const slots = this.records.shortsOf(this.fields.choices[choice] ?? -1);
    const starts = new Uint32Array(width + 1);
    for (const slot of slots) {
      if (slot >= width) throw new RangeError(`a row chooses ${slot} of ${width}`);
      starts[slot + 1] = (starts[slot + 1] ?? 0) + 1;
    }
    for (let slot = 0; slot < width; slot++) starts[slot + 1] = (starts[slot + 1] ?? 0) + (starts[slot] ?? 0);
    const next = starts.slice();
    const rows = new Uint32Array(this.rowCount);
    slots.forEach((slot, row) => {
      const place = next[slot] ?? 0;
      rows[place] = row;
      next[slot] = place + 1;
    });
    const list = { starts, at: this.listFile.append(rows) };
    this.lists.set(choice, list);
    return list;
  }

  close(): void {
    this.records.close();
    this.listFile.close();
  }
}
