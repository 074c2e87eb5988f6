import { describe, expect, it } from 'vitest';
import type { ColumnProfile, DatasetColumn, SampleCreate } from '@gan-dashboard/shared-types';
import { conditionMistakes } from './sample-conditions';

const column = (given: Pick<DatasetColumn, 'name' | 'type' | 'role'> & Partial<DatasetColumn>): DatasetColumn => ({
  missing: 0,
  distinct: 2,
  ...given,
});
const columns = [
  column({ name: 'id', type: 'integer', role: 'id' }),
  column({ name: 'side', type: 'text', role: 'categorical' }),
  column({ name: 'venue', type: 'text', role: 'categorical', missing: 3 }),
  column({ name: 'size', type: 'integer', role: 'numeric' }),
  column({ name: 'price', type: 'number', role: 'numeric' }),
  column({ name: 'active', type: 'boolean', role: 'categorical' }),
  column({ name: 'time', type: 'datetime', role: 'datetime' }),
  column({ name: 'day', type: 'date', role: 'datetime', datetime_format: '%d.%m.%Y' }),
  column({ name: 'secret', type: 'text', role: 'excluded' }),
];
const profiles: ColumnProfile[] = [
  {
    ...{ name: 'side', type: 'text', role: 'categorical', missing: 0, distinct: 2 },
    top_values: [
      { value: 'buy', count: 5 },
      { value: 'sell', count: 2 },
    ],
  },
  {
    ...{ name: 'venue', type: 'text', role: 'categorical', missing: 3, distinct: 40 },
    top_values: [{ value: 'XNYS', count: 5 }],
  },
  { name: 'size', type: 'integer', role: 'numeric', missing: 0, distinct: 9, min: 1, max: 500 },
];

type Wishes = Pick<SampleCreate, 'conditions' | 'balance'>;
const mistakes = (wishes: Wishes) => conditionMistakes(wishes, columns, profiles);

describe('conditions of a sample', () => {
  it('that rows can meet pass', () => {
    const conditions: NonNullable<Wishes['conditions']> = [
      { column: 'side', equals: 'buy' },
      { column: 'venue', one_of: ['XNYS', 'one that the profile leaves out', null] },
      { column: 'size', at_least: 100, at_most: 900 },
      { column: 'price', equals: 1.5 },
      { column: 'active', equals: false },
      { column: 'time', at_least: '2024-03-01', at_most: '2024-03-01 09:30:00' },
      { column: 'day', equals: '05.03.2024' },
    ];
    expect(mistakes({ conditions, balance: { column: 'side', shares: [{ value: 'sell', share: 2 }] } })).toEqual([]);
    expect(mistakes({})).toEqual([]);
  });

  it.each<[NonNullable<Wishes['conditions']>[number], string, string]>([
    [
      { column: 'sides', equals: 'buy' },
      'column',
      'Column "sides" is not one of this run. Conditions can be about: side,',
    ],
    [{ column: 'id', equals: 4 }, 'column', '"id" is made anew in each sample'],
    [{ column: 'secret', equals: 'x' }, 'column', '"secret" was excluded from this run'],
    [{ column: 'side', equals: 'hold' }, 'equals', '"side" has no value "hold". Its values are: "buy", "sell".'],
    [{ column: 'side', one_of: ['buy', null] }, 'one_of.1', '"side" has no missing values'],
    [{ column: 'side', one_of: [7] }, 'one_of.0', '"side" cannot be 7: it holds text. Put the value in quotes.'],
    [{ column: 'size', equals: 1.5 }, 'equals', '"size" cannot be 1.5: it holds whole numbers'],
    [{ column: 'size', equals: 501 }, 'equals', '"size" cannot be 501: its values lie from 1 to 500'],
    [{ column: 'price', equals: '1.5' }, 'equals', '"price" cannot be "1.5": it holds numbers'],
    [{ column: 'active', equals: 'true' }, 'equals', '"active" cannot be "true": it holds true and false'],
    [{ column: 'time', equals: 5 }, 'equals', '"time" cannot be 5: it holds times'],
    [{ column: 'side', at_least: 1 }, '', '"side" has no range: it is a set of values. Use equals or one_of.'],
    [{ column: 'size', at_least: 501 }, '', '"size" cannot be at least 501: its values lie from 1 to 500'],
    [{ column: 'size', at_most: 0 }, '', '"size" cannot be at most 0: its values lie from 1 to 500'],
    [{ column: 'size', at_least: 9, at_most: 2 }, '', '"size" cannot be at least 9 and at most 2: swap the ends.'],
    [{ column: 'size', at_most: 'much' }, 'at_most', '"size" has no bound "much": it holds numbers'],
    [
      { column: 'time', at_least: 'noon' },
      'at_least',
      '"time" has no bound "noon": it holds times. Give one as ISO 8601',
    ],
    [{ column: 'time', at_least: '2025-01-01', at_most: '2024-01-01' }, '', '"time" cannot be at least 2025-01-01'],
    [{ column: 'day', at_least: '2025-01-01' }, '', '"day" writes times as %d.%m.%Y: ranges are possible for'],
  ])('%j is refused at %s', (condition, path, message) => {
    const refused = mistakes({ conditions: [{ column: 'side', equals: 'buy' }, condition] });
    expect(refused).toEqual([
      { path: `conditions.1${path === '' ? '' : `.${path}`}`, message: expect.stringContaining(message) as string },
    ]);
  });

  it('refuse a balance of quantities and of values that there are not', () => {
    expect(mistakes({ balance: { column: 'size' } })).toEqual([
      { path: 'balance.column', message: expect.stringContaining('"size" cannot be balanced') as string },
    ]);
    expect(mistakes({ balance: { column: 'side', shares: [{ value: 'hold', share: 1 }] } })).toEqual([
      { path: 'balance.shares.0.value', message: expect.stringContaining('no value "hold"') as string },
    ]);
  });

  it('leave values to the trainer where the data set is gone', () => {
    expect(conditionMistakes({ conditions: [{ column: 'side', equals: 'hold' }] }, columns, [])).toEqual([]);
  });
});
