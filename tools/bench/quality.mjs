/**
 * `npm run bench:quality`: how good synthetic rows of UCI Adult are. Reads `../shared/data/adult.csv`, or the file that is
 * named. BENCH_MODELS, BENCH_EPOCHS, BENCH_SEEDS and BENCH_ONLY (`report`, `efficacy`) say what is trained and measured.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const csv = process.argv[2] ?? join(root, '../shared/data/adult.csv');
if (!existsSync(csv)) {
  console.error(`There is no ${csv}: name UCI Adult as a CSV with a header, npm run bench:quality -- adult.csv`);
  process.exit(1);
}
execFileSync(
  process.execPath,
  [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'vite.bench.config.ts', '--logLevel', 'warn'],
  { cwd: join(root, 'libs/trainer'), stdio: 'inherit' },
);
console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`);
execFileSync(process.execPath, [join(root, 'dist/bench-trainer/quality-bench.js'), csv], { stdio: 'inherit' });
