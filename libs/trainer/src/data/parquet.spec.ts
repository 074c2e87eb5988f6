import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { column, mixedColumns, mixedSelect, writeParquet } from '../testing/tables';
import { openParquet } from './parquet';

describe('reading Parquet', () => {
  let folder = '';
  let path = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trainer-'));
    path = join(folder, 'table.parquet');
    await writeParquet(path, mixedSelect);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const named = (name: string) => mixedColumns.find((each) => each.name === name) ?? column({ name, type: 'text', role: 'id' });

  it('reads numbers, times and categories as their roles ask', async () => {
    const table = await openParquet(path, mixedColumns);
    expect(table.rowCount).toBe(400);
    const amount = await table.read(named('amount'));
    expect(amount.kind === 'quantity' && [...amount.values.slice(0, 3)]).toEqual([Number.NaN, -4.5, -4]);
    const day = await table.read(named('day'));
    expect(day.kind === 'quantity' && day.values[1]).toBe(Date.UTC(2024, 0, 2));
    const gain = await table.read({ ...named('gain'), role: 'categorical' });
    expect(gain.kind === 'category' && gain.values.slice(0, 2)).toEqual([0, 3]);
    const level = await table.read(named('level'));
    expect(level.kind === 'category' && [...level.codes.slice(0, 5)]).toEqual([0, 1, 1, 1, 0]);
  });

  it('reads every type that the API writes', async () => {
    const types = join(folder, 'types.parquet');
    await writeParquet(
      types,
      `SELECT i % 2 = 0 AS flag, TIMESTAMP '2024-01-02 03:04:05.678' AS at, i::HUGEINT AS huge, i::DECIMAL(9,2) AS dec,
              CASE WHEN i = 3 THEN 'nan'::DOUBLE ELSE i END AS maybe FROM range(20) t(i)`,
    );
    const columns = [
      column({ name: 'flag', type: 'boolean', role: 'categorical' }),
      column({ name: 'at', type: 'datetime', role: 'datetime' }),
      column({ name: 'huge', type: 'integer', role: 'numeric' }),
      column({ name: 'dec', type: 'number', role: 'numeric' }),
      column({ name: 'maybe', type: 'number', role: 'numeric' }),
    ];
    const table = await openParquet(types, columns);
    const read = await Promise.all(columns.map((each) => table.read(each)));
    const third = read.map((each) => (each.kind === 'quantity' ? each.values[3] : each.values[each.codes[3] ?? -1]));
    expect(third).toEqual([false, Date.UTC(2024, 0, 2, 3, 4, 5, 678), 3, 3, Number.NaN]);
  });

  it('names the column, the row and the value that does not fit', async () => {
    const table = await openParquet(path, mixedColumns);
    await expect(table.read(column({ name: 'level', type: 'text', role: 'numeric' }))).rejects.toThrow(
      'Column "level" (text, used as numeric) has high, very in row 1',
    );
  });

  it('names columns that the file lacks, and a file that is no Parquet', async () => {
    const absent = column({ name: 'wages', type: 'number', role: 'numeric' });
    await expect(openParquet(path, [absent])).rejects.toThrow('lacks "wages"');
    const text = join(folder, 'text.parquet');
    await writeFile(text, 'a,b\n1,2\n');
    await expect(openParquet(text, [])).rejects.toThrow('cannot be read as Parquet');
    await expect(openParquet(join(folder, 'none'), [])).rejects.toThrow('cannot be read as Parquet');
  });
});
