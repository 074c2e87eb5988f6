import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generatorOf } from './generators';
import { orderBookLevelCount, tick, treasuryOrderBook } from './treasury-order-book';
import { maturities, yieldCurve } from './yield-curve';

function digest(kind: 'treasury_orderbook' | 'yield_curve', seed: number, rows = 2_000): string {
  const hash = createHash('sha256');
  for (const chunk of generatorOf(kind, { rows, seed }).chunks) hash.update(chunk);
  return hash.digest('hex');
}

describe('generatorOf', () => {
  it.each(['treasury_orderbook', 'yield_curve'] as const)('gives the same bytes for the same seed: %s', (kind) => {
    expect(digest(kind, 7)).toBe(digest(kind, 7));
    expect(digest(kind, 7)).not.toBe(digest(kind, 8));
  });

  it.each(['treasury_orderbook', 'yield_curve'] as const)('begins alike for any number of rows: %s', (kind) => {
    const text = (rows: number) => Buffer.concat([...generatorOf(kind, { rows, seed: 3 }).chunks]).toString();
    expect(text(60).startsWith(text(20))).toBe(true);
  });
});

describe('treasuryOrderBook', () => {
  it('has the 21 columns of an order book of five levels', () => {
    const [header = '', row = ''] = treasuryOrderBook({ rows: 1, seed: 0 });
    expect(header.trim().split(',')).toHaveLength(1 + 4 * orderBookLevelCount);
    expect(header).toMatch(/^timestamp,bid_price_1,bid_size_1,ask_price_1,ask_size_1,bid_price_2,/);
    expect(row).toMatch(/^2024-01-02 13:00:00,/);
  });

  it('is never crossed, out of order or off the tick grid, for any seed', () => {
    for (let seed = 0; seed < 100; seed++) {
      const [, ...rows] = treasuryOrderBook({ rows: 300, seed });
      for (const row of rows) {
        const [, ...fields] = row.trim().split(',');
        const values = fields.map(Number);
        const at = (offset: number) => Array.from({ length: 5 }, (_, level) => values[level * 4 + offset] ?? NaN);
        const [bids, bidSizes, asks, askSizes] = [at(0), at(1), at(2), at(3)];
        // From the deepest bid over the spread to the deepest ask, prices rise strictly.
        const ladder = [...bids.toReversed(), ...asks];
        const isOrdered = ladder.every((price, index) => index === 0 || price > (ladder[index - 1] ?? Infinity));
        const isOnGrid = ladder.every((price) => Number.isInteger(price / tick));
        const isPositive = [...bidSizes, ...askSizes].every((size) => Number.isInteger(size) && size > 0);
        if (!isOrdered || !isOnGrid || !isPositive) expect.fail(`seed ${seed}: ${row}`);
      }
    }
  });

  it('has clustering volatility and a price that stays near par', () => {
    const [, ...rows] = treasuryOrderBook({ rows: 20_000, seed: 42 });
    const mids = rows.map((row) => {
      const fields = row.split(',');
      return (Number(fields[1]) + Number(fields[3])) / 2;
    });
    const moves = mids.slice(1).map((mid, index) => Math.abs(mid - (mids[index] ?? mid)));
    expect(autocorrelation(moves, 5)).toBeGreaterThan(0.05);
    expect(Math.min(...mids)).toBeGreaterThan(90);
    expect(Math.max(...mids)).toBeLessThan(110);
  });
});

describe('yieldCurve', () => {
  it('gives eleven positive yields on business days', () => {
    const [header = '', ...rows] = yieldCurve({ rows: 3_000, seed: 1 });
    expect(header.trim()).toBe('date,1M,3M,6M,1Y,2Y,3Y,5Y,7Y,10Y,20Y,30Y');
    for (const row of rows) {
      const [date = '', ...yields] = row.trim().split(',');
      const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
      const isPlausible = yields.length === maturities.length && yields.every((y) => Number(y) > 0 && Number(y) < 25);
      if (weekday === 0 || weekday === 6 || !isPlausible) expect.fail(row);
    }
  });

  it('moves slowly from day to day and together over maturities', () => {
    const [, ...rows] = yieldCurve({ rows: 2_000, seed: 5 });
    const column = (index: number) => rows.map((row) => Number(row.split(',')[index]));
    const [sevenYears, tenYears] = [column(8), column(9)];
    expect(autocorrelation(tenYears, 1)).toBeGreaterThan(0.95);
    const gap = tenYears.map((value, index) => Math.abs(value - (sevenYears[index] ?? value)));
    expect(Math.max(...gap.slice(0, 50))).toBeLessThan(1.5);
  });
});

function autocorrelation(values: number[], lag: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const variance = centred.reduce((sum, value) => sum + value * value, 0);
  const covariance = centred.slice(lag).reduce((sum, value, index) => sum + value * (centred[index] ?? 0), 0);
  return covariance / variance;
}
