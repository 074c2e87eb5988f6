import { Random } from '../../random/random';
import { meanOf } from '../mean';
import { sampleRows } from '../privacy/rows';
import { QualityError } from '../table';
import type { QualityTable } from '../table';
import { trainAdaBoost } from './ada-boost';
import { balancedWeights } from './classifier';
import type { Classifier } from './classifier';
import { binFeatures, growTree } from './decision-tree';
import { fitFeatures } from './features';
import type { Features, Target } from './features';
import { trainLogisticRegression } from './logistic-regression';
import { trainPerceptron } from './multilayer-perceptron';

/** Training rows at most, as in SDGym. */
const TRAINING_ROWS = 50_000;

export const learnerNames = ['decision_tree', 'ada_boost', 'logistic_regression', 'perceptron'] as const;
export type LearnerName = (typeof learnerNames)[number];

const learners: Record<LearnerName, (features: Features, labels: Uint8Array, seed: number) => Classifier> = {
  decision_tree: (features, labels) =>
    growTree({ columns: binFeatures(features), labels, weights: balancedWeights(labels) }, 15),
  ada_boost: (features, labels) => trainAdaBoost(features, labels),
  logistic_regression: (features, labels) => trainLogisticRegression(features, labels),
  perceptron: (features, labels, seed) => trainPerceptron(features, labels, { seed }),
};

export interface ClassifierScores {
  /** Share of the rows whose label is met. */
  accuracy: number;
  /** 2 TP / (2 TP + FP + FN) of the positive class; 0 where nothing is found. */
  f1: number;
}

export interface Efficacy {
  /** Means over the learners. */
  accuracy: number | undefined;
  f1: number | undefined;
  learners: Record<LearnerName, ClassifierScores>;
}

export interface EfficacyTask {
  /** What the learners are trained on: synthetic rows (TSTR), or the real training rows for reference (TRTR). */
  training: QualityTable;
  /** The real rows that the features are fitted on. */
  realTraining: QualityTable;
  /** Real rows that neither the model nor the features have seen. */
  realTest: QualityTable;
  target: Target;
}

/**
 * Train on synthetic, test on real (protocol A: CTGAN paper, NeurIPS 2019, section 5; SDGym 0.2): the mean of a
 * balanced tree of depth 15, AdaBoost, balanced logistic regression and a perceptron of 50 units, all tested on the
 * same real rows. Of Adult 0.669 is published for real rows and 0.601 for CTGAN (F1).
 *
 * @param seed of the perceptron and of the sample of more than 50,000 training rows
 * @throws QualityError where a table has no rows or lacks a column, or the target does not fit
 */
export function machineLearningEfficacy(
  { training, realTraining, realTest, target }: EfficacyTask,
  seed = 0,
): Efficacy {
  for (const [name, { rowCount }] of Object.entries({ training, realTraining, realTest })) {
    if (rowCount === 0)
      throw new QualityError(`The table "${name}" has no rows: there is nothing to learn or to test.`);
  }
  const encode = fitFeatures(realTraining, target);
  const learned = encode(sampleRows(training, TRAINING_ROWS, Random.of(seed, 'efficacy')));
  const test = encode(realTest);
  const score = (name: LearnerName): ClassifierScores => {
    const classifier = onlyLabel(learned.labels) ?? learners[name](learned.features, learned.labels, seed);
    return scoresOf(test.labels, classifier.predict(test.features));
  };
  const scores: Efficacy['learners'] = {
    decision_tree: score('decision_tree'),
    ada_boost: score('ada_boost'),
    logistic_regression: score('logistic_regression'),
    perceptron: score('perceptron'),
  };
  return {
    accuracy: meanOf(learnerNames.map((name) => scores[name].accuracy)),
    f1: meanOf(learnerNames.map((name) => scores[name].f1)),
    learners: scores,
  };
}

export function scoresOf(labels: Uint8Array, predicted: Uint8Array): ClassifierScores {
  let right = 0;
  let found = 0;
  let positives = 0;
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === predicted[row]) right++;
    if (labels[row] === 1 && predicted[row] === 1) found++;
    positives += (labels[row] ?? 0) + (predicted[row] ?? 0);
  }
  return { accuracy: right / labels.length, f1: positives === 0 ? 0 : (2 * found) / positives };
}

/** Rows of one class teach that class alone: a model that lost the other one is scored as such. */
export function onlyLabel(labels: Uint8Array): Classifier | undefined {
  const first = labels[0] ?? 0;
  if (labels.some((label) => label !== first)) return undefined;
  return {
    predict: ({ rowCount }) => new Uint8Array(rowCount).fill(first),
    rank: ({ rowCount }) => new Float64Array(rowCount),
  };
}
