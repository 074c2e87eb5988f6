/**
 * A book as numbers that a network can learn, and back. Order of the numbers, for L levels:
 *
 *     mid move | log spread | log gaps of bids 2 … L | of asks 2 … L | log sizes of bids 1 … L | of asks 1 … L
 *
 * The mid move is measured in half ticks from a start that is the same for all rows; spread and gaps are in ticks.
 */

/** Prices in ticks and sizes, both from the lowest price to the highest: bids L … 1, then asks 1 … L. */
export interface Book {
  prices: Float64Array;
  sizes: Float64Array;
}

/** How sizes of one column are written. */
export interface SizeGrid {
  /** Sizes are multiples of it; 0: any positive number. */
  step: number;
  smallest: number;
}

export interface BookScale {
  levels: number;
  /** Twice the mid price that moves are measured from, in ticks. */
  startMid: number;
  /** Whether all prices are above 0. */
  hasPositivePrices: boolean;
  /** In the order of `Book.sizes`. */
  sizes: readonly SizeGrid[];
}

export function codeWidth(levels: number): number {
  return 4 * levels;
}

/** The numbers of a valid book. */
export function encodeBook({ prices, sizes }: Book, { levels, startMid }: BookScale): Float64Array {
  const code = new Float64Array(codeWidth(levels));
  const price = (index: number) => prices[index] ?? 0;
  const [bid, ask] = [price(levels - 1), price(levels)];
  code[0] = bid + ask - startMid;
  code[1] = Math.log(ask - bid);
  for (let depth = 1; depth < levels; depth++) {
    code[1 + depth] = Math.log(price(levels - depth) - price(levels - 1 - depth));
    code[levels + depth] = Math.log(price(levels + depth) - price(levels - 1 + depth));
  }
  for (let depth = 0; depth < levels; depth++) {
    code[2 * levels + depth] = Math.log1p(sizes[levels - 1 - depth] ?? 0);
    code[3 * levels + depth] = Math.log1p(sizes[levels + depth] ?? 0);
  }
  return code;
}

/** Beyond this a distance is not from any market: it is there so that no number can break the grid. */
const mostTicks = 2 ** 40;

/**
 * The book of any numbers: spread and gaps are at least one tick and prices their sums, so that no book comes out
 * crossed or out of order, whatever a network says.
 *
 * @param code `codeWidth(levels)` numbers; what is not finite counts as 0
 */
export function decodeBook(code: ArrayLike<number>, scale: BookScale, target: Book): Book {
  const { levels, startMid, hasPositivePrices } = scale;
  const { prices, sizes } = target;
  const spread = ticksOf(code[1]);
  const bid = Math.round((clamp(finite(code[0]), 4 * mostTicks) + startMid - spread) / 2);
  prices[levels - 1] = bid;
  prices[levels] = bid + spread;
  for (let depth = 1; depth < levels; depth++) {
    prices[levels - 1 - depth] = (prices[levels - depth] ?? 0) - ticksOf(code[1 + depth]);
    prices[levels + depth] = (prices[levels - 1 + depth] ?? 0) + ticksOf(code[levels + depth]);
  }
  const lowest = prices[0] ?? 0;
  if (hasPositivePrices && lowest < 1) for (let i = 0; i < 2 * levels; i++) prices[i] = (prices[i] ?? 0) + 1 - lowest;
  for (let depth = 0; depth < levels; depth++) {
    const [below, above] = [levels - 1 - depth, levels + depth];
    sizes[below] = sizeOf(code[2 * levels + depth], scale.sizes[below]);
    sizes[above] = sizeOf(code[3 * levels + depth], scale.sizes[above]);
  }
  return target;
}

function ticksOf(logarithm: number | undefined): number {
  return Math.max(1, Math.min(mostTicks, Math.round(Math.exp(finite(logarithm)))));
}

function sizeOf(logarithm: number | undefined, grid: SizeGrid = { step: 1, smallest: 1 }): number {
  const size = Math.min(mostTicks, Math.expm1(finite(logarithm)));
  return Math.max(grid.smallest, grid.step > 0 ? Math.round(size / grid.step) * grid.step : size);
}

function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : 0;
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}
