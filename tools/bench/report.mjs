/**
 * `npm run bench:report`: how long a full quality report of 50,000 rows takes, section by section. Reads
 * `../shared/data/adult.csv`, or the file of the same columns that is named. BENCH_ROWS: how many rows.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTrainerProgram } from './trainer-program.mjs';

const csv = process.argv[2] ?? join(root, '../shared/data/adult.csv');
if (!existsSync(csv)) {
  console.error(`There is no ${csv}: name UCI Adult as a CSV with a header, npm run bench:report -- adult.csv`);
  process.exit(1);
}
runTrainerProgram('report-bench', csv);
