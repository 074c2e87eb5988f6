/** What pairs of measurements say of a difference. */
export interface PairedDifference {
  mean: number;
  /** Of the mean. */
  standardError: number;
  /** 95 % interval of the mean by Student's t. */
  low: number;
  high: number;
}

/** 97.5 % points of Student's t for 1 to 10 degrees of freedom. */
const tPoints = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/**
 * The paired t interval of the mean of `a[i] - b[i]`.
 *
 * @throws RangeError unless there are 2 to 11 pairs
 */
export function pairedDifference(a: readonly number[], b: readonly number[]): PairedDifference {
  const t = tPoints[a.length - 2];
  if (t === undefined || a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} values are no pairs`);
  const differences = a.map((value, i) => value - (b[i] as number));
  const mean = differences.reduce((sum, value) => sum + value, 0) / a.length;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / (a.length - 1) / a.length);
  return { mean, standardError, low: mean - t * standardError, high: mean + t * standardError };
}
