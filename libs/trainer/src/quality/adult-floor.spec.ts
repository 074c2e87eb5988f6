import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { independentColumnsReport, realHalvesReport } from './reference-reports';
import { readCsv } from './testing/csv';

const csv = fileURLToPath(new URL('../../../../../shared/data/adult.csv', import.meta.url));
const isPresent = existsSync(csv);
const roles = {
  age: 'numeric',
  workclass: 'categorical',
  fnlwgt: 'numeric',
  education: 'categorical',
  'education-num': 'numeric',
  'marital-status': 'categorical',
  occupation: 'categorical',
  relationship: 'categorical',
  race: 'categorical',
  sex: 'categorical',
  'capital-gain': 'numeric',
  'capital-loss': 'numeric',
  'hours-per-week': 'numeric',
  'native-country': 'categorical',
  income: 'categorical',
} as const;

describe.skipIf(!isPresent)(
  `UCI Adult, floor and ceiling${isPresent ? '' : ' (skipped: ../shared/data/adult.csv is not there)'}`,
  () => {
    const adult = isPresent ? readCsv(csv, roles) : { rowCount: 0, columns: [] };

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
  },
);
