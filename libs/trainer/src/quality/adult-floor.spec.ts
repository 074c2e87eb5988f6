import { describe, expect, it } from 'vitest';
import { independentColumnsReport, realHalvesReport } from './reference-reports';
import { adultNote, isAdultPresent, readAdult } from './testing/adult';

describe.skipIf(!isAdultPresent)(`UCI Adult, floor and ceiling${adultNote}`, () => {
  const adult = isAdultPresent ? readAdult() : { rowCount: 0, columns: [] };

  it('gives shuffled columns 1 and about 0.926, and 0.764 of the 13 pairs that have a trend', () => {
    const { columnShapes, columnPairTrends } = independentColumnsReport(adult, { binning: 'sdmetrics' });
    expect(columnShapes.score).toBe(1);
    expect(columnPairTrends.pairs).toHaveLength(105);
    expect(columnPairTrends.pairs.filter(({ isCounted }) => isCounted)).toHaveLength(13);
    expect(columnPairTrends.scoreOfAllPairs).toBeCloseTo(0.926, 2);
    expect(columnPairTrends.score).toBeCloseTo(0.764, 2);
  });

  it('gives a real half against the other about 0.994, 0.980 and 0.986', () => {
    const { columnShapes, columnPairTrends } = realHalvesReport(adult, { seed: 1 });
    expect(columnShapes.score).toBeCloseTo(0.994, 2);
    expect(columnPairTrends.scoreOfAllPairs).toBeCloseTo(0.98, 2);
    expect(columnPairTrends.score).toBeCloseTo(0.986, 2);
  });
});
