import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { QualityTable } from '../table';
import { readCsv } from './csv';

const csv = fileURLToPath(new URL('../../../../../../shared/data/adult.csv', import.meta.url));
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

export const isAdultPresent = existsSync(csv);
/** What a suite's name says where the file is not there. */
export const adultNote = isAdultPresent ? '' : ' (skipped: ../shared/data/adult.csv is not there)';

/** UCI Adult, 32,561 rows of 15 columns; ` ?` is missing. */
export function readAdult(): QualityTable {
  return readCsv(csv, roles);
}
