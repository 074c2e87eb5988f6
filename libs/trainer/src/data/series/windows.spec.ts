import { describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import { instrumentColumns, instruments, firstDay } from '../../testing/sequences';
import { column } from '../../testing/tables';
import { columnTransformSchema } from '../column-transform';
import { startOf, timesFrom } from './calendar';
import { eigenvectors, fitPrincipalAxes, fromComponents, toComponents } from './principal-axes';
import { sequenceWriter, windowReader } from './sequence-decoder';
import { readSequences } from './sequence-table';
import { sequenceTransformsOf, unscaled } from './sequence-transforms';
import { WindowSource } from './windows';

const settings = { length: 8, stride: 1, isScaledByWindow: true, isDecorrelated: true };

async function windowsOf(given: Partial<typeof settings> = {}) {
  const table = await readSequences(instruments(), instrumentColumns, 100);
  const windows = new WindowSource(table, { ...settings, ...given });
  return { table, windows, transforms: sequenceTransformsOf(windows.transforms) };
}

describe('principal axes', () => {
  it('come back exactly, also where a column is a copy of another', () => {
    const random = Random.of(1);
    const a = Float64Array.from({ length: 200 }, () => random.uniform());
    const columns = [a, a.map((value) => 2 * value + 1), a.map((value) => value + 0.01 * random.uniform())];
    const axes = fitPrincipalAxes(columns, true);
    expect(axes.axes).toHaveLength(2);
    for (const i of [0, 17, 199]) {
      const row = columns.map((values) => values[i] ?? 0);
      fromComponents(axes, toComponents(axes, row)).forEach((value, k) => expect(value).toBeCloseTo(row[k] ?? 0, 10));
    }
  });

  it('are eigenvectors', () => {
    const matrix = [
      [2, 1, 0],
      [1, 3, 1],
      [0, 1, 4],
    ];
    const { values, vectors } = eigenvectors(matrix);
    values.forEach((value, k) => {
      matrix.forEach((row, i) => {
        const product = row.reduce((sum, entry, j) => sum + entry * (vectors[j]?.[k] ?? 0), 0);
        expect(product).toBeCloseTo(value * (vectors[i]?.[k] ?? 0), 10);
      });
    });
  });
});

describe.each([
  ['scaled by window', {}],
  ['scaled by the table', { isScaledByWindow: false }],
  ['with the columns as they are', { isDecorrelated: false }],
])('windows %s', (_name, given) => {
  it('are encoded within [-1, 1], and read back as the rows of the source', async () => {
    const { table, windows, transforms } = await windowsOf(given);
    const encoded = windows.read(windows.starts.map((_, i) => i));
    expect(encoded.every((value) => Math.abs(value) <= 1 + 1e-6)).toBe(true);
    const read = windowReader(transforms);
    const write = sequenceWriter(transforms, { seed: 1, isBounded: true });
    const names = transforms.all.map(({ column: { name } }) => name);
    const at = (name: string) => names.indexOf(name);
    for (const window of [0, 5, windows.starts.length - 1]) {
      const cells = write(read(encoded, window * windows.layout.width, 8), { sequence: 4, row: 0 }, Random.of(1));
      cells.forEach((row, i) => {
        const place = (windows.starts[window] ?? 0) + i;
        for (const { transform, values, gaps } of table.numbers) {
          const value = Number(unscaled(transform, values[place] ?? 0).toFixed(2));
          const expected = gaps?.[place] === 1 ? null : value;
          expect(row[at(transform.column.name)]).toBe(expected);
        }
        for (const { transform, slots } of table.choices) {
          expect(row[at(transform.column.name)]).toBe(transform.values[slots[place] ?? 0]);
        }
        expect(row[0]).toBe(5);
      });
    }
  });
});

describe('the transforms of windows', () => {
  it('survive a checkpoint', async () => {
    const { windows } = await windowsOf();
    const again: unknown = JSON.parse(JSON.stringify(windows.transforms));
    expect(columnTransformSchema.array().parse(again)).toEqual(windows.transforms);
  });

  it('name the sequences by a column that the table does not have', async () => {
    const { windows } = await windowsOf();
    expect(windows.transforms[0]?.column.name).toBe('sequence');
  });
});

describe('a start', () => {
  it('scales what is above 0 to its first value, and moves the times', async () => {
    const { windows, transforms } = await windowsOf();
    const encoded = windows.read([0]);
    const start = { time: '2025-03-07', values: { bid: 50 } };
    const plain = sequenceWriter(transforms, { seed: 1, isBounded: true });
    const moved = sequenceWriter(transforms, { seed: 1, isBounded: true, start });
    const drawn = windowReader(transforms)(encoded, 0, 3);
    const place = { sequence: 0, row: 0 };
    const [a, b] = [plain(drawn, place, Random.of(1)), moved(drawn, place, Random.of(1))];
    expect(b.map((row) => row[1])).toEqual(['2025-03-07', '2025-03-10', '2025-03-11']);
    expect(b[0]?.[4]).toBe(50);
    expect(Number(b[2]?.[4]) / 50).toBeCloseTo(Number(a[2]?.[4]) / Number(a[0]?.[4]), 3);
  });

  it('is refused where no column has it', async () => {
    const { transforms } = await windowsOf();
    const writing = (values: Record<string, number>) => () =>
      sequenceWriter(transforms, { seed: 1, isBounded: true, start: { values } });
    expect(writing({ price: 1 })).toThrow(/"price", which is no number that changes.*There are: bid, ask, volume/);
    expect(writing({ bid: -1 })).toThrow(/-1 for "bid", whose values are all above 0/);
  });
});

describe('a calendar', () => {
  const day = column({ name: 'day', type: 'date', role: 'datetime' });
  const calendar = { column: 'day', first: firstDay, interval: 86_400_000, is_weekdays_only: true };

  it('leaves out weekends where the table does', () => {
    expect(timesFrom(day, calendar, startOf(day, calendar, '2024-01-05'), 3)).toEqual([
      '2024-01-05',
      '2024-01-08',
      '2024-01-09',
    ]);
  });

  it('refuses a start that is no time', () => {
    expect(() => startOf(day, calendar, 'soon')).toThrow(/"soon" is no time.*ISO 8601/);
  });
});
