import type { EncodedColumn, StoredColumns } from './encoded-table';
import { RecordFile } from './record-file';

type Place = { kind: 'number'; low: number; extent: number } | { kind: 'category'; slots: number } | null;

/** Writes encoded columns to files, and reads rows of them back as columns of those rows alone. */
export class FileColumns implements StoredColumns {
  private readonly records: RecordFile;
  private readonly places: Place[] = [];

  constructor(folder: string, rowCount: number) {
    this.records = new RecordFile(folder, rowCount);
  }

  add(column: EncodedColumn | null): void {
    if (!column) this.places.push(null);
    else if (column.kind === 'category') {
      this.places.push({ kind: 'category', slots: this.records.add(column.slots) });
    } else {
      this.places.push({ kind: 'number', low: this.records.add(column.low), extent: this.records.add(column.extent) });
    }
  }

  /** No column comes any more: rows can be read. */
  finish(): void {
    this.records.finish();
  }

  take(rows: ArrayLike<number>): (EncodedColumn | null)[] {
    const fields = this.records.take(rows);
    return this.places.map((place) => {
      if (!place) return null;
      return place.kind === 'category'
        ? { kind: 'category', slots: fields[place.slots] as Uint32Array }
        : { kind: 'number', low: fields[place.low] as Float32Array, extent: fields[place.extent] as Float32Array };
    });
  }

  close(): void {
    this.records.close();
  }
}
