/**
 * `npm run bench:runs`: the list of runs over HTTP with 10,000 runs in the database: newest, filtered, sorted, searched.
 * Prints a table for docs/performance.md. Needs a build (`npm run build`). BENCH_RUNS and BENCH_ROUNDS change the numbers.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
execFileSync(
  process.execPath,
  [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'vite.bench.config.ts', '--logLevel', 'warn'],
  { cwd: join(root, 'apps/api'), stdio: 'inherit' },
);
console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`);
execFileSync(process.execPath, [join(root, 'dist/bench/run-list-bench.js'), join(root, 'dist/apps/api/main.js')], {
  stdio: 'inherit',
});
