import { z } from 'zod';
import type { Random } from '../random/random';

/** Share of rows from which one value becomes a mass point, and how often it must occur at least. */
const massShare = 0.005;
const massCount = 3;
/** Quantile knots between mass points: one for every 1/500 of the rows. */
const knotShare = 1 / 500;

/**
 * A piecewise-linear map of a column's empirical distribution function to [0, 1].
 *
 * Node i says that value `x[i]` holds the interval from `low[i]` to `high[i]`; between two nodes the map is a
 * straight line. A knot has `low = high`. A mass point, a value that many rows share, has an interval as wide as
 * its share of rows: encoding spreads its rows over it, decoding gives the value back from anywhere in it. So the
 * encoded column is about uniform whatever the shape of the source, and spikes such as zeros can be hit exactly.
 */
export const numericMapSchema = z.object({
  x: z.array(z.number()).min(2),
  low: z.array(z.number()),
  high: z.array(z.number()),
});
export type NumericMap = z.infer<typeof numericMapSchema>;

/**
 * Learns the map of a column.
 *
 * @param values the values that are present (no NaN)
 * @throws RangeError with fewer than two distinct values: such a column is constant and needs no map
 */
export function fitNumericMap(values: Float64Array): NumericMap {
  const sorted = values.slice().sort();
  const starts = startsOfRuns(sorted);
  if (starts.length < 2) throw new RangeError('a numeric map needs at least two distinct values');
  const total = sorted.length;
  const threshold = Math.max(massCount, massShare * total);
  const start = (run: number) => starts[run] ?? total;
  const isMass = (run: number) => start(run + 1) - start(run) >= threshold;
  const map: NumericMap = { x: [], low: [], high: [] };
  let lastHigh = Number.NEGATIVE_INFINITY;
  for (let run = 0; run < starts.length; run++) {
    const middle = (start(run) + start(run + 1)) / 2 / total;
    // Plain values beside a mass point are knots, so that no straight line crosses its interval.
    const isEdge = run === 0 || run === starts.length - 1 || isMass(run - 1) || isMass(run + 1);
    if (!isMass(run) && !isEdge && middle - lastHigh < knotShare) continue;
    map.x.push(sorted[start(run)] ?? 0);
    map.low.push(isMass(run) ? start(run) / total : middle);
    lastHigh = isMass(run) ? start(run + 1) / total : middle;
    map.high.push(lastHigh);
  }
  return map;
}

/** Where each run of equal values begins in a sorted array. */
function startsOfRuns(sorted: Float64Array): number[] {
  const starts: number[] = [];
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) starts.push(i);
  return starts;
}

/** The interval of [0, 1] that stands for a value: a point, or a mass point's whole interval. */
export function intervalOf(map: NumericMap, value: number): { low: number; high: number } {
  const last = map.x.length - 1;
  if (value <= at(map.x, 0)) return { low: at(map.low, 0), high: at(map.high, 0) };
  if (value >= at(map.x, last)) return { low: at(map.low, last), high: at(map.high, last) };
  const i = lastAtOrBelow(map.x, value);
  if (at(map.x, i) === value) return { low: at(map.low, i), high: at(map.high, i) };
  const share = (value - at(map.x, i)) / (at(map.x, i + 1) - at(map.x, i));
  const point = at(map.high, i) + share * (at(map.low, i + 1) - at(map.high, i));
  return { low: point, high: point };
}

/** A value's place in [-1, 1]; rows of a mass point are spread over its interval by `random`. */
export function encodeNumber(map: NumericMap, value: number, random: Random): number {
  const { low, high } = intervalOf(map, value);
  return 2 * (low === high ? low : low + (high - low) * random.uniform()) - 1;
}

/** The value at a place in [-1, 1]; places outside give the smallest or largest value that was seen. */
export function decodeNumber(map: NumericMap, place: number): number {
  const point = (place + 1) / 2;
  const last = map.x.length - 1;
  if (point <= at(map.high, 0)) return at(map.x, 0);
  if (point >= at(map.low, last)) return at(map.x, last);
  const i = lastAtOrBelow(map.low, point);
  if (point <= at(map.high, i)) return at(map.x, i);
  const share = (point - at(map.high, i)) / (at(map.low, i + 1) - at(map.high, i));
  return at(map.x, i) + share * (at(map.x, i + 1) - at(map.x, i));
}

/** Index of the last element that is not above `value`, in a rising array whose first element is not above it. */
function lastAtOrBelow(rising: readonly number[], value: number): number {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(rising, middle) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function at(numbers: readonly number[], index: number): number {
  const value = numbers[index];
  if (value === undefined) throw new RangeError(`a numeric map has no node ${index}`);
  return value;
}
