import { Random } from '../../random/random';
import { meanOf } from '../mean';
import { sampleRows } from '../privacy/rows';
import { QualityError, takeRows } from '../table';
import type { QualityTable } from '../table';
import type { Classifier } from './classifier';
import { columnOf, fitPredictors } from './features';
import type { Features } from './features';
import { trainBoostedClassifier, trainBoostedRegressor } from './gradient-boosting';
import { trainLinearRegression } from './linear-regression';
import { trainLogisticRegression } from './logistic-regression';
import { classScores, rSquared } from './target-scores';
import type { ClassScores } from './target-scores';

/** More classes than this are no target to learn: each takes a model of its own. */
const MOST_CLASSES = 30;

export const utilityLearners = ['linear', 'boosted'] as const;
export type UtilityLearner = (typeof utilityLearners)[number];

export interface TargetUtilityTask {
  synthetic: QualityTable;
  realTraining: QualityTable;
  /** Real rows that the model has not seen. */
  realTest: QualityTable;
  /** A categorical column is classified, a numeric one or a time is estimated. */
  target: string;
}

export interface TargetUtilityOptions {
  /** Training rows at most. Default 10,000. */
  maxRows?: number;
  /** Seed of that draw. Default 0. */
  seed?: number;
}

/** The scores of a class target, or R² of a quantity. Those of the other kind are absent. */
export type TargetScores = Partial<ClassScores> & { r2?: number | undefined };

/** Trained and tested on: synthetic and real, real and real, real and synthetic rows. */
export const utilityDirections = ['tstr', 'trtr', 'trts'] as const;
export type UtilityDirection = (typeof utilityDirections)[number];
export type DirectionScores = Record<UtilityDirection, TargetScores>;

export interface TargetUtility extends DirectionScores {
  target: string;
  task: 'classification' | 'regression';
  /** The rarest class of the real training rows, of a classification. */
  minority: string | number | boolean | undefined;
  learners: Record<UtilityLearner, DirectionScores>;
  rows: { synthetic: number; realTraining: number; realTest: number };
}

/**
 * What synthetic rows are worth to somebody who trains on them: TSTR beside TRTR (the reference) and TRTS (whether
 * the synthetic rows obey what real ones teach), for a target of choice. Means of a linear learner (balanced logistic
 * regression, or ridge) and boosted trees; more than two classes are learned one against the rest. Features are those
 * of protocol A, fitted on the real training rows. Rows without a value of the target are left out.
 *
 * @throws QualityError where the target is no learned column, has no two values or too many classes, or a table has
 *   no rows
 */
export function targetUtility(
  { synthetic, realTraining, realTest, target }: TargetUtilityTask,
  { maxRows = 10_000, seed = 0 }: TargetUtilityOptions = {},
): TargetUtility {
  const bounded = (table: QualityTable, which: string): QualityTable =>
    sampleRows(withTarget(table, target, which), maxRows, Random.of(seed, 'utility', which));
  const tables = {
    synthetic: bounded(synthetic, 'synthetic'),
    realTraining: bounded(realTraining, 'real training'),
    realTest: bounded(realTest, 'real test'),
  };
  const isClass = columnOf(tables.realTraining, target).kind === 'category';
  const judge = isClass ? classJudge(tables, target) : quantityJudge(tables, target);
  const learners = { linear: judge.scores('linear'), boosted: judge.scores('boosted') };
  const mean = (direction: UtilityDirection): TargetScores =>
    meanScores(utilityLearners.map((learner) => learners[learner][direction]));
  return {
    target,
    task: isClass ? 'classification' : 'regression',
    minority: judge.minority,
    tstr: mean('tstr'),
    trtr: mean('trtr'),
    trts: mean('trts'),
    learners,
    rows: {
      synthetic: tables.synthetic.rowCount,
      realTraining: tables.realTraining.rowCount,
      realTest: tables.realTest.rowCount,
    },
  };
}

type Tables = Record<'synthetic' | 'realTraining' | 'realTest', QualityTable>;
interface Judge {
  minority: string | number | boolean | undefined;
  scores: (learner: UtilityLearner) => DirectionScores;
}

function withTarget(table: QualityTable, target: string, which: string): QualityTable {
  const data = columnOf(table, target);
  const rows = Uint32Array.from({ length: table.rowCount }, (_, row) => row).filter((row) =>
    data.kind === 'quantity' ? !Number.isNaN(data.values[row] ?? Number.NaN) : (data.codes[row] ?? -1) >= 0,
  );
  if (rows.length === 0) {
    throw new QualityError(`No ${which} row has a value of the target "${target}". Choose another target.`);
  }
  return rows.length === table.rowCount ? table : takeRows(table, rows);
}

function classJudge(tables: Tables, target: string): Judge {
  const classes = classesOf(tables.realTraining, target);
  const encode = fitPredictors(tables.realTraining, target);
  const side = (table: QualityTable) => ({ features: encode(table), labels: labelsOf(table, target, classes) });
  const [synthetic, training, test] = [side(tables.synthetic), side(tables.realTraining), side(tables.realTest)];
  const minority = rarest(training.labels, classes.length);
  return {
    minority: classes[minority],
    scores: (learner) => {
      const learned = {
        synthetic: onePerClass(learner, synthetic, classes),
        real: onePerClass(learner, training, classes),
      };
      const score = (from: Classifier[], { features, labels }: typeof test): TargetScores =>
        classScores({ labels, ranks: from.map((each) => each.rank(features)), minority });
      return {
        tstr: score(learned.synthetic, test),
        trtr: score(learned.real, test),
        trts: score(learned.real, synthetic),
      };
    },
  };
}

function classesOf(table: QualityTable, target: string): (string | number | boolean)[] {
  const data = columnOf(table, target);
  if (data.kind !== 'category') throw new QualityError(`Column "${target}" is a category in one table only.`);
  const classes = [...new Set(data.codes)].sort((a, b) => a - b).flatMap((code) => data.values[code] ?? []);
  if (classes.length < 2 || classes.length > MOST_CLASSES) {
    throw new QualityError(
      `The target "${target}" has ${classes.length} classes where 2 to ${MOST_CLASSES} can be learned. Choose another target.`,
    );
  }
  return classes;
}

/** [rows] classes; one that the real training rows do not have is -1 and is never met. */
function labelsOf(table: QualityTable, target: string, classes: readonly (string | number | boolean)[]): Int32Array {
  const data = columnOf(table, target);
  if (data.kind !== 'category') throw new QualityError(`Column "${target}" is a category in one table only.`);
  const labelOf = data.values.map((value) => classes.indexOf(value));
  return data.codes.map((code) => labelOf[code] ?? -1);
}

function rarest(labels: Int32Array, classes: number): number {
  const counts = new Uint32Array(classes);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts.indexOf(Math.min(...counts));
}

/** A classifier for each class; of two classes one that is turned around for the other. */
function onePerClass(
  learner: UtilityLearner,
  { features, labels }: { features: Features; labels: Int32Array },
  classes: readonly unknown[],
): Classifier[] {
  const against = (label: number): Classifier => {
    const own = Uint8Array.from(labels, (each) => (each === label ? 1 : 0));
    const met = own.reduce((sum, each) => sum + each, 0);
    // A class that the rows do not have, or the only one, needs no learner.
    if (met === 0 || met === own.length)
      return constant(met === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
    return learner === 'linear' ? trainLogisticRegression(features, own) : trainBoostedClassifier(features, own);
  };
  if (classes.length > 2) return classes.map((_, label) => against(label));
  const second = against(1);
  return [{ ...second, rank: (given) => second.rank(given).map((rank) => -rank) }, second];
}

function constant(rank: number): Classifier {
  return {
    predict: ({ rowCount }) => new Uint8Array(rowCount).fill(rank > 0 ? 1 : 0),
    rank: ({ rowCount }) => new Float64Array(rowCount).fill(rank),
  };
}

function quantityJudge(tables: Tables, target: string): Judge {
  const encode = fitPredictors(tables.realTraining, target);
  const side = (table: QualityTable) => {
    const data = columnOf(table, target);
    if (data.kind !== 'quantity') throw new QualityError(`Column "${target}" is a quantity in one table only.`);
    return { features: encode(table), targets: data.values };
  };
  const [synthetic, training, test] = [side(tables.synthetic), side(tables.realTraining), side(tables.realTest)];
  return {
    minority: undefined,
    scores: (learner) => {
      const train = learner === 'linear' ? trainLinearRegression : trainBoostedRegressor;
      const fromSynthetic = train(synthetic.features, synthetic.targets);
      const fromReal = train(training.features, training.targets);
      const score = (predict: typeof fromReal, { features, targets }: typeof test): TargetScores => ({
        r2: rSquared(targets, predict(features)),
      });
      return { tstr: score(fromSynthetic, test), trtr: score(fromReal, test), trts: score(fromReal, synthetic) };
    },
  };
}

function meanScores(scores: readonly TargetScores[]): TargetScores {
  const keys = new Set(scores.flatMap((each) => Object.keys(each) as (keyof TargetScores)[]));
  return Object.fromEntries([...keys].map((key) => [key, meanOf(scores.map((each) => each[key]))]));
}
