import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { gapsOf, messagesAt, noWishes, wishesOf } from './samples-panel-wishes';

const columns = (
  [
    ['side', 'text'],
    ['size', 'integer'],
    ['active', 'boolean'],
    ['time', 'datetime'],
  ] as const
).map(([name, type]): DatasetColumn => ({ name, type, role: 'categorical', missing: 0, distinct: 2 }));

describe('what a sample is asked for', () => {
  it('is nothing at first', () => {
    expect(wishesOf(noWishes, columns)).toEqual({});
  });

  it('is read by the types of the columns', () => {
    const conditions = [
      { column: 'side', test: 'equals' as const, value: '1' },
      { column: 'size', test: 'equals' as const, value: ' 1 ' },
      { column: 'size', test: 'at_most' as const, value: 'many' },
      { column: 'active', test: 'equals' as const, value: 'true' },
      { column: 'time', test: 'at_least' as const, value: '2024-01-01' },
      { column: 'side', test: 'missing' as const, value: 'left over' },
    ];
    expect(wishesOf({ ...noWishes, conditions, balance: 'side' }, columns)).toEqual({
      conditions: [
        { column: 'side', equals: '1' },
        { column: 'size', equals: 1 },
        { column: 'size', at_most: 'many' },
        { column: 'active', equals: true },
        { column: 'time', at_least: '2024-01-01' },
        { column: 'side', equals: null },
      ],
      balance: { column: 'side' },
    });
  });

  it('names what is missing, and finds what is said of a field', () => {
    const constraint = { low: 'a', high: 'b', columns: ['a'] };
    const constraints = (['below', 'fixed_combinations', 'unique'] as const).map((kind) => ({ ...constraint, kind }));
    const draft = { ...noWishes, conditions: [{ column: 'side', test: 'equals' as const, value: ' ' }], constraints };
    const gaps = gapsOf(draft);
    expect(gaps.map(({ path }) => path)).toEqual(['conditions.0', 'constraints.1']);
    expect(messagesAt(gaps, 'constraints.1')).toBe('Choose two columns or more.');
    expect(messagesAt([{ path: 'conditions.10.equals', message: 'no' }], 'conditions.1')).toBe('');
  });
});
