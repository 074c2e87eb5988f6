import type { Cell } from '@gan-dashboard/shared-types';
import { describe, expect, it } from 'vitest';
import { bookCells, bookColumns, bookTable } from '../../testing/order-books';
import { bookLayoutOf } from './book-layout';
import type { BookLayout } from './book-layout';
import type { BookRowChoice } from './book-repair';
import { BookRows } from './book-rows';

const columns = bookColumns(2);
const layout = bookLayoutOf(columns) as BookLayout;
const pass = () => Promise.resolve();

/** A book of bids 100.00 and 99.99 against asks 100.02 and 100.03. */
function row(change: Record<string, Cell> = {}): Record<string, Cell> {
  const book = { bid_price_1: 100, bid_price_2: 99.99, ask_price_1: 100.02, ask_price_2: 100.03 };
  const sizes = { bid_size_1: 300, bid_size_2: 500, ask_size_1: 200, ask_size_2: 700 };
  return { time: 0, venue: 'north', ...book, ...sizes, ...change };
}

const dirty = [
  row(),
  row({ bid_price_1: 100.05 }),
  row({ bid_price_2: 100 }),
  row({ ask_size_1: 0 }),
  row({ bid_size_2: -500 }),
  row({ ask_price_2: 100.035 }),
  row({ ask_price_1: null }),
  row({ bid_price_1: 100.02, ask_price_1: 100, bid_size_1: 0 }),
];

async function read(rows: Record<string, Cell>[], choice: BookRowChoice) {
  const books = await BookRows.read(bookTable(columns, rows), layout, choice, pass);
  const prices = await Promise.all([0, 1, 2, 3].map((place) => books.ticks(place)));
  const sizes = await Promise.all([0, 1, 2, 3].map((place) => books.sizesAt(place)));
  const at = (index: number) => ({
    prices: prices.map((values) => values[index]),
    sizes: sizes.map((values) => values[index]),
  });
  return { books, at };
}

describe('rows that are no valid book', () => {
  it('are counted by what is wrong with them', async () => {
    const { books } = await read(dirty, 'drop');
    expect(books.faults).toEqual({
      faulty: 7,
      crossed: 2,
      misordered: 1,
      non_positive_size: 3,
      off_tick: 1,
      missing: 1,
    });
  });

  it('are left out by drop', async () => {
    const { books, at } = await read(dirty, 'drop');
    expect(Array.from(books.rows)).toEqual([0]);
    expect(at(0)).toEqual({ prices: [9999, 10000, 10002, 10003], sizes: [500, 300, 200, 700] });
  });

  it('are put in order by repair, but for those with empty cells', async () => {
    const { books, at } = await read(dirty, 'repair');
    expect(Array.from(books.rows)).toEqual([0, 1, 2, 3, 4, 5, 7]);
    // 100.05 bid against 100.02: the four prices in order, the best of them a book again.
    expect(at(1).prices).toEqual([9999, 10002, 10003, 10005]);
    expect(at(2).prices).toEqual([9999, 10000, 10002, 10003]);
    expect(at(3).sizes).toEqual([500, 300, 200, 700]);
    expect(at(5).prices[3]).toBeGreaterThan(10002);
    expect(at(6)).toEqual({ prices: [9999, 10000, 10002, 10003], sizes: [500, 300, 200, 700] });
  });

  it('become the nearest valid book by keep, bids staying bids', async () => {
    const { at } = await read(dirty, 'keep');
    // 100.05 against 100.02: both on either side of their mean.
    expect(at(1).prices).toEqual([9999, 10003, 10004, 10005]);
    expect(at(2).prices).toEqual([9999, 10000, 10002, 10003]);
  });

  it.each(['repair', 'keep'] as const)('are valid after %s, whatever they were', async (choice) => {
    const wild = bookCells(400, 2).map((cells, index) => {
      const [size, price] = [`ask_size_${1 + (index % 2)}`, `bid_price_${1 + (index % 2)}`];
      return {
        ...cells,
        [price]: ((index * 7919) % 20_000) / 100 + (index % 5 === 0 ? 0.003 : 0),
        [size]: index - 200,
      };
    });
    const { books, at } = await read(wild, choice);
    expect(books.rows).toHaveLength(400);
    for (let index = 0; index < 400; index++) {
      const { prices, sizes } = at(index);
      expect(prices).toEqual([...new Set(prices)].sort((a, b) => (a ?? 0) - (b ?? 0)));
      expect(prices.every(Number.isInteger)).toBe(true);
      expect(Math.min(...sizes.map((size) => size ?? 0))).toBeGreaterThan(0);
    }
  });

  it('are said to be all of the table where they are', async () => {
    await expect(read([row({ ask_price_1: 99 }), row({ bid_size_1: 0 })], 'drop')).rejects.toThrow(
      'None of the 2 rows is an order book that can be learned: 1 crossed, 1 with sizes that are not positive. Check the columns and the tick size (0.01)',
    );
  });
});

describe('bookLayoutOf', () => {
  const without = (...names: string[]) =>
    bookColumns(2).map((column) => (names.includes(column.name) ? { ...column, role: 'excluded' as const } : column));

  it('takes fewer levels where the deepest are excluded', () => {
    const shallow = without('bid_price_2', 'bid_size_2', 'ask_price_2', 'ask_size_2');
    expect(bookLayoutOf(shallow)?.levels).toHaveLength(1);
  });

  it('names what a level lacks', () => {
    expect(() => bookLayoutOf(without('ask_size_2'))).toThrow('level 2 has no ask size');
    expect(() => bookLayoutOf(without('bid_price_1', 'bid_size_1', 'ask_price_1', 'ask_size_1'))).toThrow(
      'there is no level 1',
    );
  });

  it('finds none in a table without one', () => {
    expect(bookLayoutOf(bookColumns(2).map(({ order_book: _, ...column }) => column))).toBeNull();
  });
});
