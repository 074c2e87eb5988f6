import { describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import { categorical, numeric, table } from '../testing/tables';
import { trainAdaBoost } from './ada-boost';
import { balancedWeights } from './classifier';
import { binFeatures, growTree } from './decision-tree';
import { machineLearningEfficacy, scoresOf } from './efficacy';
import { fitFeatures } from './features';
import type { Features } from './features';
import { minimise } from './l-bfgs';
import { trainLogisticRegression } from './logistic-regression';
import { trainPerceptron } from './multilayer-perceptron';

const target = { column: 'y', positive: 'yes' };

function quantity(...values: readonly number[]): Features {
  return { rowCount: values.length, columns: [{ kind: 'quantity', values: Float64Array.from(values) }] };
}

/** Two numbers of which the label is the exclusive or of the signs: no single column tells anything. */
function exclusiveOr(rows: number, seed: number): { features: Features; labels: Uint8Array } {
  const random = Random.of(seed, 'xor');
  const [a, b] = [0, 1].map(() => Float64Array.from({ length: rows }, () => 2 * random.uniform() - 1));
  const columns = [a, b].map((values) => ({ kind: 'quantity' as const, values: values ?? new Float64Array() }));
  const labels = Uint8Array.from({ length: rows }, (_, i) => ((a?.[i] ?? 0) > 0 !== (b?.[i] ?? 0) > 0 ? 1 : 0));
  return { features: { rowCount: rows, columns }, labels };
}

describe('fitFeatures', () => {
  const training = table(
    numeric('small', [0, 10, null]),
    numeric('large', [0, 1000, 100]),
    categorical('c', ['a', 'b', 'a']),
    categorical('y', ['yes', 'no', 'yes']),
  );

  it('scales as protocol A and gives unknown categories a code of their own', () => {
    const { features, labels } = fitFeatures(
      training,
      target,
    )(
      table(
        categorical('y', ['no', 'yes']),
        categorical('c', ['z', 'b']),
        numeric('large', [1000, 0]),
        numeric('small', [4, null]),
      ),
    );
    expect([...labels]).toEqual([0, 1]);
    expect(features.columns).toEqual([
      // The mean of 0 and 5 stands for the missing one.
      { kind: 'quantity', values: Float64Array.of(2, 2.5) },
      { kind: 'quantity', values: Float64Array.of(Math.log(1000), Math.log(0.01)) },
      { kind: 'category', codes: Int32Array.of(2, 1), size: 3 },
    ]);
  });

  it('names what does not fit', () => {
    expect(() => fitFeatures(training, { column: 'small', positive: 1 })).toThrow('"small" is no categorical column');
    expect(() => fitFeatures(training, { column: 'y', positive: '>50K' })).toThrow('"y" has no value ">50K"');
    const encode = fitFeatures(training, target);
    expect(() => encode(table(numeric('small', [1])))).toThrow('lacks the column "large"');
    const unlabelled = table(
      numeric('small', [1]),
      numeric('large', [1]),
      categorical('c', ['a']),
      categorical('y', [null]),
    );
    expect(() => encode(unlabelled)).toThrow('"y" is missing in row 1');
  });
});

describe('growTree', () => {
  const ones = new Float64Array(4).fill(1);

  it('splits half way between the values', () => {
    const tree = growTree(
      { columns: binFeatures(quantity(1, 2, 4, 5)), labels: Uint8Array.of(0, 0, 1, 1), weights: ones },
      1,
    );
    expect([...tree.predict(quantity(2.9, 3.1, -9, 9))]).toEqual([0, 1, 0, 1]);
  });

  it('splits one category from the rest', () => {
    const features = (codes: number[]): Features => ({
      rowCount: codes.length,
      columns: [{ kind: 'category', codes: Int32Array.from(codes), size: 3 }],
    });
    const tree = growTree(
      { columns: binFeatures(features([0, 1, 1, 2])), labels: Uint8Array.of(0, 1, 1, 0), weights: ones },
      1,
    );
    expect([...tree.predict(features([0, 1, 2]))]).toEqual([0, 1, 0]);
  });

  it('weighs rows and stays a leaf where no split helps', () => {
    const columns = binFeatures(quantity(1, 1, 1, 1));
    const labels = Uint8Array.of(0, 0, 0, 1);
    expect([...growTree({ columns, labels, weights: ones }, 5).predict(quantity(1))]).toEqual([0]);
    const weights = Float64Array.of(1, 1, 1, 4);
    expect([...growTree({ columns, labels, weights }, 5).predict(quantity(1))]).toEqual([1]);
    expect([...balancedWeights(labels)]).toEqual([2 / 3, 2 / 3, 2 / 3, 2]);
  });

  it('learns an interaction when it is deep, at 256 quantiles of many values', () => {
    const { features, labels } = exclusiveOr(2000, 1);
    const weights = new Float64Array(2000).fill(1);
    const tree = growTree({ columns: binFeatures(features), labels, weights }, 15);
    const test = exclusiveOr(1000, 2);
    expect(scoresOf(test.labels, tree.predict(test.features)).accuracy).toBeGreaterThan(0.97);
  });
});

describe('trainAdaBoost', () => {
  it('finds an interval that no single stump can', () => {
    const inside = quantity(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const labels = Uint8Array.of(0, 0, 0, 1, 1, 1, 0, 0, 0);
    expect([...trainAdaBoost(inside, labels, 1).predict(inside)]).not.toEqual([...labels]);
    expect([...trainAdaBoost(inside, labels).predict(inside)]).toEqual([...labels]);
  });

  it('ends with a stump that is always right', () => {
    const labels = Uint8Array.of(0, 0, 1, 1);
    expect([...trainAdaBoost(quantity(1, 2, 3, 4), labels).predict(quantity(0, 5))]).toEqual([0, 1]);
  });
});

describe('minimise', () => {
  it('finds the minimum of an ill-conditioned quadratic', () => {
    const point = minimise(
      ([x = 0, y = 0], gradient) => {
        gradient.set([2 * (x - 3), 200 * (y + 1)]);
        return (x - 3) ** 2 + 100 * (y + 1) ** 2;
      },
      2,
      50,
    );
    expect(point[0]).toBeCloseTo(3, 4);
    expect(point[1]).toBeCloseTo(-1, 4);
  });
});

describe('trainLogisticRegression', () => {
  it('puts the boundary of two balanced groups between them, whatever their sizes', () => {
    const values = [...Array<number>(90).fill(-1), ...Array<number>(10).fill(1)];
    const labels = Uint8Array.from(values, (value) => (value > 0 ? 1 : 0));
    const model = trainLogisticRegression(quantity(...values), labels);
    expect([...model.predict(quantity(-0.2, 0.2))]).toEqual([0, 1]);
  });

  it('learns the effect of a category', () => {
    const features: Features = {
      rowCount: 6,
      columns: [{ kind: 'category', codes: Int32Array.of(0, 0, 1, 1, 2, 2), size: 3 }],
    };
    const labels = Uint8Array.of(0, 0, 1, 1, 0, 0);
    expect([...trainLogisticRegression(features, labels).predict(features)]).toEqual([...labels]);
  });
});

describe('trainPerceptron', () => {
  it('learns the exclusive or that no line parts, the same with the same seed', () => {
    const { features, labels } = exclusiveOr(2000, 3);
    const test = exclusiveOr(1000, 4);
    const train = (seed: number) => trainPerceptron(features, labels, { seed }).predict(test.features);
    expect(scoresOf(test.labels, train(1)).accuracy).toBeGreaterThan(0.9);
    expect(train(1)).toEqual(train(1));
    expect(train(2)).not.toEqual(train(1));
  });
});

describe('machineLearningEfficacy', () => {
  /** Rows whose label follows the number and the category; `flipped` rows teach the opposite. */
  function rows(length: number, seed: number, isFlipped = false): ReturnType<typeof table> {
    const random = Random.of(seed, 'efficacy');
    const x = Array.from({ length }, () => random.uniform());
    const c = Array.from({ length }, () => (random.uniform() < 0.5 ? 'up' : 'down'));
    const y = x.map((value, i) => (value + (c[i] === 'up' ? 0.3 : -0.3) > 0.5 !== isFlipped ? 'yes' : 'no'));
    return table(numeric('x', x), categorical('c', c), categorical('y', y));
  }
  const realTraining = rows(600, 1);
  const realTest = rows(400, 2);

  it('is high for rows of the same rule and low for rows of the opposite', () => {
    const real = machineLearningEfficacy({ training: realTraining, realTraining, realTest, target });
    const wrong = machineLearningEfficacy({ training: rows(600, 3, true), realTraining, realTest, target });
    for (const { f1 } of Object.values(real.learners)) expect(f1).toBeGreaterThan(0.9);
    expect(wrong.f1).toBeLessThan(0.1);
    const f1 = Object.values(real.learners).reduce((sum, each) => sum + each.f1, 0) / 4;
    expect(real.f1).toBeCloseTo(f1, 12);
    expect(machineLearningEfficacy({ training: realTraining, realTraining, realTest, target })).toEqual(real);
  });

  it('scores a training table of one class as one that finds nothing', () => {
    const training = table(numeric('x', [0.1, 0.9]), categorical('c', ['up', 'down']), categorical('y', ['no', 'no']));
    expect(machineLearningEfficacy({ training, realTraining, realTest, target }).f1).toBe(0);
  });
});

describe('machineLearningEfficacy without rows', () => {
  it('names the table', () => {
    const rows = table(numeric('x', [1]), categorical('y', ['yes']));
    const tables = { training: table(), realTraining: rows, realTest: rows };
    expect(() => machineLearningEfficacy({ ...tables, target })).toThrow('The table "training" has no rows');
  });
});

describe('scoresOf', () => {
  it('counts by hand: 2 found, 1 false, 1 missed of 6', () => {
    const { accuracy, f1 } = scoresOf(Uint8Array.of(1, 1, 1, 0, 0, 0), Uint8Array.of(1, 1, 0, 1, 0, 0));
    expect(accuracy).toBeCloseTo(4 / 6, 15);
    expect(f1).toBeCloseTo(4 / 6, 15);
    expect(scoresOf(Uint8Array.of(0), Uint8Array.of(0)).f1).toBe(0);
  });
});
