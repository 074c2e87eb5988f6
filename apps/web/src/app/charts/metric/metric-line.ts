/** One metric of one run as it is drawn. The arrays have one length; steps rise. */
export interface MetricLine {
  readonly label: string;
  /** A CSS colour, variables allowed. */
  readonly color: string;
  readonly step: readonly number[];
  readonly epoch: readonly number[];
  /** Milliseconds since 1970. */
  readonly time: readonly number[];
  /** The last value of each bucket, NaN and the infinities as measured. */
  readonly value: readonly number[];
  /** Extremes of the finite values of each bucket; of a single point the point itself. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** First position whose value is at least `wanted`, in rising values; their count where there is none. */
export function firstAtLeast(rising: readonly number[], wanted: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First and last step of all lines; null without a point. */
export function stepsOf(lines: readonly MetricLine[]): StepRange | null {
  const from = Math.min(...lines.map(({ step }) => step[0] ?? Infinity));
  const to = Math.max(...lines.map(({ step }) => step.at(-1) ?? -Infinity));
  return from <= to ? { from, to } : null;
}
