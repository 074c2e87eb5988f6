import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { qualityReport } from './quality-report';
import { readCsv } from './testing/csv';

const folder = fileURLToPath(new URL('../../../../../shared/data/sdmetrics_demo/', import.meta.url));
const isPresent = existsSync(folder);
const roles = {
  start_date: 'datetime',
  second_perc: 'numeric',
  work_experience: 'categorical',
  degree_type: 'categorical',
} as const;

/** What SDMetrics 0.29 itself gives for its demo pair, thresholds 0. */
const published = {
  shapes: [0.6621621621621622, 0.8976744186046511, 0.9953488372093023, 0.9395348837209302],
  pairs: [
    0.9187918131436303, 0.6744186046511629, 0.7162790697674419, 0.813953488372093, 0.772093023255814,
    0.9348837209302325,
  ],
  overall: 0.8393750143888287,
};

describe.skipIf(!isPresent)(
  `the demo pair of SDMetrics${isPresent ? '' : ' (skipped: ../shared/data/sdmetrics_demo is not there)'}`,
  () => {
    const read = (which: string) => readCsv(`${folder}student_placements_${which}.csv`, roles);

    it('scores what SDMetrics gives it, to 1e-12', () => {
      const report = qualityReport(read('real'), read('synthetic'), { binning: 'sdmetrics', thresholds: null });
      const shapes = report.columnShapes.columns.map(({ score }) => score ?? Number.NaN);
      const pairs = report.columnPairTrends.pairs.map(({ score }) => score ?? Number.NaN);
      expect(shapes).toHaveLength(published.shapes.length);
      expect(pairs).toHaveLength(published.pairs.length);
      shapes.forEach((score, i) => expect(Math.abs(score - (published.shapes[i] ?? 0))).toBeLessThan(1e-12));
      pairs.forEach((score, i) => expect(Math.abs(score - (published.pairs[i] ?? 0))).toBeLessThan(1e-12));
      expect(Math.abs((report.score ?? Number.NaN) - published.overall)).toBeLessThan(1e-12);
    });

    it('keeps the scores of all pairs but those of a quantity and a category on real edges', () => {
      const own = qualityReport(read('real'), read('synthetic'), { binning: 'sdmetrics', thresholds: null });
      const shared = qualityReport(read('real'), read('synthetic'), { thresholds: null });
      const isChanged = shared.columnPairTrends.pairs.map(
        ({ score }, i) => score !== own.columnPairTrends.pairs[i]?.score,
      );
      // The dates of both tables share their extremes: with the experience the two ways of binning agree by chance.
      expect(isChanged).toEqual([false, false, true, true, true, false]);
    });
  },
);
