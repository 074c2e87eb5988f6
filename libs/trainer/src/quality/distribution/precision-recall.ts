import { Random } from '../../random/random';
import { sampleRows } from '../privacy/rows';
import { rowSpace, squaredDistance } from '../row-space';
import type { Points, RowSpace } from '../row-space';
import { QualityError } from '../table';
import type { QualityTable } from '../table';
import type { DistributionOptions } from './maximum-mean-discrepancy';

export interface PrecisionRecallOptions extends DistributionOptions {
  /** k of the nearest neighbours. Default 5. */
  neighbours?: number;
}

/** Each 0 to 1 but the density, which can exceed 1. */
export interface PrecisionRecall {
  /** Share of the synthetic rows inside the manifold of the real ones: how plausible they are. */
  precision: number;
  /** Share of the real rows inside the manifold of the synthetic ones: how much of them is reached. */
  recall: number;
  /** Real neighbourhoods that a synthetic row is in, by k: precision that outliers do not inflate. */
  density: number;
  /** Share of the real neighbourhoods with a synthetic row in them: recall that outliers do not inflate. */
  coverage: number;
  neighbours: number;
  realRows: number;
  syntheticRows: number;
}

/**
 * Precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020, eqs. 2 and 3) by balls
 * around each row that reach to its k-th neighbour of its own table. Distances are those of `rowSpace`; a ball
 * contains its surface, so that copies count where rows repeat (the authors' code leaves it out).
 *
 * @throws QualityError where a table has no more than k rows, or the tables do not have the same columns
 */
export function precisionRecall(
  real: QualityTable,
  synthetic: QualityTable,
  { maxRows = 1_000, seed = 0, neighbours = 5 }: PrecisionRecallOptions = {},
): PrecisionRecall {
  const space = rowSpace(
    sampleRows(synthetic, maxRows, Random.of(seed, 'precision', 'synthetic')),
    sampleRows(real, maxRows, Random.of(seed, 'precision', 'real')),
  );
  const { reference, rows } = space;
  const fewest = Math.min(reference.rowCount, rows.rowCount);
  if (fewest <= neighbours) {
    throw new QualityError(
      `A table has ${fewest} rows: ${neighbours} neighbours of a row take ${neighbours + 1}. Give more rows or ask for fewer neighbours.`,
    );
  }
  const realRadii = squaredRadii(space, reference, neighbours);
  const syntheticRadii = squaredRadii(space, rows, neighbours);
  const hits = countHits(space, realRadii, syntheticRadii);
  return {
    precision: shareOf(hits.realBallsOfSynthetic),
    recall: shareOf(hits.syntheticBallsOfReal),
    density: hits.realBallsOfSynthetic.reduce((sum, count) => sum + count, 0) / (neighbours * rows.rowCount),
    coverage: shareOf(hits.syntheticInRealBall),
    neighbours,
    realRows: reference.rowCount,
    syntheticRows: rows.rowCount,
  };
}

function shareOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0) / counts.length;
}

function countHits(space: RowSpace, realRadii: Float64Array, syntheticRadii: Float64Array) {
  const { reference, rows } = space;
  const realBallsOfSynthetic = new Uint32Array(rows.rowCount);
  const syntheticBallsOfReal = new Uint32Array(reference.rowCount);
  const syntheticInRealBall = new Uint32Array(reference.rowCount);
  for (let i = 0; i < reference.rowCount; i++) {
    for (let j = 0; j < rows.rowCount; j++) {
      const square = squaredDistance(space, [reference, i], [rows, j]);
      if (square <= (realRadii[i] ?? 0)) {
        realBallsOfSynthetic[j] = (realBallsOfSynthetic[j] ?? 0) + 1;
        syntheticInRealBall[i] = (syntheticInRealBall[i] ?? 0) + 1;
      }
      if (square <= (syntheticRadii[j] ?? 0)) syntheticBallsOfReal[i] = (syntheticBallsOfReal[i] ?? 0) + 1;
    }
  }
  return { realBallsOfSynthetic, syntheticBallsOfReal, syntheticInRealBall };
}

/** Squared distance of each row to its k-th neighbour among the others. */
function squaredRadii(space: RowSpace, points: Points, neighbours: number): Float64Array {
  const radii = new Float64Array(points.rowCount);
  const nearest = new Float64Array(neighbours);
  for (let i = 0; i < points.rowCount; i++) {
    nearest.fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < points.rowCount; j++) {
      if (j !== i) insert(nearest, squaredDistance(space, [points, i], [points, j]));
    }
    radii[i] = nearest[neighbours - 1] ?? 0;
  }
  return radii;
}

/** Keeps the least values, ascending. */
function insert(nearest: Float64Array, value: number): void {
  let at = nearest.length;
  while (at > 0 && value < (nearest[at - 1] ?? 0)) at--;
  if (at === nearest.length) return;
  nearest.copyWithin(at + 1, at, nearest.length - 1);
  nearest[at] = value;
}
