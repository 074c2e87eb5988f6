/**
 * Exponential moving average without the pull of its start: what it would weigh of the zero it starts from is divided
 * out (Kingma and Ba 2014, section 3). Values that are not finite stay as they are and leave the average alone.
 *
 * @param weight of what was before, 0 (the values themselves) to below 1
 */
export function debiasedEma(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values];
  let average = 0;
  let remaining = 1;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    average = weight * average + (1 - weight) * value;
    remaining *= weight;
    return average / (1 - remaining);
  });
}
