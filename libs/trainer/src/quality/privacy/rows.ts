import type { Random } from '../../random/random';
import { takeRows } from '../table';
import type { QualityTable } from '../table';

export interface SampleOptions {
  /** So many synthetic rows are judged at most, drawn without replacement. */
  maxRows?: number;
  /** Seed of that draw. Default 0. */
  seed?: number;
}

/** All rows, or `maxRows` of them in random order. */
export function sampleRows(table: QualityTable, maxRows: number, random: Random): QualityTable {
  if (table.rowCount <= maxRows) return table;
  return takeRows(table, random.permutation(table.rowCount).subarray(0, maxRows));
}

/** The middle of the values, the mean of the two middle ones of an even number. NaN without values. */
export function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The value below which a share of the values lies, between neighbours in proportion (NumPy `linear`). NaN without values. */
export function quantileOf(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? below) - below);
}
