import { extremes } from '../coverage';
import { QualityError, isLearned, pairColumns } from '../table';
import type { ColumnPair, QualityTable } from '../table';

/** Least value and range of a quantity, by column name: what a distance of 1 is. */
export type Scales = ReadonlyMap<string, { low: number; range: number }>;

/** The scales of a table's quantities; of several tables, those of all their rows together. */
export function scalesOf(...tables: readonly QualityTable[]): Scales {
  const scales = new Map<string, { low: number; range: number }>();
  for (const column of tables.flatMap(({ columns }) => columns)) {
    const found = isLearned(column) && column.data.kind === 'quantity' ? extremes(column.data.values) : undefined;
    if (!found) continue;
    const known = scales.get(column.name);
    const low = Math.min(found.low, known?.low ?? found.low);
    const high = Math.max(found.high, known ? known.low + known.range : found.high);
    scales.set(column.name, { low, range: high - low });
  }
  return scales;
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
  const pairs = pairColumns(reference, rows);
  if (pairs.length === 0) {
    throw new QualityError('The tables have no numeric, categorical or datetime column to measure a distance in.');
  }
  const columns = pairs.map((pair) => placesOf(pair, scales));
  const metric = { width: columns.length, isMismatch: columns.map(({ isMismatch }) => isMismatch) };
  const candidates = packed(columns.map(({ real }) => real));
  const queries = packed(columns.map(({ synthetic }) => synthetic));
  return Float64Array.from({ length: rows.rowCount }, (_, row) => {
    const query = queries.subarray(row * metric.width, (row + 1) * metric.width);
    return leastSum(query, candidates, metric.isMismatch) / metric.width;
  });
}

interface Places {
  /** Two places are 0 or 1 apart instead of their difference. */
  isMismatch: boolean;
  real: Float64Array;
  synthetic: Float64Array;
}

/** A missing value is NaN on a scale and infinite among values that match or do not. */
function placesOf(pair: ColumnPair, scales: Scales): Places {
  if (pair.kind === 'category') {
    return { isMismatch: true, real: Float64Array.from(pair.real), synthetic: Float64Array.from(pair.synthetic) };
  }
  const { low, range } = scales.get(pair.name) ?? { low: 0, range: 0 };
  const place =
    range > 0
      ? (value: number) => (value - low) / range
      : (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);
  return { isMismatch: range <= 0, real: pair.real.map(place), synthetic: pair.synthetic.map(place) };
}

/** Row after row, so that comparing two rows reads neighbouring memory. */
function packed(columns: readonly Float64Array[]): Float64Array {
  const width = columns.length;
  const rows = columns[0]?.length ?? 0;
  const cells = new Float64Array(rows * width);
  columns.forEach((column, c) => {
    for (let row = 0; row < rows; row++) cells[row * width + c] = column[row] ?? Number.NaN;
  });
  return cells;
}

function leastSum(query: Float64Array, candidates: Float64Array, isMismatch: readonly boolean[]): number {
  const width = query.length;
  let least = Number.POSITIVE_INFINITY;
  for (let start = 0; start < candidates.length && least > 0; start += width) {
    let sum = 0;
    // A candidate is given up as soon as it cannot be the closest.
    for (let c = 0; c < width && sum < least; c++) {
      const a = query[c] ?? 0;
      const b = candidates[start + c] ?? 0;
      if (isMismatch[c]) {
        if (a !== b) sum++;
        continue;
      }
      const gap = Math.abs(a - b);
      if (gap <= 1) sum += gap;
      else if (gap > 1 || !(Number.isNaN(a) && Number.isNaN(b))) sum++;
    }
    if (sum < least) least = sum;
  }
  return least;
}
