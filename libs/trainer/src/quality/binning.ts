import type { CategoryPair, ColumnPair, QuantityPair } from './table';

/**
 * How a quantity becomes a category beside a categorical column.
 *
 * - `real`: ten equal-width bins between the least and the greatest real value, the outer ones open to ±∞, the same
 *   for both tables; a missing value is a category of its own. What the SDMetrics maintainer specified (PR 368).
 * - `sdmetrics`: what SDMetrics computes: each table has edges between its own extremes, its greatest value is an
 *   eleventh bin and missing values fall into that bin. Only for comparison with published scores.
 */
export type Binning = 'real' | 'sdmetrics';

export const BIN_COUNT = 10;

/** A column in codes 0 … `size` - 1, in which a missing value is a code like any other. */
export interface DiscretePair {
  real: Int32Array;
  synthetic: Int32Array;
  size: number;
}

export function discretise(pair: ColumnPair, binning: Binning): DiscretePair {
  if (pair.kind === 'category') return withMissing(pair);
  return binning === 'real' ? onRealEdges(pair) : onOwnEdges(pair);
}

function withMissing({ real, synthetic, size }: CategoryPair): DiscretePair {
  const code = (value: number): number => (value < 0 ? size : value);
  return { real: real.map(code), synthetic: synthetic.map(code), size: size + 1 };
}

function onRealEdges({ real, synthetic }: QuantityPair): DiscretePair {
  const inner = binEdges(real).subarray(1, -1);
  const code = (value: number): number => (Number.isNaN(value) ? BIN_COUNT : edgesUpTo(value, inner));
  return { real: Int32Array.from(real, code), synthetic: Int32Array.from(synthetic, code), size: BIN_COUNT + 1 };
}

function onOwnEdges({ real, synthetic }: QuantityPair): DiscretePair {
  const codes = (values: Float64Array): Int32Array => {
    const edges = binEdges(values);
    // NumPy sorts NaN behind every edge.
    return Int32Array.from(values, (value) => (Number.isNaN(value) ? edges.length : edgesUpTo(value, edges)));
  };
  return { real: codes(real), synthetic: codes(synthetic), size: BIN_COUNT + 2 };
}

/** Eleven edges of ten equal bins; a constant column gets one unit around its value, an empty one 0 … 1 (NumPy). */
export function binEdges(values: Float64Array): Float64Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const step = (high - low) / BIN_COUNT;
  return Float64Array.from({ length: BIN_COUNT + 1 }, (_, i) => (i === BIN_COUNT ? high : low + i * step));
}

/** How many of the ascending edges are at or below the value. */
export function edgesUpTo(value: number, edges: Float64Array): number {
  let count = 0;
  while (count < edges.length && (edges[count] ?? 0) <= value) count++;
  return count;
}
