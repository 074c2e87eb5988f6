/**
 * How alike two samples of one column are, from 0 (nothing in common) to 1 (the same distribution). Both measures look
 * at one column at a time: they say nothing about how columns go together, nor about privacy.
 */

/**
 * One minus the Kolmogorov-Smirnov statistic, the largest distance between the two empirical distribution functions
 * (Massey 1951, "The Kolmogorov-Smirnov Test for Goodness of Fit").
 *
 * @param a,b numbers without NaN, in any order
 * @returns undefined where one of them is empty: nothing can be compared
 */
export function ksComplement(a: Float64Array, b: Float64Array): number | undefined {
  if (a.length === 0 || b.length === 0) return undefined;
  const first = a.toSorted();
  const second = b.toSorted();
  let largest = 0;
  let i = 0;
  let j = 0;
  while (i < first.length && j < second.length) {
    const value = Math.min(first[i] ?? 0, second[j] ?? 0);
    // All values that are equal are passed at once: between them the functions have no value.
    while (i < first.length && first[i] === value) i++;
    while (j < second.length && second[j] === value) j++;
    largest = Math.max(largest, Math.abs(i / first.length - j / second.length));
  }
  return 1 - largest;
}

/**
 * One minus the total variation distance, half the sum of the differences between the shares of each value.
 *
 * @param a,b how often each value occurs; a missing value counts as one of the values
 * @returns undefined where one of them counts nothing
 */
export function tvComplement<Value>(a: ReadonlyMap<Value, number>, b: ReadonlyMap<Value, number>): number | undefined {
  const [totalA, totalB] = [sumOf(a), sumOf(b)];
  if (totalA === 0 || totalB === 0) return undefined;
  const values = new Set([...a.keys(), ...b.keys()]);
  let distance = 0;
  for (const value of values) distance += Math.abs((a.get(value) ?? 0) / totalA - (b.get(value) ?? 0) / totalB);
  return 1 - distance / 2;
}

function sumOf(counts: ReadonlyMap<unknown, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
