import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { withRoles } from './column-roles';

const columns: DatasetColumn[] = [
  { name: 'day', type: 'date', role: 'datetime', missing: 0, distinct: 9 },
  { name: 'symbol', type: 'text', role: 'categorical', role_reason: 'few values', missing: 0, distinct: 3 },
  { name: 'venue', type: 'text', role: 'categorical', missing: 0, distinct: 3 },
];

describe('roles of columns', () => {
  it('change where people say so, the reason of a proposal with them', () => {
    const [, symbol, venue] = withRoles(columns, [{ name: 'symbol', role: 'id' }]);
    expect(symbol).toEqual({ name: 'symbol', type: 'text', role: 'id', missing: 0, distinct: 3 });
    expect(venue).toBe(columns[2]);
  });

  it('take a sequence role beside the role, and lose it again', () => {
    const keyed = withRoles(columns, [{ name: 'symbol', sequence_role: 'key' }]);
    expect(keyed[1]).toEqual({ ...columns[1], sequence_role: 'key' });
    expect(withRoles(keyed, [{ name: 'symbol', role: 'categorical' }])[1]?.sequence_role).toBe('key');
    expect(withRoles(keyed, [{ name: 'symbol', sequence_role: null }])).toEqual(columns);
  });

  it('are refused for a second key, an unknown column and a role that the values cannot have', () => {
    const keyed = withRoles(columns, [{ name: 'symbol', sequence_role: 'key' }]);
    expect(() => withRoles(keyed, [{ name: 'venue', sequence_role: 'key' }])).toThrow(/symbol and venue both/);
    expect(() => withRoles(columns, [{ name: 'price', role: 'numeric' }])).toThrow(/there is no column "price"/);
    expect(() => withRoles(columns, [{ name: 'day', role: 'numeric' }])).toThrow(/day holds date values/);
  });
});
