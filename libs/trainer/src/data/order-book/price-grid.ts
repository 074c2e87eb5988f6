import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { roundingTo } from '../cell-writers';
import { decimalsOf } from '../decimals';

/** Prices as whole ticks, and back as the source writes them. */
export interface PriceGrid {
  /** The nearest tick. */
  ticksOf: (price: number) => number;
  isOnTick: (price: number) => boolean;
  priceOf: (ticks: number) => number;
}

const mostDecimals = 12;

/**
 * Sources may write a tick such as 1/256 with fewer decimals than it has: a price is on a tick where it is the tick,
 * rounded to the column's decimals.
 */
export function priceGrid(tick: number, column: Pick<DatasetColumn, 'decimals'>): PriceGrid {
  const exact = decimalsOf(Float64Array.of(tick)) ?? mostDecimals;
  // With fewer decimals than the tick's own size, neighbours would be written alike.
  const fewest = Math.max(0, Math.ceil(-Math.log10(tick) - 1e-9));
  const decimals = Math.min(exact, Math.max(fewest, column.decimals ?? exact));
  const tolerance = decimals < exact ? 0.5 * 10 ** -decimals : 0;
  const round = roundingTo(decimals);
  const ticksOf = (price: number) => Math.round(price / tick);
  return {
    ticksOf,
    isOnTick: (price) =>
      Math.abs(price - ticksOf(price) * tick) <= tolerance + 1e-9 * Math.max(tick, Math.abs(price) * 1e-3),
    priceOf: (ticks) => round(ticks * tick) + 0,
  };
}
