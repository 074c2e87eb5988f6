/**
 * `npm run bench:engines`: whether the fused engine costs quality. `ctgan` by it and by TensorFlow.js with the same seeds on
 * part of UCI Adult (`../shared/data/adult.csv`, or the file that is named), and the paired differences of the scores.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTrainerProgram } from './trainer-program.mjs';

const csv = process.argv[2] ?? join(root, '../shared/data/adult.csv');
if (!existsSync(csv)) {
  console.error(`There is no ${csv}: name UCI Adult as a CSV with a header, npm run bench:engines -- adult.csv`);
  process.exit(1);
}
runTrainerProgram('engines-bench', csv);
