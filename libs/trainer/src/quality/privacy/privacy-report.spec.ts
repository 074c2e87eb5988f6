import { describe, expect, it } from 'vitest';
import { categorical, numeric, table } from '../testing/tables';
import { privacyReport } from './privacy-report';
import { baselineProtection, correctedForSize, overfittingProtection } from './protection';
import { quantileOf } from './rows';

const training = table(numeric('x', [0, 2, 4, 10]), categorical('c', ['a', 'a', 'b', 'b']));
const holdout = table(numeric('x', [0, 3, 9]), categorical('c', ['a', 'a', 'b']));
const synthetic = table(numeric('x', [0, 2.1, 9, 9]), categorical('c', ['a', 'a', 'b', 'b']));

describe('privacyReport', () => {
  const report = privacyReport({ synthetic, training, holdout });

  it('measures distances to the training and to the holdout rows', () => {
    // To training 0, 0.005, 0.05, 0.05; to holdout 0, 0.045, 0, 0; of the holdout to training 0, 0.05, 0.05.
    expect(report.dcr.training.median).toBeCloseTo((0.005 + 0.05) / 2, 12);
    expect(report.dcr.training.fifthPercentile).toBeCloseTo(0.15 * 0.005, 12);
    expect(report.dcr.holdout?.median).toBe(0);
    expect(report.dcr.reference?.median).toBeCloseTo(0.05, 12);
    // 2.1 is 0.005 from 2 and 0.105 from 0; 9 is 0.05 from 10 and 0.25 from 4.
    expect(report.nndr.training.median).toBeCloseTo((0.005 / 0.105 + 0.2) / 2, 12);
  });

  it('counts copies, near copies and new rows', () => {
    expect(report.copies).toEqual({
      ...{ copied: 0.25, repeated: 0.25, repeatedInReal: 0 },
      ...{ copiedFromHoldout: 0.75, holdoutCopies: expect.closeTo(1 / 3, 12) },
    });
    // 0 and 0.005 of the synthetic rows; 0 of the holdout rows.
    expect(report.nearCopies).toEqual({ threshold: 0.01, share: 0.5, reference: expect.closeTo(1 / 3, 12) });
    // 2 is not within 1% of 2.1, nor 10 within 1% of 9.
    expect(report.newRows).toEqual({ score: 0.75, newRows: 3, matchedRows: 1 });
  });

  it('gives the protections that their own functions give', () => {
    const uncorrected = overfittingProtection(synthetic, { training, holdout });
    // 4 training rows beside 3 of the holdout: (1 - 0.25) / (3 / 7) is above 1.
    expect(report.overfitting).toEqual({ ...uncorrected, expectedCloser: 4 / 7, score: 1 });
    // Closer to training: 2.1; equally: 0; closer to holdout: both 9.
    expect(report.overfitting).toMatchObject({
      closerToTraining: 0.25,
      equallyClose: 0.25,
      closerToHoldout: 0.5,
      score: 1,
    });
    const alone = privacyReport({ synthetic, training });
    expect(alone.baseline).toEqual(baselineProtection(synthetic, training));
    expect(alone).toMatchObject({ overfitting: undefined, nearCopies: { reference: undefined } });
    expect(alone.dcr).toMatchObject({ holdout: undefined, reference: undefined });
  });

  it('judges a seeded sample and says its size', () => {
    const sampled = privacyReport({ synthetic, training, holdout }, { maxRows: 2, seed: 1 });
    expect(sampled.judgedRows).toBe(2);
    expect(privacyReport({ synthetic, training, holdout }, { maxRows: 2, seed: 1 })).toEqual(sampled);
  });
});

describe('correctedForSize', () => {
  const found = { closerToHoldout: 0, equallyClose: 0, isHoldoutLargeEnough: false, judgedRows: 100, score: 0.1 };

  it('is 1 where chance alone makes rows close to the many training rows, and 0 where all are', () => {
    const rows = { training: 950, holdout: 50 };
    const scoreAt = (closerToTraining: number) => correctedForSize({ ...found, closerToTraining }, rows).score;
    expect(scoreAt(0.95)).toBeCloseTo(1, 12);
    expect(scoreAt(0.975)).toBeCloseTo(0.5, 12);
    expect(scoreAt(1)).toBe(0);
    expect(scoreAt(0.5)).toBe(1);
  });

  it('is that of SDMetrics with as many rows on both sides', () => {
    const even = correctedForSize({ ...found, closerToTraining: 0.8 }, { training: 70, holdout: 70 });
    expect(even.score).toBeCloseTo(2 * (1 - 0.8), 12);
    expect(even.expectedCloser).toBe(0.5);
  });
});

describe('quantileOf', () => {
  it('lies between neighbours in proportion', () => {
    expect(quantileOf(Float64Array.of(4, 1, 3, 2), 0.5)).toBe(2.5);
    expect(quantileOf(Float64Array.of(0, 10), 0.05)).toBe(0.5);
    expect(quantileOf(new Float64Array(), 0.5)).toBeNaN();
  });
});
