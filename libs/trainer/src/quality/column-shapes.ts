import type { CategoryPair } from './table';

/**
 * KSComplement: 1 - sup |F_real - F_synthetic| of the two empirical distribution functions (Kolmogorov 1933,
 * Smirnov 1948; SDMetrics `KSComplement`). Missing values are left out and values compared at 14 decimals.
 *
 * @returns 0 (no overlap) to 1 (equal distributions), undefined where a side has no values
 */
export function ksComplement(real: Float64Array, synthetic: Float64Array): number | undefined {
  const a = sortedValues(real);
  const b = sortedValues(synthetic);
  if (a.length === 0 || b.length === 0) return undefined;
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return 1 - largest;
}

/**
 * TVComplement: 1 - ½ Σ |p_real - p_synthetic| over all categories, the complement of the total variation distance
 * (SDMetrics `TVComplement`, without the 1e-6 that it adds to unseen categories). Missing values are left out.
 *
 * @returns 0 (no category in common) to 1 (equal shares), undefined where a side has no values
 */
export function tvComplement({ real, synthetic, size }: CategoryPair): number | undefined {
  const p = shares(real, size);
  const q = shares(synthetic, size);
  if (!p || !q) return undefined;
  let distance = 0;
  for (let code = 0; code < size; code++) distance += Math.abs((p[code] ?? 0) - (q[code] ?? 0));
  return 1 - distance / 2;
}

/** The values that are there, ascending, at 14 decimals. */
function sortedValues(values: Float64Array): Float64Array {
  const present = values.filter((value) => !Number.isNaN(value));
  // From 64 on neighbouring doubles are more than 1e-14 apart: there is nothing to round.
  return present.map((value) => (Math.abs(value) < 64 ? Math.round(value * 1e14) / 1e14 : value)).sort();
}

function shares(codes: Int32Array, size: number): Float64Array | undefined {
  const counts = new Float64Array(size);
  let total = 0;
  for (const code of codes) {
    if (code < 0) continue;
    counts[code] = (counts[code] ?? 0) + 1;
    total++;
  }
  return total === 0 ? undefined : counts.map((count) => count / total);
}
