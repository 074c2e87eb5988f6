import type { CategoryPair, ColumnPair, QuantityPair } from './table';

/** Least and greatest value that is there, undefined where there is none. */
export function extremes(values: Float64Array): { low: number; high: number } | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? undefined : { low, high };
}

/**
 * MissingValueSimilarity: 1 - |share missing in real - share missing in synthetic| (SDMetrics).
 *
 * @returns 0 to 1, undefined where a side has no rows
 */
export function missingValueSimilarity(pair: ColumnPair): number | undefined {
  if (pair.real.length === 0 || pair.synthetic.length === 0) return undefined;
  const [real, synthetic] =
    pair.kind === 'quantity'
      ? [share(pair.real, Number.isNaN), share(pair.synthetic, Number.isNaN)]
      : [share(pair.real, isAbsent), share(pair.synthetic, isAbsent)];
  return 1 - Math.abs(real - synthetic);
}

/**
 * RangeCoverage: 1 - (the part of the real range below the least + the part above the greatest synthetic value),
 * at least 0 (SDMetrics). Synthetic values outside of the real range cost nothing here: see `boundaryAdherence`.
 *
 * @returns 0 to 1, undefined where a side has no values or the real column is constant
 */
export function rangeCoverage({ real, synthetic }: QuantityPair): number | undefined {
  const r = extremes(real);
  const s = extremes(synthetic);
  if (!r || !s || r.low === r.high) return undefined;
  const range = r.high - r.low;
  const below = Math.max(0, (s.low - r.low) / range);
  const above = Math.max(0, (r.high - s.high) / range);
  return Math.max(0, 1 - below - above);
}

/**
 * CategoryCoverage: share of the real categories that the synthetic column has too (SDMetrics). Missing values are
 * no category here.
 *
 * @returns 0 to 1, undefined where the real column has no values
 */
export function categoryCoverage({ real, synthetic }: CategoryPair): number | undefined {
  const wanted = new Set(real.filter((code) => code >= 0));
  if (wanted.size === 0) return undefined;
  const found = new Set(synthetic);
  let covered = 0;
  for (const code of wanted) if (found.has(code)) covered++;
  return covered / wanted.size;
}

function share(cells: Iterable<number> & { length: number }, has: (cell: number) => boolean): number {
  let count = 0;
  for (const cell of cells) if (has(cell)) count++;
  return count / cells.length;
}

function isAbsent(code: number): boolean {
  return code < 0;
}
