import { describe, expect, it } from 'vitest';
import { columnRoles, columnTypes, datasetGenerateSchema, datasetPatchSchema, rolesFor } from './datasets';

describe('rolesFor', () => {
  it.each(columnTypes)('gives %s roles that exist, each once, and a way to leave the column out', (type) => {
    const roles = rolesFor(type);
    expect(roles.every((role) => columnRoles.includes(role))).toBe(true);
    expect(new Set(roles).size).toBe(roles.length);
    expect(roles).toContain('excluded');
    // The first one is what a column of the type is by nature.
    expect(roles[0]).not.toBe('excluded');
  });

  it('lets only quantities be learned as quantities', () => {
    expect(columnTypes.filter((type) => rolesFor(type).includes('numeric'))).toEqual(['integer', 'number']);
    expect(columnTypes.filter((type) => rolesFor(type).includes('datetime'))).toEqual(['date', 'datetime']);
    expect(columnTypes.filter((type) => rolesFor(type).includes('id'))).toEqual(['integer', 'number', 'text']);
    expect(columnTypes.every((type) => rolesFor(type).includes('categorical'))).toBe(true);
  });
});

describe('datasetGenerateSchema', () => {
  it('fills in rows and seed', () => {
    expect(datasetGenerateSchema.parse({ kind: 'yield_curve' })).toEqual({
      kind: 'yield_curve',
      rows: 5_000,
      seed: 42,
    });
  });

  it.each([
    [{ kind: 'noise' }],
    [{ kind: 'yield_curve', rows: 9 }],
    [{ kind: 'yield_curve', rows: 1_000_001 }],
    [{ kind: 'yield_curve', seed: -1 }],
    [{ kind: 'yield_curve', seed: 2_147_483_648 }],
    [{ kind: 'yield_curve', name: '  ' }],
    [{ kind: 'yield_curve', row: 10 }],
  ])('refuses %j', (body) => expect(datasetGenerateSchema.safeParse(body).success).toBe(false));
});

describe('datasetPatchSchema', () => {
  it('trims the name and takes roles that exist', () => {
    expect(datasetPatchSchema.parse({ name: ' book ' })).toEqual({ name: 'book' });
    expect(datasetPatchSchema.safeParse({ columns: [{ name: 'price', role: 'numeric' }] }).success).toBe(true);
    expect(datasetPatchSchema.safeParse({ columns: [{ name: 'price', role: 'target' }] }).success).toBe(false);
    expect(datasetPatchSchema.safeParse({ status: 'ready' }).success).toBe(false);
  });
});
