import type { ContinuousTransform } from './continuous-transform';

/** Skewness from which a tail is long, and by what factor the logarithm must shorten it to be worth it. */
const longTail = 3;
const improvement = 2;
/** The smallest value stands at this share of the median above it, where values reach down to 0 or below. */
const shiftShare = 0.01;

/** Whether a column is learned as the logarithm of its values (Zhao et al. 2022, long tails). */
export function usesLogarithm(values: Float64Array): ContinuousTransform['scale'] {
  const linear = { kind: 'linear' } as const;
  if (skewnessOf(values) < longTail) return linear;
  const sorted = values.slice().sort();
  const smallest = sorted[0] ?? 0;
  const median = sorted[sorted.length >> 1] ?? 0;
  const shift = smallest > 0 ? 0 : Math.max(Number.MIN_VALUE, shiftShare * (median - smallest)) - smallest;
  if (!(smallest + shift > 0)) return linear;
  const tail = Math.abs(skewnessOf(values.map((value) => Math.log(value + shift))));
  return tail * improvement < skewnessOf(values) ? { kind: 'log', shift } : linear;
}

/** Third standardised moment; 0 for a constant. */
function skewnessOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    const distance = value - mean;
    squares += distance * distance;
    cubes += distance ** 3;
  }
  const variance = squares / values.length;
  return variance > 0 ? cubes / values.length / variance ** 1.5 : 0;
}
