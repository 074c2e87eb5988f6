import { rowSpace, scalesOf } from '../row-space';
import type { RowSpace, Scales } from '../row-space';
import type { QualityTable } from '../table';

export { scalesOf };
export type { Scales };

/** Distances of each row to the closest and to the second closest row of a reference. */
export interface ClosestTwo {
  /** [rows] 0 (a copy) to 1. */
  first: Float64Array;
  /** [rows] infinite where the reference has a single row. */
  second: Float64Array;
}

/**
 * Distance to the closest record (DCR, SDMetrics `calculate_dcr`): for every row the least distance to a row of the
 * reference. The distance of two rows is the mean over the columns of min(|Δ| / range, 1) for quantities and of 0 or
 * 1 for categories and for quantities without a range; a missing value is 0 from another and 1 from any value.
 *
 * Takes time in proportion to rows x reference rows.
 *
 * @param scales default the ranges of the reference
 * @returns [rows] distances of 0 (a copy) to 1
 * @throws QualityError where the tables do not have the same columns or have none that is learned
 */
export function distancesToClosest(
  rows: QualityTable,
  reference: QualityTable,
  scales: Scales = scalesOf(reference),
): Float64Array {
  return nearest(rowSpace(rows, reference, scales), 1).first;
}

/**
 * Distances to the closest and the second closest record, as {@link distancesToClosest} measures them.
 *
 * @throws QualityError where the tables do not have the same columns or have none that is learned
 */
export function distancesToClosestTwo(
  rows: QualityTable,
  reference: QualityTable,
  scales: Scales = scalesOf(reference),
): ClosestTwo {
  return nearest(rowSpace(rows, reference, scales), 2);
}

/**
 * Nearest neighbour distance ratio (NNDR): the distance to the closest record by that to the second closest. Near 0
 * the row stands beside one record alone, such as a copied outlier; in a dense region it is near 1. Where both are 0
 * it is 1.
 *
 * @returns [rows] 0 to 1
 */
export function distanceRatios({ first, second }: ClosestTwo): Float64Array {
  return first.map((closest, row) => {
    const next = second[row] ?? 0;
    return next === 0 ? 1 : closest / next;
  });
}

function nearest(space: RowSpace, neighbours: 1 | 2): ClosestTwo {
  const count = space.rows.rowCount;
  const found: ClosestTwo = { first: new Float64Array(count), second: new Float64Array(count) };
  const best = { first: 0, second: 0 };
  for (let row = 0; row < count; row++) {
    search(space, row, { neighbours, best });
    found.first[row] = best.first / space.width;
    found.second[row] = best.second / space.width;
  }
  return found;
}

/**
 * Finds the least sums of a row's distances to the reference. One flat loop without calls: it runs rows x reference
 * rows times. A candidate is given up as soon as it cannot be among the wanted ones.
 */
function search(
  { places, codes, reference, rows }: RowSpace,
  row: number,
  { neighbours, best }: { neighbours: 1 | 2; best: { first: number; second: number } },
): void {
  const rowPlaces = rows.places.subarray(row * places, (row + 1) * places);
  const rowCodes = rows.codes.subarray(row * codes, (row + 1) * codes);
  const referencePlaces = reference.places;
  const referenceCodes = reference.codes;
  let first = Number.POSITIVE_INFINITY;
  let second = Number.POSITIVE_INFINITY;
  let limit = Number.POSITIVE_INFINITY;
  // Whole columns that may differ at most: codes are counted in integers.
  let mostMisses = codes;
  let code = 0;
  for (let candidate = 0; candidate < reference.rowCount && limit > 0; candidate++, code += codes) {
    let misses = 0;
    for (let c = 0; c < codes; c++) {
      if (rowCodes[c] !== referenceCodes[code + c] && ++misses > mostMisses) break;
    }
    if (misses > mostMisses) continue;
    let sum = misses;
    const place = candidate * places;
    for (let c = 0; c < places && sum < limit; c++) {
      const a = rowPlaces[c] ?? 0;
      const b = referencePlaces[place + c] ?? 0;
      const gap = Math.abs(a - b);
      if (gap <= 1) sum += gap;
      else if (gap > 1 || !(Number.isNaN(a) && Number.isNaN(b))) sum++;
    }
    if (sum >= limit) continue;
    if (sum < first) {
      second = first;
      first = sum;
    } else second = sum;
    limit = neighbours === 1 ? first : second;
    if (limit <= codes) mostMisses = Math.ceil(limit) - 1;
  }
  best.first = first;
  best.second = second;
}
