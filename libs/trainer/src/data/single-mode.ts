/** How far the distribution of the values may be from a normal or a uniform one: a part that does not shrink, and one that does. */
const distance = 0.03;
const distancePerRoot = 1;

/**
 * Whether values look like one normal or one uniform distribution: then a mixture would cut them into modes that they
 * do not have. Judged by the Kolmogorov-Smirnov distance, which also lets small tables have few modes.
 */
export function isSingleMode(values: Float64Array): boolean {
  const sorted = values.slice().sort();
  const [low = 0] = sorted;
  const high = sorted.at(-1) ?? 0;
  let sum = 0;
  for (const value of sorted) sum += value;
  const mean = sum / sorted.length;
  let squares = 0;
  for (const value of sorted) squares += (value - mean) ** 2;
  const std = Math.sqrt(squares / sorted.length);
  if (!(std > 0)) return true;
  const limit = distance + distancePerRoot / Math.sqrt(sorted.length);
  return (
    isWithin(sorted, (value) => (value - low) / (high - low), limit) ||
    isWithin(sorted, (value) => normalDistribution((value - mean) / std), limit)
  );
}

function isWithin(sorted: Float64Array, distribution: (value: number) => number, limit: number): boolean {
  const size = sorted.length;
  for (let i = 0; i < size; i++) {
    const share = distribution(sorted[i] ?? 0);
    if (share - i / size > limit || (i + 1) / size - share > limit) return false;
  }
  return true;
}

/** Φ(z) to 8e-8 (Abramowitz and Stegun 1964, 26.2.17). */
export function normalDistribution(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z > 0 ? 1 - tail : tail;
}
