import { describe, expect, it } from 'vitest';
import { sampleCreateSchema } from '@gan-dashboard/shared-types';
import type { ColumnProfile, DatasetColumn, SampleConstraint } from '@gan-dashboard/shared-types';
import { constraintMistakes } from './sample-constraints';

const column = (given: Pick<DatasetColumn, 'name' | 'type' | 'role'> & Partial<DatasetColumn>): DatasetColumn => ({
  missing: 0,
  distinct: 2,
  ...given,
});
const columns = [
  column({ name: 'id', type: 'integer', role: 'id', distinct: 900 }),
  column({ name: 'side', type: 'text', role: 'categorical' }),
  column({ name: 'venue', type: 'text', role: 'categorical', missing: 3, distinct: 4 }),
  column({ name: 'bid', type: 'number', role: 'numeric' }),
  column({ name: 'ask', type: 'integer', role: 'numeric' }),
  column({ name: 'begin', type: 'date', role: 'datetime' }),
  column({ name: 'end', type: 'datetime', role: 'datetime' }),
  column({ name: 'day', type: 'date', role: 'datetime', datetime_format: '%d.%m.%Y' }),
  column({ name: 'secret', type: 'number', role: 'excluded' }),
];
const range = { missing: 0, distinct: 9, role: 'numeric' as const };
const profiles: ColumnProfile[] = [
  { ...range, name: 'bid', type: 'number', min: 10, max: 20 },
  { ...range, name: 'ask', type: 'integer', min: 1, max: 10 },
];
const mistakes = (constraint: SampleConstraint, rows = 10) =>
  constraintMistakes({ constraints: [constraint], rows }, columns, profiles);

describe('constraints of a sample', () => {
  it.each<SampleConstraint>([
    { kind: 'inequality', low: 'ask', high: 'bid', strict: true },
    { kind: 'inequality', low: 'bid', high: 'ask' },
    { kind: 'inequality', low: 'begin', high: 'end' },
    { kind: 'fixed_combinations', columns: ['side', 'venue', 'ask'] },
    { kind: 'unique', columns: ['side', 'venue'] },
    { kind: 'unique', columns: ['id'] },
  ])('that can be held pass: %j', (constraint) => {
    expect(mistakes(constraint)).toEqual([]);
  });

  it.each<[SampleConstraint, string, string]>([
    [
      { kind: 'inequality', low: 'bi', high: 'ask' },
      'constraints.0.low',
      'Column "bi" is not one of this run. Choose from: bid, ask, begin, end.',
    ],
    [{ kind: 'inequality', low: 'bid', high: 'secret' }, 'constraints.0.high', 'was excluded from this run'],
    [{ kind: 'inequality', low: 'side', high: 'ask' }, 'constraints.0.low', 'cannot be compared, as it is text'],
    [{ kind: 'inequality', low: 'begin', high: 'day' }, 'constraints.0.high', 'writes times as %d.%m.%Y'],
    [{ kind: 'inequality', low: 'bid', high: 'bid' }, 'constraints.0.high', 'cannot be compared with itself'],
    [{ kind: 'inequality', low: 'bid', high: 'end' }, 'constraints.0', '"bid" holds numbers and "end" times'],
    [
      { kind: 'inequality', low: 'bid', high: 'ask', strict: true },
      'constraints.0',
      '"bid" begins at 10 and "ask" ends at 10',
    ],
    [{ kind: 'fixed_combinations', columns: ['side', 'id'] }, 'constraints.0.columns.1', 'is made anew in each sample'],
    [{ kind: 'unique', columns: ['side', 'nobody'] }, 'constraints.0.columns.1', 'is not one of this run'],
  ])('that cannot be held name the field: %j', (constraint, path, message) => {
    expect(mistakes(constraint)).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('know how many rows can differ', () => {
    expect(mistakes({ kind: 'unique', columns: ['side', 'venue'] }, 11)).toEqual([
      {
        path: 'constraints.0.columns',
        message:
          '11 rows cannot all differ in side, venue: there are 10 combinations. Ask for fewer rows, or name further columns.',
      },
    ]);
  });

  it.each([
    [[{ kind: 'order', low: 'a', high: 'b' }], 'must have a kind'],
    [[{ kind: 'unique', columns: [] }], 'Too small'],
    [[{ kind: 'unique', columns: ['a', 'a'] }], 'each column can be named once'],
    [[{ kind: 'fixed_combinations', columns: ['a'] }], 'Too small'],
  ])('that are malformed are refused: %j', (constraints, message) => {
    expect(sampleCreateSchema.safeParse({ constraints }).error?.issues[0]?.message).toContain(message);
  });
});
