import { describe, expect, it } from 'vitest';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { orderBookLevels } from './structure';

const column = (name: string, type: DatasetColumn['type'] = 'number'): DatasetColumn => ({
  name,
  type,
  role: 'numeric',
  missing: 0,
  distinct: 2,
});
const level = (suffix: string | number) =>
  ['bid_price_', 'bid_size_', 'ask_price_', 'ask_size_'].map((name) => column(`${name}${suffix}`));

describe('orderBookLevels', () => {
  it('finds complete levels from the best on', () => {
    expect(orderBookLevels([column('timestamp', 'datetime'), ...level(1), ...level(2)])).toEqual([
      { bid: 'bid_price_1', ask: 'ask_price_1' },
      { bid: 'bid_price_2', ask: 'ask_price_2' },
    ]);
  });

  it('knows levels that count from 00 under short names', () => {
    const names = ['bid_px_00', 'bid_sz_00', 'ask_px_00', 'ask_sz_00'];
    expect(orderBookLevels(names.map((name) => column(name)))).toEqual([{ bid: 'bid_px_00', ask: 'ask_px_00' }]);
  });

  it('does not take a table without sizes, or with prices that are no numbers, for an order book', () => {
    expect(orderBookLevels(level(1).slice(0, 3))).toBeUndefined();
    expect(orderBookLevels(level(1).map(({ name }) => column(name, 'text')))).toBeUndefined();
  });
});
