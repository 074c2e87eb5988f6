import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { decimalsOf } from '../decimals';
import type { SizeGrid } from './book-code';

/** The lot that all sizes of a column are multiples of. Sizes with more than 12 decimals have none. */
export function sizeGridOf(column: Pick<DatasetColumn, 'type' | 'decimals'>, sizes: Float64Array): SizeGrid {
  const positive = sizes.filter((size) => size > 0);
  const decimals = column.type === 'integer' ? 0 : (column.decimals ?? decimalsOf(positive));
  const smallest = positive.reduce((least, size) => Math.min(least, size), Number.POSITIVE_INFINITY);
  if (positive.length === 0) return { step: 1, smallest: 1 };
  if (decimals === null || decimals > 12) return { step: 0, smallest };
  const scale = 10 ** decimals;
  let step = 0;
  for (const size of positive) {
    step = greatestCommonDivisor(step, Math.round(size * scale));
    if (step === 1) break;
  }
  return { step: Math.max(1, step) / scale, smallest: Math.max(smallest, Math.max(1, step) / scale) };
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
