import type { BookPicture, OrderBook } from '@gan-dashboard/shared-types';

export const noFaults = { faulty: 0, crossed: 0, misordered: 0, non_positive_size: 0, off_tick: 0, missing: 0 };

export function aBook(partial: Partial<OrderBook> = {}): OrderBook {
  return {
    is_used: true,
    source: 'header',
    levels: [{ bid_price: 'bp1', bid_size: 'bs1', ask_price: 'ap1', ask_size: 'as1' }],
    tick_size: 0.01,
    price_unit: 1,
    faults: noFaults,
    ...partial,
  };
}

/** Two levels, three rows. */
export function aPicture(partial: Partial<BookPicture> = {}): BookPicture {
  const level = (median: number) => ({ p25: median - 10, median, p75: median + 10 });
  return {
    rows: 3,
    faults: noFaults,
    tick_size: 0.01,
    depth: { bid: [level(100), level(200)], ask: [level(110), level(220)] },
    path: { x_name: 'time', x: ['10:00', '10:01', '10:02'], mid: [99.5, 99.7, 99.6], spread: [1, 2, 1] },
    spreads: [
      { share: 0, ticks: 1 },
      { share: 0.5, ticks: 1 },
      { share: 1, ticks: 2 },
    ],
    ...partial,
  };
}
