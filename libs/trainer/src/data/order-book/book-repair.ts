import type { Book, SizeGrid } from './book-code';

/** What becomes of rows that are no valid book. */
export const bookRowChoices = ['drop', 'repair', 'keep'] as const;
export type BookRowChoice = (typeof bookRowChoices)[number];

/**
 * Makes a valid book of one that is none, in place. `repair`: prices are put in order across both sides, which turns a
 * crossed book the right way round, and equal ones are moved a tick apart, away from the middle. `keep`: bids and asks
 * stay what they are, and what cannot be a distance counts as one tick. Sizes that are not positive become the smallest.
 */
export function mendBook({ prices, sizes }: Book, choice: 'repair' | 'keep', grids: readonly SizeGrid[]): void {
  if (choice === 'repair') prices.sort();
  const middle = prices.length / 2;
  const at = (index: number) => prices[index] ?? 0;
  if (at(middle) <= at(middle - 1)) spreadApart(prices, middle);
  for (let i = middle - 2; i >= 0; i--) prices[i] = Math.min(at(i), at(i + 1) - 1);
  for (let i = middle + 1; i < prices.length; i++) prices[i] = Math.max(at(i), at(i - 1) + 1);
  for (let i = 0; i < sizes.length; i++) {
    if (!((sizes[i] ?? 0) > 0)) sizes[i] = grids[i]?.smallest ?? 1;
  }
}

/** The best prices on either side of their mean, one tick apart. */
function spreadApart(prices: Float64Array, middle: number): void {
  const bid = Math.floor(((prices[middle - 1] ?? 0) + (prices[middle] ?? 0)) / 2);
  prices[middle - 1] = bid;
  prices[middle] = bid + 1;
}
