import { describe, expect, it } from 'vitest';
import { categories, column, memoryTable, quantities } from '../testing/tables';
import { compileBalance, compileConditions } from './row-conditions';
import { fitSparseTable } from './sparse-table';

const hours = Array.from({ length: 60 }, (_, i) => Date.UTC(2024, 1, 28) + i * 3_600_000);

async function transformsOf() {
  const columns = [
    column({ name: 'key', type: 'integer', role: 'id' }),
    column({ name: 'name', type: 'text', role: 'categorical' }),
    column({ name: 'x', type: 'number', role: 'numeric' }),
    column({ name: 'time', type: 'datetime', role: 'datetime' }),
    column({ name: 'us', type: 'datetime', role: 'datetime', datetime_format: '%m/%d/%Y %H:%M' }),
  ];
  const source = memoryTable({
    name: categories(hours.map((_, i) => (i % 3 ? 'a' : 'b'))),
    x: quantities(hours.map((_, i) => (i % 5 ? i / 2 : null))),
    time: quantities(hours),
    us: quantities(hours),
  });
  const settings = { numbers: 'mixture', hasSpecialValues: true, maxCategories: 10 } as const;
  return (await fitSparseTable(source, columns, settings)).transforms;
}

describe('conditions on rows', () => {
  it('test cells: values, missing ones, ranges of numbers and of times', async () => {
    const transforms = await transformsOf();
    const test = (...given: Parameters<typeof compileConditions>[0]) => {
      const [condition] = compileConditions(given, transforms);
      if (!condition) throw new Error('one condition gives one');
      return condition.test;
    };
    expect(['a', 'b', null].map(test({ column: 'name', equals: 'a' }))).toEqual([true, false, false]);
    expect([1, 2.5, null].map(test({ column: 'x', one_of: [null, 2.5] }))).toEqual([false, true, true]);
    expect([1, 2.5, 9, null].map(test({ column: 'x', at_least: 2, at_most: 8 }))).toEqual([false, true, false, false]);
    const late = test({ column: 'time', at_least: '2024-02-29' });
    expect(['2024-02-28 23:00:00', '2024-02-29 00:00:00', '2024-02-29 07:00:00'].map(late)).toEqual([false, true, true]);
    const early = test({ column: 'time', at_most: '2024-02-28T05:00:00Z' });
    expect(['2024-02-28 05:00:00', '2024-02-28 06:00:00'].map(early)).toEqual([true, false]);
  });

  it.each([
    [{ column: 'nobody', equals: 1 }, 'Column "nobody" is not in the samples of this model. Conditions can be about: name, x, time, us.'],
    [{ column: 'key', equals: 1 }, 'Column "key" is made anew in each sample.'],
    [{ column: 'name', equals: 'c' }, 'Column "name" has no value "c". Its values are: "a", "b".'],
    [{ column: 'name', at_least: 1 }, 'Column "name" has no range'],
    [{ column: 'x', at_least: 'low' }, 'its bound "low" must be one too'],
    [{ column: 'x', at_least: 1000 }, 'No row can meet the range of column "x": the model has seen 0.5 to 29.5.'],
    [{ column: 'time', at_least: 'soon' }, 'its bound "soon" must be one as ISO 8601'],
    [{ column: 'us', at_least: '2024-02-28' }, 'writes times as %m/%d/%Y %H:%M'],
  ])('refuse %j and say what is possible', async (condition, message) => {
    const transforms = await transformsOf();
    expect(() => compileConditions([condition], transforms)).toThrow(message);
  });

  it('balance the values of a column, evenly or as asked', async () => {
    const transforms = await transformsOf();
    const shares = (balance: Parameters<typeof compileBalance>[0]) =>
      compileBalance(balance, transforms).map(({ share }) => share);
    expect(shares({ column: 'name' })).toEqual([0.5, 0.5]);
    expect(shares({ column: 'name', shares: [{ value: 'b', share: 3 }, { value: 'a', share: 1 }] })).toEqual([0.75, 0.25]);
    expect(() => compileBalance({ column: 'x' }, transforms)).toThrow('cannot be balanced');
  });
});
