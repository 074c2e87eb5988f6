/**
 * `npm run bench:quality`: how good synthetic rows of UCI Adult are. Reads `../shared/data/adult.csv`, or the file that is
 * named. BENCH_MODELS, BENCH_EPOCHS, BENCH_SEEDS and BENCH_ONLY (`report`, `efficacy`) say what is trained and measured.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTrainerProgram } from './trainer-program.mjs';

const csv = process.argv[2] ?? join(root, '../shared/data/adult.csv');
if (!existsSync(csv)) {
  console.error(`There is no ${csv}: name UCI Adult as a CSV with a header, npm run bench:quality -- adult.csv`);
  process.exit(1);
}
runTrainerProgram('quality-bench', csv);
