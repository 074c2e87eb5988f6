import { describe, expect, it } from 'vitest';
import { proposeRole } from './roles';
import type { ColumnFacts } from './roles';

const facts = (overrides: Partial<ColumnFacts>): ColumnFacts => ({
  name: 'value',
  type: 'number',
  rows: 1_000,
  missing: 0,
  distinct: 900,
  isCode: false,
  ...overrides,
});

describe('proposeRole', () => {
  it.each<[string, Partial<ColumnFacts>, string]>([
    ['numbers', {}, 'numeric'],
    ['integers', { type: 'integer', distinct: 73 }, 'numeric'],
    ['integers of two values', { type: 'integer', distinct: 2, min: 1, max: 2 }, 'numeric'],
    ['a flag of 0 and 1', { type: 'integer', distinct: 2, min: 0, max: 1 }, 'categorical'],
    ['integers named like a code', { name: 'sector_code', type: 'integer', distinct: 11 }, 'categorical'],
    ['a row counter', { name: 'id', type: 'integer', distinct: 1_000, min: 1, max: 1_000 }, 'id'],
    ['keys with gaps', { name: 'customer_id', type: 'integer', distinct: 1_000, min: 5, max: 90_000 }, 'id'],
    ['all different integers with another name', { name: 'volume', type: 'integer', distinct: 1_000 }, 'numeric'],
    ['an id that is missing somewhere', { name: 'id', type: 'integer', distinct: 999, missing: 1 }, 'numeric'],
    ['days', { type: 'date' }, 'datetime'],
    ['times', { type: 'datetime' }, 'datetime'],
    ['booleans', { type: 'boolean', distinct: 2 }, 'categorical'],
    ['categories', { type: 'text', distinct: 12 }, 'categorical'],
    ['UUIDs', { type: 'text', distinct: 1_000, isUuid: true }, 'id'],
    ['text keys', { name: 'orderKey', type: 'text', distinct: 1_000 }, 'id'],
    ['free text', { name: 'comment', type: 'text', distinct: 800 }, 'excluded'],
    ['a short table of names', { name: 'city', type: 'text', rows: 10, distinct: 10 }, 'categorical'],
    ['a column without values', { type: 'text', missing: 1_000, distinct: 0 }, 'excluded'],
  ])('reads %s', (_name, overrides, role) => {
    expect(proposeRole(facts(overrides)).role).toBe(role);
  });

  it('says why where the role is not obvious', () => {
    expect(proposeRole(facts({ type: 'text', distinct: 800 })).role_reason).toMatch(/800 different values in 1,000/);
    expect(proposeRole(facts({ distinct: 1 })).role_reason).toMatch(/one value/);
    expect(proposeRole(facts({})).role_reason).toBeUndefined();
  });
});
