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
