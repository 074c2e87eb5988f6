import { describe, expect, it } from 'vitest';
import { priceGrid } from './price-grid';

describe('priceGrid', () => {
  it('writes ticks as the source does, without digits that are not there', () => {
    const grid = priceGrid(0.0001, { decimals: 4 });
    for (const price of [99.9004, 98.2683, 100.1349, 0.0001]) expect(grid.priceOf(grid.ticksOf(price))).toBe(price);
    expect(grid.isOnTick(99.90045)).toBe(false);
  });

  it('knows an eighth of a 32nd, exact and rounded to four decimals', () => {
    const exact = priceGrid(1 / 256, { decimals: 8 });
    expect(exact.priceOf(exact.ticksOf(99.50390625))).toBe(99.50390625);
    expect(exact.isOnTick(99.5039)).toBe(false);
    const rounded = priceGrid(1 / 256, { decimals: 4 });
    expect(rounded.isOnTick(99.5039)).toBe(true);
    expect(rounded.isOnTick(99.5049)).toBe(false);
    expect(rounded.priceOf(rounded.ticksOf(99.5039))).toBe(99.5039);
  });

  it('counts whole prices of ten-thousandths in steps of a cent', () => {
    const grid = priceGrid(100, { decimals: 0 });
    expect(grid.ticksOf(5_859_400)).toBe(58_594);
    expect(grid.priceOf(58_594)).toBe(5_859_400);
    expect(grid.isOnTick(5_859_450)).toBe(false);
  });

  it('never writes neighbouring ticks alike, though the column has fewer decimals', () => {
    const grid = priceGrid(0.001, { decimals: 1 });
    expect(grid.priceOf(1)).not.toBe(grid.priceOf(2));
  });
});
