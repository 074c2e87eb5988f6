import { meanOf } from '../mean';
import { areaUnderCurve } from './area-under-curve';

/** Scores of a prediction of classes; undefined where the test rows have no such class. */
export interface ClassScores {
  /** Share of the rows whose class is met. */
  accuracy: number | undefined;
  /** Mean over the classes of the test rows of 2 TP / (2 TP + FP + FN). */
  macroF1: number | undefined;
  /** F1 of the rarest class. */
  minorityF1: number | undefined;
  /** Area under the ROC curve of the rarest class of two; of more classes the mean of each against the rest. */
  auc: number | undefined;
}

export interface ClassPrediction {
  /** [rows] true class, 0 … `classes` - 1. */
  labels: Int32Array;
  /** Of each class a number for each row that rises with the belief in it, on one scale. */
  ranks: readonly Float64Array[];
  minority: number;
}

/** Scores of a prediction; the class with the highest rank is predicted, the first one of equal ones. */
export function classScores({ labels, ranks, minority }: ClassPrediction): ClassScores {
  const predicted = labels.map((_, row) => highest(ranks, row));
  const f1 = ranks.map((_, label) => f1Of(labels, predicted, label));
  const aucs = ranks.map((rank, label) =>
    areaUnderCurve(
      Uint8Array.from(labels, (each) => (each === label ? 1 : 0)),
      rank,
    ),
  );
  return {
    accuracy: meanOf(Array.from(labels, (label, row) => (label === predicted[row] ? 1 : 0))),
    macroF1: meanOf(f1),
    minorityF1: f1[minority],
    auc: ranks.length === 2 ? aucs[minority] : meanOf(aucs),
  };
}

function highest(ranks: readonly Float64Array[], row: number): number {
  let best = 0;
  for (let label = 1; label < ranks.length; label++) {
    if ((ranks[label]?.[row] ?? 0) > (ranks[best]?.[row] ?? 0)) best = label;
  }
  return best;
}

/** Undefined where no row is of the class. */
function f1Of(labels: Int32Array, predicted: Int32Array, label: number): number | undefined {
  let met = 0;
  let actual = 0;
  let claimed = 0;
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === label) actual++;
    if (predicted[row] === label) claimed++;
    if (labels[row] === label && predicted[row] === label) met++;
  }
  return actual === 0 ? undefined : (2 * met) / (actual + claimed);
}

/** R²: 1 - Σ (y - ŷ)² / Σ (y - ȳ)², negative where the mean would do better; undefined for a constant target. */
export function rSquared(targets: Float64Array, predicted: Float64Array): number | undefined {
  const mean = meanOf(targets) ?? 0;
  let residual = 0;
  let total = 0;
  for (let row = 0; row < targets.length; row++) {
    residual += ((targets[row] ?? 0) - (predicted[row] ?? 0)) ** 2;
    total += ((targets[row] ?? 0) - mean) ** 2;
  }
  return total === 0 ? undefined : 1 - residual / total;
}
