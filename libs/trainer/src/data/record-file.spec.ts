import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordFile } from './record-file';
import { FileRows } from './stored-rows';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'records-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** More than two blocks of rows. */
const rowCount = 40_000;
const numbers = Float32Array.from({ length: rowCount }, (_, row) => Math.sin(row));
const slots = Uint16Array.from({ length: rowCount }, (_, row) => (row * 7) % 5);
const words = Uint32Array.from({ length: rowCount }, (_, row) => row * 100_003);

describe('a file of records', () => {
  it('gives rows back as they were, in any order, and leaves no file behind', async () => {
    const records = new RecordFile(folder, rowCount);
    const fields = [slots, numbers, words].map((values) => records.add(values));
    records.finish();
    expect(await readdir(folder)).toEqual([]);
    const rows = [39_999, 0, 16_384, 16_383, 0];
    const taken = records.take(rows);
    expect(fields.map((field) => [...(taken[field] ?? [])])).toEqual(
      [slots, numbers, words].map((values) => rows.map((row) => values[row])),
    );
    expect(records.shortsOf(0)).toEqual(slots);
    expect(() => records.shortsOf(1)).toThrow(RangeError);
    records.close();
  });

  it('lists the rows of each slot in their order', () => {
    const records = new RecordFile(folder, rowCount);
    const rows = new FileRows(records, { numbers: [], choices: [records.add(slots)] }, folder);
    records.finish();
    const starts = rows.slotStarts(0, 5);
    expect([...starts]).toEqual([0, 8_000, 16_000, 24_000, 32_000, 40_000]);
    const found = [0, 1, 7_999, 8_000, 39_999].map((entry) => rows.listed(0, entry));
    const bySlot = [...slots.keys()].sort((a, b) => (slots[a] ?? 0) - (slots[b] ?? 0) || a - b);
    expect(found).toEqual([0, 1, 7_999, 8_000, 39_999].map((entry) => bySlot[entry]));
    expect(rows.take(found).choices).toEqual(Uint16Array.from(found, (row) => slots[row] ?? 9));
    rows.close();
  });

  it('refuses slots that the layout does not have', () => {
    const records = new RecordFile(folder, rowCount);
    const rows = new FileRows(records, { numbers: [], choices: [records.add(slots)] }, folder);
    expect(() => rows.slotStarts(0, 4)).toThrow('a row chooses 4 of 4');
    rows.close();
  });

  it('says where there is no room for it', () => {
    expect(() => new RecordFile('/dev/null/folder', 1)).toThrow(/takes no file for encoded rows.*TRAINING_ROWS_MEMORY_MB/);
  });
});
