import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { withRoles } from './column-roles';
import { conditionOf } from './conditions';

const column = (name: string, type: DatasetColumn['type'], role: DatasetColumn['role']): DatasetColumn => ({
  name,
  type,
  role,
  missing: 0,
  distinct: 5,
});
const columns = [
  column('price', 'number', 'numeric'),
  column('a=b', 'text', 'categorical'),
  column('is_new', 'boolean', 'categorical'),
  column('when', 'date', 'datetime'),
];

describe('a condition', () => {
  it.each([
    ['price=1.5', { column: 'price', equals: 1.5 }],
    ['price=', { column: 'price', equals: null }],
    ['price>=-2', { column: 'price', at_least: -2 }],
    ['when<=2024-01-31', { column: 'when', at_most: '2024-01-31' }],
    ['a=b=c=d', { column: 'a=b', equals: 'c=d' }],
    ['is_new=true', { column: 'is_new', equals: true }],
  ])('is read: %s', (text, condition) => {
    expect(conditionOf(text, columns)).toEqual(condition);
  });

  it.each([
    ['cost=1', 'Columns are: price, a=b, is_new, when'],
    ['price=high', 'price is number, so the value must be a number'],
    ['is_new>=true', 'has no order'],
    ['is_new=1', 'must be true or false'],
    ['price>=', 'must be a number'],
  ])('is refused: %s', (text, message) => {
    expect(() => conditionOf(text, columns)).toThrow(message);
  });
});

describe('the roles of columns', () => {
  it('are those that were asked for, else those that were proposed', () => {
    const roles = withRoles(columns, ['price:categorical', 'when:excluded']).map(({ role }) => role);
    expect(roles).toEqual(['categorical', 'categorical', 'categorical', 'excluded']);
  });

  it.each([
    [['price'], 'it takes name:role'],
    [['cost:numeric'], 'names "cost", which the table does not have'],
    [['price:datetime'], 'makes "price" (number) datetime; it can be: numeric, categorical, id, excluded'],
    [columns.map(({ name }) => `${name}:excluded`), 'leaves nothing to learn'],
  ])('are refused: %j', (wishes, message) => {
    expect(() => withRoles(columns, wishes)).toThrow(message);
  });
});
