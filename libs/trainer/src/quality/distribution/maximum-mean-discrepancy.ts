import { Random } from '../../random/random';
import { medianOf, sampleRows } from '../privacy/rows';
import { rowSpace, squaredDistance } from '../row-space';
import type { Points, RowSpace } from '../row-space';
import type { QualityTable } from '../table';

export interface DistributionOptions {
  /** Rows of each table at most, drawn without replacement; the time grows with their square. Default 1,000. */
  maxRows?: number;
  /** Seed of that draw. Default 0. */
  seed?: number;
}

export interface MaximumMeanDiscrepancy {
  /**
   * Unbiased MMD²: about 0 for equal distributions and then as often below as above it, at most 2. Undefined where a
   * table has fewer than two rows, or all real rows are equal.
   */
  squared: number | undefined;
  /** σ of the kernel: the median distance of two real rows (of those that differ, if that is 0). */
  bandwidth: number | undefined;
  realRows: number;
  syntheticRows: number;
}

/**
 * Maximum mean discrepancy (Gretton et al. 2012, eq. 3, the unbiased estimator) with the kernel
 * exp(-d² / 2σ²), σ by the median heuristic on the real rows. d² is the sum over the columns of the squared distances
 * of the encoding of `rowSpace`.
 *
 * Not to be compared with libraries that use the biased estimator or a fixed bandwidth.
 *
 * @throws QualityError where the tables do not have the same columns or have none that is learned
 */
export function maximumMeanDiscrepancy(
  real: QualityTable,
  synthetic: QualityTable,
  { maxRows = 1_000, seed = 0 }: DistributionOptions = {},
): MaximumMeanDiscrepancy {
  const space = rowSpace(
    sampleRows(synthetic, maxRows, Random.of(seed, 'discrepancy', 'synthetic')),
    sampleRows(real, maxRows, Random.of(seed, 'discrepancy', 'real')),
  );
  const { reference, rows } = space;
  const withinReal = distancesWithin(space, reference);
  const bandwidth = bandwidthOf(withinReal);
  const sizes = { realRows: reference.rowCount, syntheticRows: rows.rowCount };
  if (bandwidth === undefined || rows.rowCount < 2) return { squared: undefined, bandwidth, ...sizes };
  const kernel = (squares: Float64Array): number => {
    let sum = 0;
    for (const square of squares) sum += Math.exp(-square / (2 * bandwidth * bandwidth));
    return sum / squares.length;
  };
  const squared = kernel(withinReal) + kernel(distancesWithin(space, rows)) - 2 * kernel(distancesBetween(space));
  return { squared, bandwidth, ...sizes };
}

/** Squared distances of all pairs of different rows. */
function distancesWithin(space: RowSpace, points: Points): Float64Array {
  const squares = new Float64Array((points.rowCount * (points.rowCount - 1)) / 2);
  let at = 0;
  for (let i = 0; i < points.rowCount; i++) {
    for (let j = i + 1; j < points.rowCount; j++) squares[at++] = squaredDistance(space, [points, i], [points, j]);
  }
  return squares;
}

function distancesBetween(space: RowSpace): Float64Array {
  const { reference, rows } = space;
  const squares = new Float64Array(reference.rowCount * rows.rowCount);
  let at = 0;
  for (let i = 0; i < reference.rowCount; i++) {
    for (let j = 0; j < rows.rowCount; j++) squares[at++] = squaredDistance(space, [reference, i], [rows, j]);
  }
  return squares;
}

function bandwidthOf(squares: Float64Array): number | undefined {
  const median = medianOf(squares.map(Math.sqrt));
  if (median > 0) return median;
  const positive = squares.filter((square) => square > 0);
  return positive.length === 0 ? undefined : medianOf(positive.map(Math.sqrt));
}
