import { describe, expect, it } from 'vitest';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { lobsterLevels, orderBookLevels, placeOfName } from './book-header';

const column = (name: string, type: DatasetColumn['type'] = 'number'): DatasetColumn => ({
  name,
  type,
  role: 'numeric',
  missing: 0,
  distinct: 2,
});
const columnsOf = (names: string[]) => names.map((name) => column(name));
const level = (suffix: string | number) =>
  ['bid_price_', 'bid_size_', 'ask_price_', 'ask_size_'].map((name) => `${name}${suffix}`);

describe('placeOfName', () => {
  it.each([
    ['bid_price_1', 'bid', 'price', 1],
    ['bid1_price', 'bid', 'price', 1],
    ['BidPrice1', 'bid', 'price', 1],
    ['ASK_SIZE_10', 'ask', 'size', 10],
    ['ask_px_00', 'ask', 'price', 0],
    ['bp1', 'bid', 'price', 1],
    ['bs1', 'bid', 'size', 1],
    ['av3', 'ask', 'size', 3],
    ['b2q', 'bid', 'size', 2],
    ['Ask Price 4', 'ask', 'price', 4],
    ['asks[0].price', 'ask', 'price', 0],
    ['bids[9].amount', 'bid', 'size', 9],
    ['L2-BidQty', 'bid', 'size', 2],
    ['bid_price_l5', 'bid', 'price', 5],
    ['price_ask_2', 'ask', 'price', 2],
    ['OfferSize1', 'ask', 'size', 1],
    ['bid_volume_level_3', 'bid', 'size', 3],
    ['bidPrice', 'bid', 'price', null],
  ])('reads %s', (name, side, quantity, number) => {
    expect(placeOfName(name)).toEqual({ side, quantity, level: number });
  });

  it.each(['timestamp', 'price', 'size_1', 'bid', 'as', 'apps', 'base1', 'mid_price_1', 'bidder_price_1', 'asset1'])(
    'takes %s for no place',
    (name) => expect(placeOfName(name)).toBeNull(),
  );
});

describe('orderBookLevels', () => {
  it('finds complete levels from the best on, in any order of columns', () => {
    const names = ['timestamp', ...level(2).reverse(), ...level(1), 'ask_price_3'];
    expect(orderBookLevels(columnsOf(names))).toEqual([
      { bid_price: 'bid_price_1', bid_size: 'bid_size_1', ask_price: 'ask_price_1', ask_size: 'ask_size_1' },
      { bid_price: 'bid_price_2', bid_size: 'bid_size_2', ask_price: 'ask_price_2', ask_size: 'ask_size_2' },
    ]);
  });

  it('knows levels that count from 00 under short names', () => {
    const found = orderBookLevels(columnsOf(['bid_px_00', 'bid_sz_00', 'ask_px_00', 'ask_sz_00']));
    expect(found).toEqual([
      { bid_price: 'bid_px_00', bid_size: 'bid_sz_00', ask_price: 'ask_px_00', ask_size: 'ask_sz_00' },
    ]);
  });

  it('takes any number of levels', () => {
    const names = Array.from({ length: 50 }, (_, index) => [`bp${index}`, `bs${index}`, `ap${index}`, `as${index}`]);
    expect(orderBookLevels(columnsOf(names.flat()))).toHaveLength(50);
  });

  it('takes the best quote without numbers for one level', () => {
    expect(orderBookLevels(columnsOf(['bid_price', 'bid_size', 'ask_price', 'ask_size']))).toHaveLength(1);
  });

  it('does not take a table without sizes, or with prices that are no numbers, for an order book', () => {
    expect(orderBookLevels(columnsOf(level(1).slice(0, 3)))).toBeUndefined();
    expect(orderBookLevels(level(1).map((name) => column(name, 'text')))).toBeUndefined();
  });
});

describe('lobsterLevels', () => {
  it('reads columns in fours: ask price, ask size, bid price, bid size', () => {
    const names = Array.from({ length: 8 }, (_, index) => `column_${index + 1}`);
    expect(lobsterLevels(columnsOf(names))?.[1]).toEqual({
      ask_price: 'column_5',
      ask_size: 'column_6',
      bid_price: 'column_7',
      bid_size: 'column_8',
    });
  });

  it('takes no other number of columns, and no text', () => {
    expect(lobsterLevels(columnsOf(['a', 'b', 'c']))).toBeNull();
    expect(lobsterLevels([...columnsOf(['a', 'b', 'c']), column('d', 'text')])).toBeNull();
  });
});
