import { describe, expect, it } from 'vitest';
import { categorical, numeric, table } from '../testing/tables';
import { privacyReport } from './privacy-report';
import { baselineProtection, overfittingProtection } from './protection';
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
    expect(report.overfitting).toEqual(overfittingProtection(synthetic, { training, holdout }));
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

describe('quantileOf', () => {
  it('lies between neighbours in proportion', () => {
    expect(quantileOf(Float64Array.of(4, 1, 3, 2), 0.5)).toBe(2.5);
    expect(quantileOf(Float64Array.of(0, 10), 0.05)).toBe(0.5);
    expect(quantileOf(new Float64Array(), 0.5)).toBeNaN();
  });
});
