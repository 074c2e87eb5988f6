import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { constraintOf } from './constraints';

const columns = ['bid', 'ask', 'a<b', 'b'].map((name): DatasetColumn => ({
  ...{ name, type: 'number', role: 'numeric', missing: 0, distinct: 9 },
}));

describe('a constraint', () => {
  it.each([
    ['bid<=ask', { kind: 'inequality', low: 'bid', high: 'ask', strict: false }],
    ['bid<ask', { kind: 'inequality', low: 'bid', high: 'ask', strict: true }],
    ['a<b<b', { kind: 'inequality', low: 'a<b', high: 'b', strict: true }],
    ['unique:bid', { kind: 'unique', columns: ['bid'] }],
    ['combination:bid, ask', { kind: 'fixed_combinations', columns: ['bid', 'ask'] }],
  ])('is read: %s', (text, constraint) => {
    expect(constraintOf(text, columns)).toEqual(constraint);
  });

  it.each([
    ['bid>ask', 'it takes low<=high, low<high, unique:column'],
    ['bid<cost', 'Columns are: bid, ask, a<b, b'],
    ['unique:cost', 'names "cost", a column that there is not'],
    ['combination:bid', 'it takes two to ten columns, each of them once'],
    ['unique:bid,bid', 'it takes one to ten columns, each of them once'],
  ])('is refused: %s', (text, message) => {
    expect(() => constraintOf(text, columns)).toThrow(message);
  });
});
