import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../random/random';
import { categories, column, memoryTable, quantities } from '../testing/tables';
import type { SourceColumn } from './parquet';
import { rowDecoder } from './row-decoder';
import { fitTable } from './table-transform';

/** Encodes every row and decodes it again. */
async function thereAndBack(
  columns: DatasetColumn[],
  values: Record<string, SourceColumn>,
  maxCategories = 100,
): Promise<Cell[][]> {
  const { transforms, encoded } = await fitTable(memoryTable(values), columns, maxCategories);
  const { rowCount, layout } = encoded;
  const random = Random.of(1);
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  const outputs = encoded.fillBatch(rows, new Float32Array(rowCount * layout.width), random);
  const decode = rowDecoder(transforms, layout, 9);
  return rows.map((row) => decode({ outputs, offset: row * layout.width, row }, random));
}

const hours = Array.from({ length: 12 }, (_, i) => Date.UTC(2024, 1, 28) + i * 3_600_000);

describe('a table, encoded and decoded', () => {
  it('comes back with its values, types and missing cells', async () => {
    const rowsOf = fc.array(
      fc.record({
        whole: fc.option(fc.integer({ min: -5000, max: 5000 }), { freq: 4 }),
        price: fc.option(fc.integer({ min: 0, max: 9999 }).map((cents) => cents / 100)),
        name: fc.option(fc.constantFrom('a', ' b', '?', 'c,"d"', 'é')),
        flag: fc.boolean(),
      }),
      { minLength: 10, maxLength: 80 },
    );
    const columns = [
      column({ name: 'whole', type: 'integer', role: 'numeric' }),
      column({ name: 'price', type: 'number', role: 'numeric', decimals: 2 }),
      column({ name: 'name', type: 'text', role: 'categorical' }),
      column({ name: 'flag', type: 'boolean', role: 'categorical' }),
    ];
    await fc.assert(
      fc.asyncProperty(rowsOf, async (rows) => {
        fc.pre(new Set(rows.map(({ flag }) => flag)).size > 1);
        const decoded = await thereAndBack(columns, {
          whole: quantities(rows.map(({ whole }) => whole)),
          price: quantities(rows.map(({ price }) => price)),
          name: categories(rows.map(({ name }) => name)),
          flag: categories(rows.map(({ flag }) => flag)),
        });
        expect(decoded).toEqual(rows.map(({ whole, price, name, flag }) => [whole, price, name, flag]));
      }),
      { numRuns: 60 },
    );
  });

  it('writes times in the format of the source, snapped to their resolution', async () => {
    const columns = [
      column({ name: 'iso', type: 'datetime', role: 'datetime' }),
      column({ name: 'us', type: 'datetime', role: 'datetime', datetime_format: '%m/%d/%Y %I:%M %p' }),
      column({ name: 'day', type: 'date', role: 'categorical' }),
    ];
    const decoded = await thereAndBack(columns, {
      iso: quantities(hours),
      us: quantities(hours),
      day: categories(hours.map((_, i) => Date.UTC(2024, 1, 28 + (i % 2)))),
    });
    expect(decoded[0]).toEqual(['2024-02-28 00:00:00', '02/28/2024 12:00 AM', '2024-02-28']);
    expect(decoded[11]).toEqual(['2024-02-28 11:00:00', '02/28/2024 11:00 AM', '2024-02-29']);
  });

  it('regenerates ids, repeats constants and leaves excluded columns out', async () => {
    const columns = [
      column({ name: 'id', type: 'integer', role: 'id' }),
      column({ name: 'key', type: 'text', role: 'id' }),
      column({ name: 'secret', type: 'text', role: 'excluded' }),
      column({ name: 'empty', type: 'number', role: 'numeric' }),
      column({ name: 'one', type: 'integer', role: 'numeric' }),
      column({ name: 'one_or_none', type: 'integer', role: 'numeric' }),
      column({ name: 'x', type: 'integer', role: 'numeric' }),
    ];
    const decoded = await thereAndBack(columns, {
      empty: quantities(hours.map(() => null)),
      one: quantities(hours.map(() => 7)),
      one_or_none: quantities(hours.map((_, i) => (i % 2 ? 3 : null))),
      x: quantities(hours.map((_, i) => i)),
    });
    expect(decoded.map(([id]) => id)).toEqual(hours.map((_, i) => i + 1));
    expect(new Set(decoded.map(([, key]) => key)).size).toBe(hours.length);
    expect(decoded.map((row) => row.slice(2))).toEqual(hours.map((_, i) => [null, 7, i % 2 ? 3 : null, i]));
  });

  it('puts rare categories into one slot and draws them by their frequency', async () => {
    const cells = Array.from({ length: 4000 }, (_, i) => (i % 2 ? 'common' : i % 8 === 0 ? 'rare 1' : `rare ${(i % 6) + 2}`));
    const columns = [column({ name: 'name', type: 'text', role: 'categorical' })];
    const { transforms, encoded } = await fitTable(memoryTable({ name: categories(cells) }), columns, 2);
    expect(encoded.layout.width).toBe(3);
    const decoded = (await thereAndBack(columns, { name: categories(cells) }, 2)).map(([cell]) => cell);
    expect(transforms[0]?.kind).toBe('categorical');
    for (const value of new Set(cells)) {
      const real = cells.filter((cell) => cell === value).length;
      expect(Math.abs(decoded.filter((cell) => cell === value).length - real)).toBeLessThan(150);
    }
  });

  it('says what is wrong with a table that cannot be learned', async () => {
    const x = column({ name: 'x', type: 'integer', role: 'numeric' });
    await expect(fitTable(memoryTable({ x: quantities([1, 2]) }), [x], 10)).rejects.toThrow('has 2 rows');
    const constant = memoryTable({ x: quantities(hours.map(() => 1)) });
    await expect(fitTable(constant, [x], 10)).rejects.toThrow('No column of the table can be learned');
    const time = column({ name: 't', type: 'datetime', role: 'datetime', datetime_format: '%Q' });
    await expect(fitTable(memoryTable({ t: quantities(hours) }), [time], 10)).rejects.toThrow(/"t".*%Q/);
  });
});
