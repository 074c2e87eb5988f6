import type { SourceColumn } from '../../data/parquet';
import { Random } from '../../random/random';
import { extremes } from '../coverage';
import { isLearned } from '../table';
import type { QualityTable } from '../table';
import { scalesOf } from '../row-space';
import { distancesToClosest } from './closest-record';
import { medianOf, sampleRows } from './rows';
import type { SampleOptions } from './rows';

const JUDGED_ROWS = 2_000;

export interface OverfittingOptions extends SampleOptions {
  /**
   * What a distance of 1 is. `shared`: the ranges of training and holdout rows together, so that one outlier in one
   * of them does not shorten its distances. `own`: each side's own ranges, as in SDMetrics. Default `shared`.
   */
  scale?: 'shared' | 'own';
}

export interface OverfittingProtection {
  /** 0 (every row is closer to the training rows) to 1 (at most half of them are). */
  score: number;
  /** Shares of the judged rows; the three add up to 1. */
  closerToTraining: number;
  equallyClose: number;
  closerToHoldout: number;
  /** False where the holdout has less than half of the training rows: the uncorrected score is then too low. */
  isHoldoutLargeEnough: boolean;
  /** Share of the rows that is closer to a training row by chance, where the score was corrected for it. */
  expectedCloser?: number;
  judgedRows: number;
}

/**
 * DCROverfittingProtection (SDMetrics): min(2 (1 - share of synthetic rows strictly closer to a training row than to
 * any holdout row), 1). A model that learned the distribution and not the rows is as close to either.
 *
 * @param options at most 2,000 rows are judged by default
 * @throws QualityError where the tables do not have the same columns
 */
export function overfittingProtection(
  synthetic: QualityTable,
  { training, holdout }: { training: QualityTable; holdout: QualityTable },
  { maxRows = JUDGED_ROWS, seed = 0, scale = 'shared' }: OverfittingOptions = {},
): OverfittingProtection {
  const judged = sampleRows(synthetic, maxRows, Random.of(seed, 'overfitting protection'));
  const shared = scalesOf(training, holdout);
  const toTraining = distancesToClosest(judged, training, scale === 'shared' ? shared : scalesOf(training));
  const toHoldout = distancesToClosest(judged, holdout, scale === 'shared' ? shared : scalesOf(holdout));
  return protectionOf(toTraining, toHoldout, holdout.rowCount >= training.rowCount / 2);
}

/** The protection by distances that are measured already. @param toTraining,toHoldout of the same rows */
export function protectionOf(
  toTraining: Float64Array,
  toHoldout: Float64Array,
  isHoldoutLargeEnough: boolean,
): OverfittingProtection {
  const judgedRows = toTraining.length;
  let nearTraining = 0;
  let nearHoldout = 0;
  for (let row = 0; row < judgedRows; row++) {
    const difference = (toTraining[row] ?? 0) - (toHoldout[row] ?? 0);
    if (difference < 0) nearTraining++;
    if (difference > 0) nearHoldout++;
  }
  const closerToTraining = nearTraining / judgedRows;
  return {
    score: Math.min(2 * (1 - closerToTraining), 1),
    closerToTraining,
    equallyClose: (judgedRows - nearTraining - nearHoldout) / judgedRows,
    closerToHoldout: nearHoldout / judgedRows,
    isHoldoutLargeEnough,
    judgedRows,
  };
}

/**
 * The protection where the holdout is small. A row that owes nothing to the training rows is closest to one of the n
 * training rows with probability n / (n + m) beside m holdout rows, as all are draws from one distribution; so the score
 * is min((1 - share closer to training) / (m / (n + m)), 1). With as many holdout as training rows it is SDMetrics' own.
 */
export function correctedForSize(
  protection: OverfittingProtection,
  rows: { training: number; holdout: number },
): OverfittingProtection {
  const expectedCloser = rows.training / (rows.training + rows.holdout);
  return {
    ...protection,
    expectedCloser,
    score: Math.min((1 - protection.closerToTraining) / (1 - expectedCloser), 1),
  };
}

export interface BaselineProtection {
  /** 0 (copies) to 1 (as far from the real rows as random ones); undefined where random rows are copies too. */
  score: number | undefined;
  /** Median distances to the closest real row. */
  syntheticMedian: number;
  randomMedian: number;
  judgedRows: number;
}

/**
 * DCRBaselineProtection (SDMetrics): min(median distance of the synthetic rows / median distance of uniformly random
 * rows, 1), each to the closest real row. High for nonsense as well: read it beside the quality.
 *
 * @param options at most 2,000 rows are judged by default
 * @throws QualityError where the tables do not have the same columns
 */
export function baselineProtection(
  synthetic: QualityTable,
  real: QualityTable,
  { maxRows = JUDGED_ROWS, seed = 0 }: SampleOptions = {},
): BaselineProtection {
  const judged = sampleRows(synthetic, maxRows, Random.of(seed, 'baseline protection'));
  const scales = scalesOf(real);
  const syntheticMedian = medianOf(distancesToClosest(judged, real, scales));
  const randomMedian = medianOf(distancesToClosest(randomRows(real, judged.rowCount, seed), real, scales));
  const score = randomMedian === 0 ? undefined : Math.min(syntheticMedian / randomMedian, 1);
  return { score, syntheticMedian, randomMedian, judgedRows: judged.rowCount };
}

/**
 * Rows that know only the domain of each learned column: quantities uniform between the real extremes, every real
 * category equally often, a missing one among them where the real column has any. Other columns are left out.
 */
export function randomRows(real: QualityTable, rowCount: number, seed: number): QualityTable {
  const columns = real.columns.filter(isLearned).map((column) => {
    return { ...column, data: randomCells(column.data, rowCount, Random.of(seed, 'random rows', column.name)) };
  });
  return { rowCount, columns };
}

function randomCells(data: SourceColumn, length: number, random: Random): SourceColumn {
  if (data.kind === 'quantity') {
    const { low, high } = extremes(data.values) ?? { low: Number.NaN, high: Number.NaN };
    return { kind: 'quantity', values: Float64Array.from({ length }, () => low + (high - low) * random.uniform()) };
  }
  const seen = [...new Set(data.codes)].sort((a, b) => a - b);
  return { ...data, codes: Int32Array.from({ length }, () => seen[random.integer(seen.length)] ?? -1) };
}
