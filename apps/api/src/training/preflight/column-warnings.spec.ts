import type { ColumnProfile, DatasetColumn } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { columnWarnings } from './column-warnings';

const rows = 500;
const column = (name: string, partial: Partial<DatasetColumn> = {}): DatasetColumn => ({
  name,
  type: 'number',
  role: 'numeric',
  missing: 0,
  distinct: 40,
  ...partial,
});
const found = (columns: DatasetColumn[], profiles: Partial<ColumnProfile>[] = [], rowCount = rows) =>
  columnWarnings(columns, {
    row_count: rowCount,
    rejected_row_count: 0,
    rejected_rows: [],
    columns: profiles.map((profile, index) => ({ ...(columns[index] ?? column('x')), ...profile })),
  }).map(({ kind, column: name }) => [kind, name]);

describe('warnings on columns', () => {
  it('name keys of whole numbers or text that would be learned, and leave quantities alone', () => {
    const columns = [
      column('number', { type: 'integer', distinct: rows }),
      column('code', { type: 'text', role: 'categorical', distinct: rows - 5, missing: 5 }),
      column('price', { distinct: rows }),
      column('key', { type: 'integer', role: 'id', distinct: rows }),
    ];
    expect(found(columns)).toEqual([
      ['identifier', 'number'],
      ['identifier', 'code'],
    ]);
  });

  it('name what tells of persons, constants, gaps and small tables', () => {
    const columns = [
      column('customer_email', { type: 'text', role: 'categorical' }),
      column('always', { distinct: 1 }),
      column('gaps', { missing: 400 }),
      column('emailed', { role: 'excluded' }),
    ];
    expect(found(columns)).toEqual([
      ['personal_data', 'customer_email'],
      ['constant', 'always'],
      ['missing_values', 'gaps'],
    ]);
    expect(found([column('price')], [], 120)).toEqual([['few_rows', null]]);
  });

  it('name the second of two columns that are distributed the same', () => {
    const columns = [column('income'), column('income_copy'), column('age')];
    const same = { mean: 12.25, std: 3.5 };
    expect(found(columns, [same, same, { mean: 12.25, std: 3.6 }])).toEqual([['leak', 'income_copy']]);
  });
});
