import { describe, expect, it } from 'vitest';
import { Random } from '../../random/random';
import { shuffleColumns, splitHalves } from '../reference-reports';
import { adultNote, isAdultPresent, readAdult } from '../testing/adult';
import { categorical, numeric, table } from '../testing/tables';
import { areaUnderCurve } from '../utility/area-under-curve';
import { trainBoostedClassifier, trainBoostedRegressor } from '../utility/gradient-boosting';
import { detection } from './detection';

/** Two uniform numbers, and in `isLinked` rows the second is the first. */
function rows(length: number, seed: number, isLinked: boolean, shift = 0) {
  const random = Random.of(seed, 'detection rows');
  const x = Array.from({ length }, () => random.uniform() + shift);
  const y = x.map((value) => (isLinked ? value : random.uniform()));
  return table(
    numeric('x', x),
    numeric('y', y),
    categorical(
      'c',
      x.map((value) => (value > 0.5 ? 'up' : 'down')),
    ),
  );
}

describe('areaUnderCurve', () => {
  it('counts pairs in order, ties half', () => {
    // Of 2 x 2 pairs: (0.4 > 0.1), (0.4 = 0.4), (0.8 > 0.1), (0.8 > 0.4).
    expect(areaUnderCurve([0, 0, 1, 1], Float64Array.of(0.1, 0.4, 0.4, 0.8))).toBe(3.5 / 4);
    // The example of scikit-learn's roc_auc_score.
    expect(areaUnderCurve([0, 0, 1, 1], Float64Array.of(0.1, 0.4, 0.35, 0.8))).toBe(0.75);
    expect(areaUnderCurve([1, 0], Float64Array.of(0, 0))).toBe(0.5);
    expect(areaUnderCurve([1, 1], Float64Array.of(0, 1))).toBeUndefined();
  });
});

describe('boosting', () => {
  it('gives the leaves that the formula of one tree gives', () => {
    const features = {
      rowCount: 6,
      columns: [{ kind: 'quantity' as const, values: Float64Array.of(0, 0, 0, 1, 1, 1) }],
    };
    const predict = trainBoostedRegressor(features, Float64Array.of(0, 0, 0, 6, 6, 6), {
      rounds: 1,
      depth: 1,
      rate: 1,
    });
    // From the mean 3, each leaf of three rows answers ∓9 / (3 + λ).
    expect([...predict(features)]).toEqual([0.75, 0.75, 0.75, 5.25, 5.25, 5.25]);
  });

  it('learns an interaction of a number and a category', () => {
    const random = Random.of(1, 'interaction');
    const values = Float64Array.from({ length: 1_000 }, () => random.uniform());
    const codes = Int32Array.from({ length: 1_000 }, () => random.integer(2));
    const labels = Uint8Array.from(values, (value, i) => (value > 0.5 === (codes[i] === 1) ? 1 : 0));
    const features = {
      rowCount: 1_000,
      columns: [
        { kind: 'quantity' as const, values },
        { kind: 'category' as const, codes, size: 2 },
      ],
    };
    const classifier = trainBoostedClassifier(features, labels, { rounds: 10 });
    expect([...classifier.predict(features)].filter((label, i) => label === labels[i]).length).toBeGreaterThan(990);
  });
});

describe('detection', () => {
  it('cannot tell rows of one law, and always tells rows apart that do not overlap', () => {
    for (const detector of ['logistic', 'boosted'] as const) {
      const same = detection(rows(900, 1, false), rows(900, 2, false), { detector });
      expect(Math.abs(same.auc - 0.5)).toBeLessThan(0.05);
      expect(same.score).toBeGreaterThan(0.85);
      expect(detection(rows(900, 1, false), rows(900, 2, false, 5), { detector })).toMatchObject({
        ...{ detector, auc: 1, score: 0, foldAucs: [1, 1, 1], rows: 900 },
      });
    }
  });

  it('sees a broken interaction with the boosted detector alone', () => {
    const pair = [rows(900, 1, true), shuffleColumns(rows(900, 2, true), 3)] as const;
    expect(detection(...pair).auc).toBeLessThan(0.6);
    expect(detection(...pair, { detector: 'boosted' }).auc).toBeGreaterThan(0.9);
  });

  it('sees missing values, and takes as many seeded rows of both', () => {
    const real = table(
      numeric(
        'x',
        Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? null : 1)),
      ),
    );
    const synthetic = table(numeric('x', Array<number>(90).fill(1)));
    const result = detection(real, synthetic, { maxRows: 60 });
    // A third of the real rows is known by the missing value, the rest is tied: AUC = 1/3 + 2/3 · 1/2.
    expect(result.rows).toBe(60);
    expect(result.auc).toBeCloseTo(2 / 3, 1);
    expect(detection(real, synthetic, { maxRows: 30, seed: 4 })).toEqual(
      detection(real, synthetic, { maxRows: 30, seed: 4 }),
    );
    expect(() => detection(real, synthetic, { maxRows: 2 })).toThrow('3 folds take as many rows');
  });
});

describe.skipIf(!isAdultPresent)(`detection of UCI Adult${adultNote}`, () => {
  it('finds shuffled columns with the boosted detector, and a real half with neither', () => {
    const adult = readAdult();
    const [half, other] = splitHalves(adult, 1);
    for (const detector of ['logistic', 'boosted'] as const) {
      expect(Math.abs(detection(half, other, { detector, maxRows: 2_000 }).auc - 0.5)).toBeLessThan(0.03);
    }
    const shuffled = shuffleColumns(half, 2);
    expect(detection(other, shuffled, { detector: 'boosted', maxRows: 2_000 }).auc).toBeGreaterThan(0.95);
  });
});
