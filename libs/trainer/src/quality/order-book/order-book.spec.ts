import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../testing/csv';
import { categorical, numeric, table } from '../testing/tables';
import { bookLevelsOf } from './book-columns';
import { bookLawScores, bookLawValues } from './book-laws';
import { bookValidity } from './book-validity';

const names = [1, 2].flatMap((level) => [
  `bid_price_${level}`,
  `bid_size_${level}`,
  `ask_price_${level}`,
  `ask_size_${level}`,
]);
const levels = bookLevelsOf(names) ?? [];

function book(rows: readonly (readonly (number | null)[])[], key?: readonly string[]) {
  const columns = names.map((name, i) =>
    numeric(
      name,
      rows.map((row) => row[i] ?? null),
    ),
  );
  return key ? table(categorical('isin', key), ...columns) : table(...columns);
}

const rows = [
  [99.5, 10, 100, 30, 99, 10, 100.5, 10],
  // Crossed, and a second bid above the first.
  [100.5, 10, 100, 30, 101, 0, 100.5, 10],
  // An ask level that is not worse, off the tick.
  [99.5, 10, 100, 10, 99, 10, 99.9, 10],
  // Shallow on one side.
  [99, 5, 100, 5, null, null, 101, -1],
  // No book.
  [null, 5, 100, 5, null, null, 101, 1],
];

describe('bookLevelsOf', () => {
  it('reads the levels of a header as far as they are whole', () => {
    expect(levels).toHaveLength(2);
    expect(levels[1]).toEqual({
      ...{ bidPrice: 'bid_price_2', bidSize: 'bid_size_2', askPrice: 'ask_price_2', askSize: 'ask_size_2' },
    });
    expect(bookLevelsOf([...names, 'bid_price_3'])).toHaveLength(2);
    expect(bookLevelsOf(['timestamp', 'price'])).toBeUndefined();
  });
});

describe('bookValidity', () => {
  it('counts by hand', () => {
    expect(bookValidity(book(rows), { levels, tick: 0.5 })).toEqual({
      ...{ rows: 4, crossed: 0.25, misordered: 0.5, nonPositiveSizes: 0.5, offTick: 1 / 15 },
    });
    expect(bookValidity(book(rows), { levels }).offTick).toBeUndefined();
  });

  it('names a column that is not there, or is no number', () => {
    expect(() => bookValidity(table(numeric('bid_price_1', [1])), { levels })).toThrow('lacks the column "bid_size_1"');
    expect(() => bookValidity(table(categorical('bid_price_1', ['1'])), { levels })).toThrow(
      '"bid_price_1" as a category',
    );
    expect(() => bookValidity(book(rows), { levels: [] })).toThrow('at least one level');
  });
});

describe('bookLawValues', () => {
  it('gives spread in ticks, imbalance, depth and returns of the mid price', () => {
    const laws = new Map(
      bookLawValues(book(rows.slice(0, 4)), { levels, tick: 0.5 }).map((each) => [
        `${each.law}${each.level ?? ''}`,
        each.values,
      ]),
    );
    expect([...laws.keys()]).toEqual([
      'spread',
      'mid_return',
      'imbalance',
      'bid_depth1',
      'ask_depth1',
      'bid_depth2',
      'ask_depth2',
    ]);
    expect(laws.get('spread')).toEqual(Float64Array.of(1, -1, 1, 2));
    expect(laws.get('imbalance')?.[0]).toBeCloseTo(-20 / 60, 12);
    expect(laws.get('bid_depth2')).toEqual(Float64Array.of(10, 0, 10));
    expect(laws.get('mid_return')?.[0]).toBeCloseTo(Math.log(100.25 / 99.75), 12);
    const keyed = bookLawValues(book(rows.slice(0, 4), ['a', 'b', 'a', 'b']), { levels, key: 'isin' });
    expect(keyed[1]?.values).toHaveLength(2);
    expect(keyed[1]?.values[0]).toBe(0);
    expect(keyed[1]?.values[1]).toBeCloseTo(Math.log(99.5 / 100.25), 12);
  });

  it('compares each law', () => {
    const scores = bookLawScores(
      book(rows.slice(0, 4)),
      book([...rows.slice(0, 3), [99.5, 10, 100, 5, 99, 1, 101, 1]]),
      { levels, tick: 0.5 },
    );
    expect(scores[0]).toEqual({
      law: 'spread',
      level: undefined,
      score: 0.75,
      real: { mean: 0.75 },
      synthetic: { mean: 0.5 },
    });
    for (const { score } of bookLawScores(book(rows), book(rows), { levels })) expect(score).toBe(1);
  });
});

const csv = fileURLToPath(new URL('../../../../../../shared/data/treasury_orderbook_sample.csv', import.meta.url));
const isPresent = existsSync(csv);
describe.skipIf(!isPresent)(
  `a dirty treasury book${isPresent ? '' : ' (skipped: its CSV in ../shared/data is not there)'}`,
  () => {
    it('is crossed in 1,160 of 4,320 rows, as was counted by another program', () => {
      const all = [1, 2, 3, 4, 5].flatMap((level) =>
        ['bid_price', 'bid_size', 'ask_price', 'ask_size'].map((part) => `${part}_${level}`),
      );
      const roles = Object.fromEntries(all.map((name) => [name, 'numeric' as const]));
      const validity = bookValidity(readCsv(csv, roles), { levels: bookLevelsOf(all) ?? [], tick: 0.0001 });
      expect(validity.rows).toBe(4_320);
      expect(Math.round(validity.crossed * 4_320)).toBe(1_160);
      expect(validity).toMatchObject({ nonPositiveSizes: 0, offTick: 0 });
    });
  },
);
