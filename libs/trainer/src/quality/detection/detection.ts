import { Random } from '../../random/random';
import { medianOf, sampleRows } from '../privacy/rows';
import { pairColumns } from '../table';
import type { ColumnPair, QualityTable } from '../table';
import { areaUnderCurve } from '../utility/area-under-curve';
import type { Classifier } from '../utility/classifier';
import type { Feature, Features } from '../utility/features';
import { trainBoostedClassifier } from '../utility/gradient-boosting';
import { trainLogisticRegression } from '../utility/logistic-regression';

export const detectorNames = ['logistic', 'boosted'] as const;
export type DetectorName = (typeof detectorNames)[number];

/** Iterations of the logistic regression at most. */
const LOGISTIC_ITERATIONS = 100;

const train: Record<DetectorName, (features: Features, labels: Uint8Array) => Classifier> = {
  logistic: (features, labels) => trainLogisticRegression(features, labels, LOGISTIC_ITERATIONS),
  boosted: (features, labels) => trainBoostedClassifier(features, labels),
};

export interface DetectionOptions {
  detector?: DetectorName;
  /** Rows of each table at most, and as many of both. Default 5,000. */
  maxRows?: number;
  /** Default 3. */
  folds?: number;
  /** Seed of the sample and of the folds. Default 0. */
  seed?: number;
}

export interface Detection {
  detector: DetectorName;
  /** Mean over the folds of the area under the ROC curve: 0.5 cannot tell synthetic rows from real ones, 1 always can. */
  auc: number;
  /** 1 - mean over the folds of (2 max(AUC, 0.5) - 1): 1 where nothing gives them away (SDMetrics `LogisticDetection`). */
  score: number;
  foldAucs: number[];
  /** Of each table. */
  rows: number;
}

/**
 * How well a classifier tells synthetic rows from real ones that it was not trained on, in stratified folds. The
 * logistic detector (C = 1) sees each column for itself; the boosted one (60 trees of depth 4) sees interactions.
 *
 * Quantities are centred at the median and scaled by the interquartile range of both tables (by the standard
 * deviation where that is 0, as scikit-learn's scaler does not); a missing one takes the mean and is told apart by
 * a column of its own. A missing category is a category.
 *
 * @throws QualityError where the tables do not have the same columns
 * @throws RangeError with fewer than two folds or fewer rows of a table than folds
 */
export function detection(
  real: QualityTable,
  synthetic: QualityTable,
  { detector = 'logistic', maxRows = 5_000, folds = 3, seed = 0 }: DetectionOptions = {},
): Detection {
  const rows = Math.min(real.rowCount, synthetic.rowCount, maxRows);
  if (folds < 2 || (rows > 0 && rows < folds)) {
    throw new RangeError(
      `${folds} folds take as many rows of each table, and at least two folds; there are ${rows} rows`,
    );
  }
  const pairs = pairColumns(
    sampleRows(real, rows, Random.of(seed, 'detection', 'real')),
    sampleRows(synthetic, rows, Random.of(seed, 'detection', 'synthetic')),
  );
  const columns = pairs.flatMap(featuresOf);
  const labels = Uint8Array.from({ length: 2 * rows }, (_, row) => (row < rows ? 0 : 1));
  const foldOf = foldsOf(rows, folds, seed);
  const foldAucs = Array.from({ length: folds }, (_, fold) => {
    const [training, test] = [rowsWhere(foldOf, (each) => each !== fold), rowsWhere(foldOf, (each) => each === fold)];
    const classifier = train[detector](pick(columns, training), labelsAt(labels, training));
    return areaUnderCurve(labelsAt(labels, test), classifier.rank(pick(columns, test))) ?? 0.5;
  });
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    detector,
    auc: mean(foldAucs),
    score: 1 - mean(foldAucs.map((auc) => 2 * Math.max(auc, 0.5) - 1)),
    foldAucs,
    rows,
  };
}

/** [2 rows] the fold of each row: every fold has the same share of real and synthetic rows. */
function foldsOf(rows: number, folds: number, seed: number): Uint32Array {
  const foldOf = new Uint32Array(2 * rows);
  for (const side of [0, 1]) {
    Random.of(seed, 'detection folds', side)
      .permutation(rows)
      .forEach((row, place) => (foldOf[side * rows + row] = place % folds));
  }
  return foldOf;
}

function rowsWhere(foldOf: Uint32Array, isWanted: (fold: number) => boolean): Uint32Array {
  return Uint32Array.from(foldOf.keys()).filter((row) => isWanted(foldOf[row] ?? 0));
}

function labelsAt(labels: Uint8Array, rows: Uint32Array): Uint8Array {
  return Uint8Array.from(rows, (row) => labels[row] ?? 0);
}

function pick(columns: readonly Feature[], rows: Uint32Array): Features {
  return {
    rowCount: rows.length,
    columns: columns.map((column) =>
      column.kind === 'quantity'
        ? { kind: 'quantity', values: Float64Array.from(rows, (row) => column.values[row] ?? 0) }
        : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] ?? 0) },
    ),
  };
}

/** The features of a column, real rows first. */
function featuresOf(pair: ColumnPair): Feature[] {
  if (pair.kind === 'category') {
    const code = (value: number): number => (value < 0 ? pair.size : value);
    return [{ kind: 'category', codes: Int32Array.from([...pair.real, ...pair.synthetic], code), size: pair.size + 1 }];
  }
  const values = Float64Array.from([...pair.real, ...pair.synthetic]);
  const present = values.filter((value) => !Number.isNaN(value));
  if (present.length === 0) return [missingFeature(values)];
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  const { centre, spread } = robustScale(present, mean);
  const scaled: Feature = {
    kind: 'quantity',
    values: values.map((value) => ((Number.isNaN(value) ? mean : value) - centre) / spread),
  };
  return present.length === values.length ? [scaled] : [scaled, missingFeature(values)];
}

function missingFeature(values: Float64Array): Feature {
  return { kind: 'category', codes: Int32Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0)), size: 2 };
}

function robustScale(present: Float64Array, mean: number): { centre: number; spread: number } {
  const sorted = present.slice().sort();
  const quartile = (part: number): number => sorted[Math.round(part * (sorted.length - 1))] ?? 0;
  const range = quartile(0.75) - quartile(0.25);
  const deviation = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length);
  return { centre: medianOf(sorted), spread: range > 0 ? range : deviation > 0 ? deviation : 1 };
}
