import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../random/random';
import { categories, column, memoryTable, quantities } from '../testing/tables';
import type { ColumnTransform } from './column-transform';
import { applyScale, resolutionOf } from './continuous-transform';
import type { SourceColumn } from './parquet';
import { sparseLayoutOf } from './sparse-layout';
import { sparseRowDecoder } from './sparse-row-decoder';
import { fitSparseTable } from './sparse-table';
import type { SparseSettings } from './sparse-table';
import { patternOf } from './text-pattern';

const mixture: SparseSettings = { numbers: 'mixture', hasSpecialValues: true, maxCategories: 100 };
const minMax: SparseSettings = { ...mixture, numbers: 'min_max', hasSpecialValues: false };

/** Encodes every row and decodes it again. */
async function thereAndBack(columns: DatasetColumn[], values: Record<string, SourceColumn>, settings = mixture) {
  const { transforms, rows } = await fitSparseTable(memoryTable(values), columns, settings);
  const layout = sparseLayoutOf(transforms, true);
  const decode = sparseRowDecoder(transforms, layout, 9);
  const random = Random.of(1);
  const cells: Cell[][] = Array.from({ length: rows.rowCount }, (_, row) => decode(rows, row, row, random));
  return { transforms, rows, layout, cells };
}

const number = (value: Cell | undefined) => (typeof value === 'number' ? value : Number.NaN);

/** A value comes back to within `share` of the resolution, if a mode reaches it, and within the range in any case. */
function expectBack(transform: ColumnTransform | undefined, value: number | null, decoded: Cell | undefined, share: number) {
  if (value === null || transform?.kind !== 'continuous') return;
  const { components, scale, smallest, largest } = transform;
  const scaled = applyScale(scale, value);
  const isReached = components.some(({ mean, std }) => Math.abs(scaled - mean) <= 0.99 * 4 * std);
  expect(number(decoded)).toBeGreaterThanOrEqual(smallest);
  expect(number(decoded)).toBeLessThanOrEqual(largest);
  if (components.length > 1 && !isReached) return;
  expect(Math.abs(number(decoded) - value)).toBeLessThanOrEqual(share * resolutionOf(transform, value));
}

describe('a table, encoded sparsely and decoded', () => {
  const rowsOf = fc.array(
    fc.record({
      whole: fc.option(fc.oneof(fc.constant(0), fc.integer({ min: -5000, max: 5000 })), { freq: 4 }),
      price: fc.option(fc.integer({ min: 0, max: 9999 }).map((cents) => cents / 100)),
      real: fc.double({ min: -1000, max: 1000, noNaN: true }).map((value) => (Math.abs(value) < 1e-100 ? 0 : value)),
      name: fc.option(fc.constantFrom('a', ' b', '?', 'c,"d"', 'é')),
      flag: fc.boolean(),
    }),
    { minLength: 10, maxLength: 120 },
  );
  const columns = [
    column({ name: 'whole', type: 'integer', role: 'numeric' }),
    column({ name: 'price', type: 'number', role: 'numeric' }),
    column({ name: 'real', type: 'number', role: 'numeric' }),
    column({ name: 'name', type: 'text', role: 'categorical' }),
    column({ name: 'flag', type: 'boolean', role: 'categorical' }),
  ];

  it.each([
    ['a mixture', mixture],
    ['min and max', minMax],
  ])('comes back through %s: categories and missing values exactly, numbers within the resolution', async (_, settings) => {
    await fc.assert(
      fc.asyncProperty(rowsOf, async (rows) => {
        fc.pre(new Set(rows.map(({ flag }) => flag)).size > 1);
        const { cells, transforms } = await thereAndBack(
          columns,
          {
            whole: quantities(rows.map(({ whole }) => whole)),
            price: quantities(rows.map(({ price }) => price)),
            real: quantities(rows.map(({ real }) => real)),
            name: categories(rows.map(({ name }) => name)),
            flag: categories(rows.map(({ flag }) => flag)),
          },
          settings,
        );
        rows.forEach((row, i) => {
          const [whole, price, real, name, flag] = cells[i] ?? [];
          expect([whole === null, price === null]).toEqual([row.whole === null, row.price === null]);
          expect([name, flag]).toEqual([row.name, row.flag]);
          expectBack(transforms[0], row.whole, whole, 0);
          expectBack(transforms[1], row.price, price, 0);
          expectBack(transforms[2], row.real, real, 1);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('keeps numbers in [-1, 1] and slots within their spans, and counts each slot', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, async (given) => {
        fc.pre(new Set(given.map(({ real }) => real + 0)).size > 1);
        const { rows, layout } = await thereAndBack(columns.slice(0, 4), {
          whole: quantities(given.map(({ whole }) => whole)),
          price: quantities(given.map(({ price }) => price)),
          real: quantities(given.map(({ real }) => real)),
          name: categories(given.map(({ name }) => name)),
        });
        expect(rows.numbers.every((value) => Math.abs(value) <= 1)).toBe(true);
        const counts = layout.slotCounts.map((slots) => slots.map(() => 0));
        rows.choices.forEach((slot, i) => {
          const own = counts[i % counts.length] ?? [];
          expect(slot).toBeLessThan(own.length);
          own[slot] = (own[slot] ?? 0) + 1;
        });
        expect(counts).toEqual(layout.slotCounts);
        let place = 0;
        for (const span of layout.layout.spans) {
          expect(span.start).toBe(place);
          place += span.kind === 'number' ? 1 : span.width;
        }
        expect(place).toBe(layout.layout.width);
      }),
      { numRuns: 30 },
    );
  });

  it('gives special values slots of their own and keeps them exact', async () => {
    const gains = Array.from({ length: 2000 }, (_, i) => (i % 10 ? 0 : 1000 + ((i * 7919) % 9000)));
    const { transforms, cells } = await thereAndBack(
      [column({ name: 'gain', type: 'integer', role: 'numeric' })],
      { gain: quantities(gains) },
    );
    expect(transforms[0]).toMatchObject({ kind: 'continuous', special: [0] });
    expect(cells.filter(([cell]) => cell === 0)).toHaveLength(1800);
  });

  it('has one slot for values of a single mode, several for several, and none but slots for a few values', async () => {
    const noise = Random.of(1).fillNormal(new Float32Array(3000));
    const { transforms } = await thereAndBack(
      ['one', 'two', 'few'].map((name) => column({ name, type: 'number', role: 'numeric' })),
      {
        one: quantities([...noise]),
        two: quantities([...noise].map((value, i) => value + (i % 2 ? 30 : 0))),
        few: quantities([...noise].map((_, i) => (i % 7) / 2)),
      },
    );
    const shapes = transforms.map((transform) =>
      transform.kind === 'continuous' ? [transform.components.length, transform.special.length] : [],
    );
    expect(shapes[0]).toEqual([1, 0]);
    expect(shapes[1]?.[0]).toBeGreaterThan(1);
    expect(shapes[2]).toEqual([0, 7]);
  });

  it('learns long tails by their logarithm, also where they begin at 0', async () => {
    const noise = Random.of(2).fillNormal(new Float32Array(3000));
    const tails = [...noise].map((value) => Math.exp(2 * value));
    const { transforms, cells } = await thereAndBack(
      ['tail', 'shifted'].map((name) => column({ name, type: 'number', role: 'numeric' })),
      { tail: quantities(tails), shifted: quantities(tails.map((value) => value - (tails[0] ?? 0))) },
    );
    transforms.forEach((transform, index) => {
      if (transform.kind !== 'continuous') throw new Error('a quantity is continuous');
      expect(transform.scale.kind).toBe('log');
      const offset = index === 0 ? 0 : (tails[0] ?? 0);
      const close = tails.filter((value, row) => {
        const error = Math.abs(number(cells[row]?.[index]) - (value - offset));
        return error <= resolutionOf(transform, value - offset);
      });
      expect(close.length / tails.length).toBeGreaterThan(0.99);
    });
  });

  it('writes times in the format of the source, snapped to their resolution', async () => {
    const hours = Array.from({ length: 60 }, (_, i) => Date.UTC(2024, 1, 28) + i * 3_600_000);
    const { cells } = await thereAndBack(
      [
        column({ name: 'iso', type: 'datetime', role: 'datetime' }),
        column({ name: 'us', type: 'datetime', role: 'datetime', datetime_format: '%m/%d/%Y %I:%M %p' }),
      ],
      { iso: quantities(hours), us: quantities(hours) },
    );
    expect(cells[0]).toEqual(['2024-02-28 00:00:00', '02/28/2024 12:00 AM']);
    expect(cells[59]).toEqual(['2024-03-01 11:00:00', '03/01/2024 11:00 AM']);
  });

  it('makes unique text anew in the shapes of the source, ids anew, and repeats constants', async () => {
    const texts = Array.from({ length: 300 }, (_, i) => (i % 5 ? `Ab-${i + 1000}` : null));
    const { cells, transforms } = await thereAndBack(
      [
        column({ name: 'key', type: 'integer', role: 'id' }),
        column({ name: 'text', type: 'text', role: 'categorical' }),
        column({ name: 'same', type: 'integer', role: 'numeric' }),
        column({ name: 'x', type: 'integer', role: 'numeric' }),
        column({ name: 'secret', type: 'text', role: 'excluded' }),
      ],
      {
        text: categories(texts),
        same: quantities(texts.map(() => 7)),
        x: quantities(texts.map((_, i) => i)),
      },
    );
    expect(transforms.map(({ kind }) => kind)).toEqual(['id', 'text', 'constant', 'continuous']);
    expect(cells.map(([key, , same, x]) => [key, same, x])).toEqual(texts.map((_, i) => [i + 1, 7, i]));
    expect(cells.map(([, text]) => (text === null ? null : patternOf(String(text))))).toEqual(
      texts.map((text) => (text === null ? null : 'Aa-9999')),
    );
    expect(JSON.stringify(transforms)).not.toContain('Ab-1001');
  });

  it('puts rare categories into one slot and draws them by their frequency', async () => {
    const cells = Array.from({ length: 4000 }, (_, i) => (i % 2 ? 'common' : i % 8 ? `rare ${(i % 6) + 2}` : 'rare 1'));
    const back = await thereAndBack(
      [column({ name: 'name', type: 'text', role: 'categorical' })],
      { name: categories(cells) },
      { ...mixture, maxCategories: 2 },
    );
    expect(back.layout.layout.width).toBe(3);
    for (const value of new Set(cells)) {
      const real = cells.filter((cell) => cell === value).length;
      expect(Math.abs(back.cells.filter(([cell]) => cell === value).length - real)).toBeLessThan(150);
    }
  });

  it('reads a column as it asks, or says why it cannot', async () => {
    const codes = Array.from({ length: 40 }, (_, i) => i % 3);
    const asked = column({ name: 'code', type: 'integer', role: 'numeric', kind: 'categorical' });
    const { transforms } = await thereAndBack([asked], { code: categories(codes) });
    expect(transforms[0]?.kind).toBe('categorical');
    const wrong = column({ name: 'code', type: 'text', role: 'categorical', kind: 'continuous' });
    await expect(fitSparseTable(memoryTable({ code: categories(codes) }), [wrong], mixture)).rejects.toThrow(
      'Column "code" is to be read as continuous, but its values are text. Choose one of categorical, text, id',
    );
  });

  it('gives the same for the same table', async () => {
    const values = [...Random.of(5).fillNormal(new Float32Array(500))].map((value, i) => value + (i % 3) * 9);
    const columns = [column({ name: 'x', type: 'number', role: 'numeric' })];
    const [a, b] = [
      await fitSparseTable(memoryTable({ x: quantities(values) }), columns, mixture),
      await fitSparseTable(memoryTable({ x: quantities(values) }), columns, mixture),
    ];
    expect(b).toEqual(a);
    expect(JSON.parse(JSON.stringify(a.transforms))).toEqual(a.transforms);
  });

  it('says what is wrong with a table that cannot be learned', async () => {
    const x = column({ name: 'x', type: 'integer', role: 'numeric' });
    await expect(fitSparseTable(memoryTable({ x: quantities([1, 2]) }), [x], mixture)).rejects.toThrow('has 2 rows');
    const constant = memoryTable({ x: quantities(Array.from({ length: 20 }, () => 1)) });
    await expect(fitSparseTable(constant, [x], mixture)).rejects.toThrow('No column of the table can be learned');
  });
});
