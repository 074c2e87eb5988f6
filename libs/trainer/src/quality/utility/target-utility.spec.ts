import { describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import { shuffleColumns } from '../reference-reports';
import { takeRows } from '../table';
import { adultNote, isAdultPresent, readAdult } from '../testing/adult';
import { categorical, numeric, table } from '../testing/tables';
import { trainLinearRegression } from './linear-regression';
import { classScores, rSquared } from './target-scores';
import { targetUtility } from './target-utility';

/** A number y = 3 x + effect of c, and a class by thirds of x. */
function rows(length: number, seed: number) {
  const random = Random.of(seed, 'target rows');
  const x = Array.from({ length }, () => random.uniform());
  const c = x.map(() => (random.uniform() < 0.5 ? 'a' : 'b'));
  const y = x.map((value, i) => 3 * value + (c[i] === 'a' ? 1 : 0));
  const label = x.map((value) => (value < 0.2 ? 'low' : value < 0.6 ? 'middle' : 'high'));
  return table(numeric('x', x), categorical('c', c), numeric('y', y), categorical('label', label));
}

describe('classScores', () => {
  it('counts by hand: three classes of six rows', () => {
    const ranks = [
      Float64Array.of(3, 2, 0, 1, 0, 0),
      Float64Array.of(0, 1, 2, 2, 2, 0),
      Float64Array.of(0, 0, 0, 0, 0, 1),
    ];
    // Predicted 0 0 1 1 1 2 for 0 0 1 1 2 2.
    const scores = classScores({ labels: Int32Array.of(0, 0, 1, 1, 2, 2), ranks, minority: 2 });
    expect(scores.accuracy).toBeCloseTo(5 / 6, 15);
    expect(scores.macroF1).toBeCloseTo((1 + 4 / 5 + 2 / 3) / 3, 15);
    expect(scores.minorityF1).toBeCloseTo(2 / 3, 15);
    // Class 0: both rows above all others. Class 1: 2, 2 against 0, 1, 2, 0. Class 2: 0, 1 against four zeros.
    expect(scores.auc).toBeCloseTo((1 + (2 * 3.5) / 8 + (4 + 2) / 8) / 3, 15);
  });

  it('leaves out a class that the rows do not have', () => {
    const ranks = [Float64Array.of(1, 1), Float64Array.of(0, 0)];
    expect(classScores({ labels: Int32Array.of(0, 0), ranks, minority: 1 })).toEqual({
      ...{ accuracy: 1, macroF1: 1, minorityF1: undefined, auc: undefined },
    });
  });
});

describe('rSquared', () => {
  it('is 1 less the residual share of the variance', () => {
    // The example of scikit-learn's r2_score: 1 - 1.5 / 29.1875.
    expect(rSquared(Float64Array.of(3, -0.5, 2, 7), Float64Array.of(2.5, 0, 2, 8))).toBeCloseTo(0.9486081370449679, 12);
    expect(rSquared(Float64Array.of(1, 1), Float64Array.of(1, 2))).toBeUndefined();
  });
});

describe('trainLinearRegression', () => {
  it('is ridge regression: the penalty shrinks the slope by n s² / (n s² + 1)', () => {
    const features = { rowCount: 4, columns: [{ kind: 'quantity' as const, values: Float64Array.of(-1, -1, 1, 1) }] };
    const predict = trainLinearRegression(features, Float64Array.of(-2, -2, 2, 2));
    predict(features).forEach((value, i) => expect(value).toBeCloseTo(i < 2 ? -1.6 : 1.6, 4));
  });
});

describe('targetUtility', () => {
  const [realTraining, realTest] = [rows(600, 1), rows(300, 2)];

  it('is that of real rows for rows of the same law, and nothing for shuffled ones', () => {
    const same = targetUtility({ synthetic: rows(600, 3), realTraining, realTest, target: 'label' });
    expect(same).toMatchObject({ task: 'classification', minority: 'low', rows: { synthetic: 600, realTest: 300 } });
    for (const direction of ['tstr', 'trtr', 'trts'] as const) {
      expect(same[direction].accuracy).toBeGreaterThan(0.8);
      expect(same[direction].minorityF1).toBeGreaterThan(0.8);
      expect(same[direction].auc).toBeGreaterThan(0.85);
      expect(same[direction].r2).toBeUndefined();
    }
    expect(same.learners.boosted.tstr.accuracy).toBeGreaterThan(0.95);
    const mean = ((same.learners.linear.tstr.macroF1 ?? 0) + (same.learners.boosted.tstr.macroF1 ?? 0)) / 2;
    expect(same.tstr.macroF1).toBeCloseTo(mean, 12);
    const torn = targetUtility({ synthetic: shuffleColumns(rows(600, 3), 1), realTraining, realTest, target: 'label' });
    expect(torn.tstr.auc).toBeLessThan(0.62);
    expect(torn.trtr).toEqual(same.trtr);
  });

  it('estimates a quantity', () => {
    const same = targetUtility({ synthetic: rows(600, 3), realTraining, realTest, target: 'y' });
    expect(same).toMatchObject({ task: 'regression', minority: undefined });
    for (const direction of ['tstr', 'trtr', 'trts'] as const) expect(same[direction].r2).toBeGreaterThan(0.97);
    expect(same.tstr.accuracy).toBeUndefined();
    const torn = targetUtility({ synthetic: shuffleColumns(rows(600, 3), 1), realTraining, realTest, target: 'y' });
    expect(torn.tstr.r2).toBeLessThan(0.1);
  });

  it('scores a class that the synthetic rows lost', () => {
    const lost = rows(600, 3);
    const label = lost.columns[3]?.data;
    const kept = Uint32Array.from({ length: 600 }, (_, i) => i).filter(
      (row) => label?.kind === 'category' && label.values[label.codes[row] ?? -1] !== 'low',
    );
    const result = targetUtility({ synthetic: takeRows(lost, kept), realTraining, realTest, target: 'label' });
    expect(result.tstr.minorityF1).toBe(0);
    expect(result.trtr.minorityF1).toBeGreaterThan(0.8);
  });

  it('names a target that cannot be learned', () => {
    const tables = { synthetic: realTest, realTraining, realTest };
    expect(() => targetUtility({ ...tables, target: 'z' })).toThrow('lacks the column "z"');
    const single = table(numeric('x', [1, 2]), categorical('k', ['a', 'a']));
    expect(() => targetUtility({ synthetic: single, realTraining: single, realTest: single, target: 'k' })).toThrow(
      'The target "k" has 1 classes where 2 to 30 can be learned',
    );
    const empty = table(numeric('x', [1, 2]), categorical('k', [null, null]));
    expect(() => targetUtility({ synthetic: empty, realTraining: single, realTest: single, target: 'k' })).toThrow(
      'No synthetic row has a value of the target "k"',
    );
  });
});

describe.skipIf(!isAdultPresent)(`utility of UCI Adult${adultNote}`, () => {
  it('comes near the AUC of 0.927 that a tuned XGBoost reaches on real rows', () => {
    const adult = readAdult();
    const order = Random.of(1).permutation(adult.rowCount);
    const [realTraining, realTest] = [
      takeRows(adult, order.subarray(0, 6_000)),
      takeRows(adult, order.subarray(20_000)),
    ];
    const { learners, minority } = targetUtility({ synthetic: realTraining, realTraining, realTest, target: 'income' });
    expect(minority).toBe('>50K');
    expect(learners.boosted.trtr.auc).toBeGreaterThan(0.905);
    expect(learners.boosted.trtr.auc).toBeLessThan(0.935);
    expect(learners.linear.trtr.auc).toBeGreaterThan(0.88);
  });
});
