/** Sorted values, neighbours put together. */
export interface ValueGroups {
  /** Mean of each group, rising. */
  mean: Float64Array;
  /** Variance within each group (0 for equal values). */
  variance: Float64Array;
  /** Values in each group. */
  count: Float64Array;
}

const mostGroups = 4096;

/**
 * Puts equal values together and, where more than `limit` distinct ones are left, neighbours too. Count, mean and
 * variance of a group are kept, which is all that a normal distribution asks of its values.
 */
export function groupSorted(sorted: Float64Array, limit = mostGroups): ValueGroups {
  const size = Math.max(1, Math.ceil(sorted.length / limit));
  const distinct = countDistinct(sorted);
  const target = distinct <= limit ? 1 : size;
  const mean: number[] = [];
  const variance: number[] = [];
  const count: number[] = [];
  for (let from = 0; from < sorted.length; ) {
    let to = Math.min(sorted.length, from + target);
    // Equal values stay together.
    while (to < sorted.length && sorted[to] === sorted[to - 1]) to++;
    const moments = momentsOf(sorted.subarray(from, to));
    mean.push(moments.mean);
    variance.push(moments.variance);
    count.push(to - from);
    from = to;
  }
  return { mean: Float64Array.from(mean), variance: Float64Array.from(variance), count: Float64Array.from(count) };
}

export function countDistinct(sorted: Float64Array): number {
  let distinct = sorted.length > 0 ? 1 : 0;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  return distinct;
}

function momentsOf(values: Float64Array): { mean: number; variance: number } {
  const [first = 0] = values;
  if (values.at(-1) === first) return { mean: first, variance: 0 };
  let sum = 0;
  for (const value of values) sum += value - first;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - first - mean) ** 2;
  return { mean: first + mean, variance: squares / values.length };
}
