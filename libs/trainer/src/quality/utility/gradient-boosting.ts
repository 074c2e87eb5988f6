import { sigmoid } from './classifier';
import type { Classifier } from './classifier';
import { binFeatures } from './decision-tree';
import type { BinnedColumn } from './decision-tree';
import type { Features } from './features';

export interface BoostingOptions {
  /** Trees. Default 60. */
  rounds?: number;
  /** Default 4. */
  depth?: number;
  /** Part of each tree's answer that is added. Default 0.2. */
  rate?: number;
}

/** Penalty of a leaf's squared answer, and the least curvature (rows, for a squared loss) of a leaf. */
const LAMBDA = 1;
const LEAST_CURVATURE = 1;

/** First and second derivative of the loss by each row's prediction. */
type Slopes = (predictions: Float64Array, gradient: Float64Array, curvature: Float64Array) => void;
type Node = { answer: number } | { column: number; threshold: number; isCategory: boolean; left: Node; right: Node };

/**
 * Gradient boosted trees for two classes: second-order boosting of the log loss (Friedman 2001; Chen and Guestrin
 * 2016, eqs. 5 and 7) on binned columns, without any randomness. Categories split one against the rest.
 *
 * @param labels [rows] 0 or 1
 */
export function trainBoostedClassifier(
  features: Features,
  labels: Uint8Array,
  options: BoostingOptions = {},
): Classifier {
  const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const start = Math.log((share + 1e-9) / (1 - share + 1e-9));
  const rank = boost(features, { start, ...options }, (predictions, gradient, curvature) => {
    for (let row = 0; row < predictions.length; row++) {
      const chance = sigmoid(predictions[row] ?? 0);
      gradient[row] = chance - (labels[row] ?? 0);
      curvature[row] = chance * (1 - chance);
    }
  });
  return { predict: (given) => Uint8Array.from(rank(given), (logit) => (logit > 0 ? 1 : 0)), rank };
}

/** The same for a quantity, by the squared loss. @returns predictions of rows */
export function trainBoostedRegressor(
  features: Features,
  targets: Float64Array,
  options: BoostingOptions = {},
): (features: Features) => Float64Array {
  const start = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  return boost(features, { start, ...options }, (predictions, gradient, curvature) => {
    for (let row = 0; row < predictions.length; row++) gradient[row] = (predictions[row] ?? 0) - (targets[row] ?? 0);
    curvature.fill(1);
  });
}

function boost(
  features: Features,
  { start, rounds = 60, depth = 4, rate = 0.2 }: BoostingOptions & { start: number },
  slopes: Slopes,
): (features: Features) => Float64Array {
  const columns = binFeatures(features);
  const predictions = new Float64Array(features.rowCount).fill(start);
  const grower = {
    columns,
    gradient: new Float64Array(features.rowCount),
    curvature: new Float64Array(features.rowCount),
    predictions,
    rate,
  };
  const trees = Array.from({ length: rounds }, () => {
    slopes(predictions, grower.gradient, grower.curvature);
    return grow(grower, Uint32Array.from(predictions.keys()), depth);
  });
  return (given) =>
    Float64Array.from({ length: given.rowCount }, (_, row) =>
      trees.reduce((sum, tree) => sum + rate * answerOf(tree, given, row), start),
    );
}

interface Grower {
  columns: readonly BinnedColumn[];
  gradient: Float64Array;
  curvature: Float64Array;
  /** Each leaf adds its answer to those of its rows. */
  predictions: Float64Array;
  rate: number;
}

function grow(grower: Grower, rows: Uint32Array, depth: number): Node {
  const total = { gradient: 0, curvature: 0 };
  for (const row of rows) {
    total.gradient += grower.gradient[row] ?? 0;
    total.curvature += grower.curvature[row] ?? 0;
  }
  const split = depth > 0 ? bestSplit(grower, rows, total) : undefined;
  if (!split) {
    const answer = -total.gradient / (total.curvature + LAMBDA);
    for (const row of rows) grower.predictions[row] = (grower.predictions[row] ?? 0) + grower.rate * answer;
    return { answer };
  }
  const { column, bin } = split;
  const { bins, edges } = grower.columns[column] ?? { bins: new Uint32Array(), edges: undefined };
  const isLeft = (row: number): boolean => (edges ? (bins[row] ?? 0) <= bin : bins[row] === bin);
  const left = rows.filter(isLeft);
  const right = rows.filter((row) => !isLeft(row));
  return {
    column,
    threshold: edges ? (edges[bin] ?? 0) : bin,
    isCategory: edges === undefined,
    left: grow(grower, left, depth - 1),
    right: grow(grower, right, depth - 1),
  };
}

interface Sums {
  gradient: number;
  curvature: number;
}

function bestSplit(grower: Grower, rows: Uint32Array, total: Sums): { column: number; bin: number } | undefined {
  let best: { column: number; bin: number } | undefined;
  let bestGain = worth(total.gradient, total.curvature) + 1e-9;
  grower.columns.forEach(({ bins, size, edges }, column) => {
    const gradients = new Float64Array(size);
    const curvatures = new Float64Array(size);
    for (const row of rows) {
      const bin = bins[row] ?? 0;
      gradients[bin] = (gradients[bin] ?? 0) + (grower.gradient[row] ?? 0);
      curvatures[bin] = (curvatures[bin] ?? 0) + (grower.curvature[row] ?? 0);
    }
    let gradient = 0;
    let curvature = 0;
    for (let bin = 0; bin < size; bin++) {
      if (!edges) gradient = curvature = 0;
      gradient += gradients[bin] ?? 0;
      curvature += curvatures[bin] ?? 0;
      if (curvature < LEAST_CURVATURE || total.curvature - curvature < LEAST_CURVATURE) continue;
      const gain = worth(gradient, curvature) + worth(total.gradient - gradient, total.curvature - curvature);
      if (gain > bestGain) {
        bestGain = gain;
        best = { column, bin };
      }
    }
  });
  return best;
}

function worth(gradient: number, curvature: number): number {
  return gradient ** 2 / (curvature + LAMBDA);
}

function answerOf(node: Node, { columns }: Features, row: number): number {
  let at = node;
  while (!('answer' in at)) {
    const column = columns[at.column];
    const cell = (column?.kind === 'category' ? column.codes[row] : column?.values[row]) ?? 0;
    at = (at.isCategory ? cell === at.threshold : cell <= at.threshold) ? at.left : at.right;
  }
  return at.answer;
}
