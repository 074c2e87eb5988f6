import type { SampleConstraint } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { Random } from '../random/random';
import { categories, column, memoryTable, quantities } from '../testing/tables';
import { compileConstraints } from './row-constraints';
import { fitSparseTable } from './sparse-table';

const count = 120;
const rows = Array.from({ length: count }, (_, i) => i);
const cities = rows.map((i) => (['Lyon', 'Paris', 'Bonn', 'Kiel', null][i % 5] ?? null));
const countries = rows.map((i) => (i % 5 < 2 ? 'France' : i % 5 < 4 ? 'Germany' : null));
const start = Date.UTC(2024, 0, 1);
const columns = [
  column({ name: 'key', type: 'integer', role: 'id' }),
  column({ name: 'city', type: 'text', role: 'categorical', missing: 24 }),
  column({ name: 'country', type: 'text', role: 'categorical', missing: 24 }),
  column({ name: 'low', type: 'number', role: 'numeric', decimals: 1 }),
  column({ name: 'high', type: 'integer', role: 'numeric' }),
  column({ name: 'begin', type: 'date', role: 'datetime' }),
  column({ name: 'end', type: 'datetime', role: 'datetime' }),
  column({ name: 'us', type: 'datetime', role: 'datetime', datetime_format: '%m/%d/%Y' }),
  column({ name: 'same', type: 'integer', role: 'numeric' }),
];
const source = memoryTable({
  city: categories(cities),
  country: categories(countries),
  low: quantities(rows.map((i) => i / 10)),
  high: quantities(rows.map((i) => (i % 7 === 0 ? null : 5 + i))),
  begin: quantities(rows.map((i) => start + i * 86_400_000)),
  end: quantities(rows.map((i) => start + i * 90_000_000)),
  us: quantities(rows.map((i) => start + i * 86_400_000)),
  same: quantities(rows.map(() => 7)),
});

async function compile(constraint: SampleConstraint, more: { rows?: number; conditioned?: Set<number> } = {}) {
  const settings = { numbers: 'mixture', hasSpecialValues: true, maxCategories: 2 } as const;
  const { transforms } = await fitSparseTable(source, columns, settings);
  const place = (name: string) => transforms.findIndex((each) => each.column.name === name);
  const openSource = () => Promise.resolve(source);
  const compiled = await compileConstraints([constraint], { transforms, rows: 10, openSource, ...more });
  const rowOf = (cells: Record<string, string | number | null>) =>
    transforms.map(({ column: { name } }) => cells[name] ?? null);
  return { compiled, rowOf, place };
}

describe('constraints on rows', () => {
  it.each([
    [false, { low: 3, high: 3 }, true],
    [true, { low: 3, high: 3 }, false],
    [true, { low: 2.9, high: 3 }, true],
    [false, { low: 3.1, high: 3 }, false],
    [true, { low: 9, high: null }, true],
  ])('compare two numbers (strict: %s): %j is %s', async (strict, cells, meets) => {
    const { compiled, rowOf } = await compile({ kind: 'inequality', low: 'low', high: 'high', strict });
    expect(compiled.inequalities[0]?.test(rowOf(cells))).toBe(meets);
  });

  it('compare a day with a time', async () => {
    const { compiled, rowOf } = await compile({ kind: 'inequality', low: 'begin', high: 'end' });
    const test = (begin: string, end: string) => compiled.inequalities[0]?.test(rowOf({ begin, end }));
    expect(test('2024-02-01', '2024-02-01 00:00:00')).toBe(true);
    expect(test('2024-02-02', '2024-02-01 23:59:59')).toBe(false);
  });

  it('complete a combination of the table from its longest beginning, missing values and rare ones included', async () => {
    const { compiled, rowOf, place } = await compile({ kind: 'fixed_combinations', columns: ['city', 'country'] });
    const [combination] = compiled.combinations;
    const random = Random.of(1);
    const paris = rowOf({ city: 'Paris', country: 'Germany', high: 8 });
    expect(combination?.test(paris)).toBe(false);
    expect(combination?.complete(paris, random)).toBe(true);
    expect(paris).toEqual(rowOf({ city: 'Paris', country: 'France', high: 8 }));
    expect(combination?.complete(paris, random)).toBe(false);
    const nowhere = rowOf({ city: null, country: 'France' });
    combination?.complete(nowhere, random);
    expect(nowhere[place('country')]).toBeNull();
    expect(combination?.test(rowOf({ city: 'Kiel', country: 'Germany' }))).toBe(true);
  });

  it('change the columns that no condition is about', async () => {
    const conditioned = new Set([2]);
    const constraint = { kind: 'fixed_combinations', columns: ['city', 'country'] } as const;
    const { compiled, rowOf, place } = await compile({ ...constraint, columns: [...constraint.columns] }, { conditioned });
    const row = rowOf({ city: 'Paris', country: 'Germany' });
    compiled.combinations[0]?.complete(row, Random.of(2));
    expect(row[place('country')]).toBe('Germany');
    expect(['Bonn', 'Kiel']).toContain(row[place('city')]);
  });

  it('know combinations of numbers and times as samples spell them', async () => {
    const { compiled, rowOf } = await compile({ kind: 'fixed_combinations', columns: ['low', 'begin', 'same'] });
    const test = (low: number, begin: string) => compiled.combinations[0]?.test(rowOf({ low, begin, same: 7 }));
    expect(test(0.3, '2024-01-04')).toBe(true);
    expect(test(0.3, '2024-01-05')).toBe(false);
  });

  it('tell rows apart by what they hold, and keys by themselves', async () => {
    const { compiled, rowOf } = await compile({ kind: 'unique', columns: ['city', 'high'] });
    const key = (city: string | null, high: number | null) => compiled.uniqueKeys[0]?.keyOf(rowOf({ city, high }));
    expect(key('a', 1)).not.toBe(key('a', null));
    expect(key('a,1', null)).not.toBe(key('a', 1));
    expect(key(null, 1)).toBe(key(null, 1));
    expect((await compile({ kind: 'unique', columns: ['key', 'city'] })).compiled.uniqueKeys).toEqual([]);
  });

  it.each<[SampleConstraint, string]>([
    [{ kind: 'inequality', low: 'nobody', high: 'low' }, 'Column "nobody" is not in the samples of this model. Its columns'],
    [{ kind: 'inequality', low: 'low', high: 'low' }, 'cannot be compared with itself'],
    [{ kind: 'inequality', low: 'low', high: 'begin' }, 'one holds numbers, the other times'],
    [{ kind: 'inequality', low: 'city', high: 'low' }, 'Column "city" cannot be compared: it is text'],
    [{ kind: 'inequality', low: 'key', high: 'low' }, 'Column "key" cannot be compared: it is made anew'],
    [{ kind: 'inequality', low: 'us', high: 'begin' }, 'writes times as %m/%d/%Y'],
    [{ kind: 'inequality', low: 'same', high: 'same' }, 'with itself'],
    [{ kind: 'fixed_combinations', columns: ['key', 'city'] }, 'Column "key" has no fixed combinations'],
    [{ kind: 'unique', columns: ['city'] }, '10 rows cannot all differ in city: the model knows 5 values'],
    [{ kind: 'unique', columns: ['same', 'country'] }, 'the model knows 3 combinations'],
  ])('refuse %j and say what is possible', async (constraint, message) => {
    await expect(compile(constraint)).rejects.toThrow(message);
  });

  it('refuse an order that no row can have', async () => {
    const tall = memoryTable({ a: quantities(rows.map((i) => i)), b: quantities(rows.map((i) => i - 500)) });
    const two = ['a', 'b'].map((name) => column({ name, type: 'integer', role: 'numeric' }));
    const settings = { numbers: 'mixture', hasSpecialValues: true, maxCategories: 2 } as const;
    const { transforms } = await fitSparseTable(tall, two, settings);
    const constraint = { kind: 'inequality', low: 'a', high: 'b' } as const;
    await expect(compileConstraints([constraint], { transforms, rows: 1 })).rejects.toThrow(
      'No row can have a <= b: the model has seen "a" from 0 and "b" up to -381. Swap the columns',
    );
  });

  it('refuse combinations where the table is not at hand, or is another one', async () => {
    const settings = { numbers: 'mixture', hasSpecialValues: true, maxCategories: 2 } as const;
    const { transforms } = await fitSparseTable(source, columns, settings);
    const constraint: SampleConstraint = { kind: 'fixed_combinations', columns: ['city', 'country'] };
    await expect(compileConstraints([constraint], { transforms, rows: 1 })).rejects.toThrow('not at hand');
    const other = memoryTable({ city: categories(['Lyon']), country: categories(['France']) });
    const context = { transforms, rows: 1, openSource: () => Promise.resolve(other) };
    await expect(compileConstraints([constraint], context)).rejects.toThrow(
      'not the one that was learned: column "city" has 0 missing values there, and had 24',
    );
  });
});
