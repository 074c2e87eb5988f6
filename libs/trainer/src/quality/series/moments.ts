import { meanOf } from '../mean';

/**
 * Excess kurtosis m4 / m2² - 3 of the central moments by n (0 for a normal distribution); undefined where all values
 * are equal.
 */
export function excessKurtosis(values: Float64Array): number | undefined {
  const [variance, fourth] = [centralMoment(values, 2), centralMoment(values, 4)];
  return variance > 0 ? fourth / variance ** 2 - 3 : undefined;
}

/** Skewness m3 / m2^1.5 of the central moments by n; undefined where all values are equal. */
export function skewness(values: Float64Array): number | undefined {
  const variance = centralMoment(values, 2);
  return variance > 0 ? centralMoment(values, 3) / variance ** 1.5 : undefined;
}

function centralMoment(values: Float64Array, power: number): number {
  const mean = meanOf(values) ?? Number.NaN;
  let sum = 0;
  for (const value of values) sum += (value - mean) ** power;
  return sum / values.length;
}

/**
 * Hill's estimator of the tail index (Hill 1975): k / Σ log(x_i / x_k+1) over the k largest |values|. About 3 for
 * daily returns; the lower, the heavier the tails.
 *
 * @param share k as a share of the values. Default 0.05
 * @returns undefined where fewer than two values make up the tail or it has no spread
 */
export function hillIndex(values: Float64Array, share = 0.05): number | undefined {
  const sorted = values.map(Math.abs).sort().reverse();
  const tail = Math.floor(share * sorted.length);
  const threshold = sorted[tail] ?? 0;
  if (tail < 2 || threshold <= 0) return undefined;
  let sum = 0;
  for (let i = 0; i < tail; i++) sum += Math.log((sorted[i] ?? threshold) / threshold);
  return sum > 0 ? tail / sum : undefined;
}

/**
 * Earth mover distance of two samples in one dimension (Wasserstein 1): ∫ |F_a - F_b|, in the unit of the values (as
 * SciPy's `wasserstein_distance`).
 *
 * @returns undefined where a sample is empty
 */
export function earthMoverDistance(a: Float64Array, b: Float64Array): number | undefined {
  if (a.length === 0 || b.length === 0) return undefined;
  const [x, y] = [a.slice().sort(), b.slice().sort()];
  let [i, j, distance] = [0, 0, 0];
  let last = Math.min(x[0] ?? 0, y[0] ?? 0);
  while (i < x.length || j < y.length) {
    const next = Math.min(x[i] ?? Number.POSITIVE_INFINITY, y[j] ?? Number.POSITIVE_INFINITY);
    distance += Math.abs(i / x.length - j / y.length) * (next - last);
    while (i < x.length && x[i] === next) i++;
    while (j < y.length && y[j] === next) j++;
    last = next;
  }
  return distance;
}
