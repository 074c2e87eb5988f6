import { Random } from '../../random/random';
import { scalesOf } from '../row-space';
import type { QualityTable } from '../table';
import { distanceRatios, distancesToClosest, distancesToClosestTwo } from './closest-record';
import type { ClosestTwo } from './closest-record';
import { exactCopies, newRowSynthesis } from './copies';
import type { ExactCopies, NewRowSynthesis } from './copies';
import { correctedForSize, protectionOf, randomRows } from './protection';
import type { BaselineProtection, OverfittingProtection } from './protection';
import { medianOf, quantileOf, sampleRows } from './rows';

export interface PrivacyTables {
  synthetic: QualityTable;
  training: QualityTable;
  /** Real rows of the same data that the model never saw: what the synthetic rows' distances are held against. */
  holdout?: QualityTable | undefined;
}

export interface PrivacyOptions {
  /** Synthetic rows, and holdout rows beside them, whose distances are measured. Default 1,000. */
  maxRows?: number;
  /** A DCR up to this is a near copy. Default 0.01: a hundredth of every column's range, or a category in a hundred. */
  nearCopy?: number;
  /** Seed of the draws. Default 0. */
  seed?: number;
}

/** Of a set of distances or ratios. */
export interface DistanceSummary {
  median: number;
  fifthPercentile: number;
}

/** Of the synthetic rows to the training and to the holdout rows, and (reference) of the holdout to the training rows. */
export interface ClosestSummaries {
  training: DistanceSummary;
  holdout: DistanceSummary | undefined;
  reference: DistanceSummary | undefined;
}

export interface PrivacyReport {
  judgedRows: number;
  /** Distance to the closest record, 0 (a copy) to 1. */
  dcr: ClosestSummaries;
  /** Distance to the closest record by that to the second closest, 0 to 1. */
  nndr: ClosestSummaries;
  /** Corrected for the sizes of training and holdout; undefined without a holdout. */
  overfitting: OverfittingProtection | undefined;
  baseline: BaselineProtection;
  /** All rows are looked at. */
  copies: ExactCopies & {
    /** Share of the synthetic rows that equal a holdout row. */
    copiedFromHoldout: number | undefined;
    /** Share of the holdout rows that equal a training row: how often rows repeat by themselves. */
    holdoutCopies: number | undefined;
  };
  /** Shares of the judged synthetic rows, and of the holdout rows, with a near copy among the training rows. */
  nearCopies: { threshold: number; share: number; reference: number | undefined };
  newRows: NewRowSynthesis;
}

/**
 * All that is measured of how close synthetic rows are to the rows that a model was trained on, from one pass of
 * distances. DCR and the protections are those of SDMetrics on shared scales; NNDR as in Zhao et al. 2021 (CTAB-GAN),
 * section 5. Distances are measured for `maxRows` rows only, copies are looked for among all.
 *
 * @throws QualityError where the tables do not have the same columns
 */
export function privacyReport(
  { synthetic, training, holdout }: PrivacyTables,
  { maxRows = 1_000, nearCopy = 0.01, seed = 0 }: PrivacyOptions = {},
): PrivacyReport {
  const judged = sampleRows(synthetic, maxRows, Random.of(seed, 'privacy', 'synthetic'));
  const scales = holdout ? scalesOf(training, holdout) : scalesOf(training);
  const toTraining = distancesToClosestTwo(judged, training, scales);
  const toHoldout = holdout && distancesToClosestTwo(judged, holdout, scales);
  const fresh = holdout && sampleRows(holdout, maxRows, Random.of(seed, 'privacy', 'holdout'));
  const reference = fresh && distancesToClosestTwo(fresh, training, scales);
  const summaries = (read: (closest: ClosestTwo) => Float64Array): ClosestSummaries => ({
    training: summaryOf(read(toTraining)),
    holdout: toHoldout && summaryOf(read(toHoldout)),
    reference: reference && summaryOf(read(reference)),
  });
  return {
    judgedRows: judged.rowCount,
    dcr: summaries(({ first }) => first),
    nndr: summaries(distanceRatios),
    overfitting:
      holdout &&
      toHoldout &&
      correctedForSize(protectionOf(toTraining.first, toHoldout.first, holdout.rowCount >= training.rowCount / 2), {
        training: training.rowCount,
        holdout: holdout.rowCount,
      }),
    baseline: baselineOf(
      toTraining.first,
      distancesToClosest(randomRows(training, judged.rowCount, seed), training, scales),
    ),
    copies: {
      ...exactCopies(synthetic, training),
      copiedFromHoldout: holdout && exactCopies(synthetic, holdout).copied,
      holdoutCopies: holdout && exactCopies(holdout, training).copied,
    },
    nearCopies: {
      threshold: nearCopy,
      share: shareUpTo(toTraining.first, nearCopy),
      reference: reference && shareUpTo(reference.first, nearCopy),
    },
    newRows: newRowSynthesis(synthetic, training, { maxRows, seed }),
  };
}

function summaryOf(values: Float64Array): DistanceSummary {
  return { median: medianOf(values), fifthPercentile: quantileOf(values, 0.05) };
}

function baselineOf(synthetic: Float64Array, random: Float64Array): BaselineProtection {
  const [syntheticMedian, randomMedian] = [medianOf(synthetic), medianOf(random)];
  const score = randomMedian === 0 ? undefined : Math.min(syntheticMedian / randomMedian, 1);
  return { score, syntheticMedian, randomMedian, judgedRows: synthetic.length };
}

function shareUpTo(distances: Float64Array, threshold: number): number {
  return distances.reduce((count, distance) => count + (distance <= threshold ? 1 : 0), 0) / distances.length;
}
