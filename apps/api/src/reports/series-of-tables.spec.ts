import { describe, expect, it } from 'vitest';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { seriesOf } from './series-of-tables';
import { bookOf } from './process/order-book-of';

const column = (name: string, more: Partial<DatasetColumn> = {}): DatasetColumn => ({
  ...{ name, type: 'number', role: 'numeric', missing: 0, distinct: 10 },
  ...more,
});
const structure = { kind: 'time_series', time_column: 'day' } as const;
const day = column('day', { type: 'date', role: 'datetime' });
const number = column('sequence', { type: 'integer', role: 'id' });

describe('seriesOf', () => {
  it('takes the number of drawn sequences for their key, and one real sequence where no key is named', () => {
    expect(seriesOf([day, column('price')], [number, day, column('price')], structure)).toEqual({
      ...{ time: 'day', real_key: null, synthetic_key: 'sequence', features: ['price'] },
    });
  });

  it('goes by the sequence roles of columns; attributes are no features', () => {
    const named = [column('at', { sequence_role: 'time' }), column('symbol', { role: 'id', sequence_role: 'key' })];
    const real = [...named, column('lot', { sequence_role: 'attribute' }), column('price')];
    expect(seriesOf(real, real, structure)).toEqual({
      ...{ time: 'at', real_key: 'symbol', synthetic_key: 'symbol', features: ['price'] },
    });
  });

  it('is null where several rows stand under one time and no key tells them apart, or nothing is a number', () => {
    const columns = [day, column('price')];
    expect(seriesOf(columns, columns, { ...structure, repeated_timestamps: 3 })).toBeNull();
    expect(seriesOf([day], [day], structure)).toBeNull();
    const table = { kind: 'table' } as const;
    expect(seriesOf([column('price')], [column('price')], table)).toBeNull();
    expect(seriesOf([column('price')], [number, column('price')], table)?.synthetic_key).toBe('sequence');
  });
});

describe('bookOf', () => {
  it('takes the levels that columns were given, whatever they are named, as far as they are whole', () => {
    const level = (at: number, names: string[]) =>
      (['bid', 'ask'] as const).flatMap((side, i) =>
        (['price', 'size'] as const).map((quantity, j) =>
          column(names[2 * i + j] ?? '', { order_book: { side, quantity, level: at, tick_size: 0.5 } }),
        ),
      );
    const columns = [...level(1, ['b', 'bv', 'a', 'av']), ...level(2, ['b2', 'bv2', 'a2', 'av2']).slice(1)];
    expect(bookOf(columns)).toEqual({
      levels: [{ bidPrice: 'b', bidSize: 'bv', askPrice: 'a', askSize: 'av' }],
      tick: 0.5,
    });
    expect(bookOf([column('price')])).toBeUndefined();
  });
});
