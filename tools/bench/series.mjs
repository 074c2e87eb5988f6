/**
 * `npm run bench:series`: how good synthetic sequences are. Reads the stock file of TimeGAN's benchmark
 * (`../shared/data/google_stock.csv`, or the first file that is named) and, where a second file is named, a CSV with a
 * column `price`: the S&P 500 from 2009-01-01 to 2019-12-30, such as `adjclose` of `sp500-2000.csv` in the npm package
 * vega-datasets. BENCH_ONLY (`stock`, `returns`), BENCH_SEEDS and BENCH_CONFIG (settings as JSON) choose.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [stock = join(root, '../shared/data/google_stock.csv'), returns] = process.argv.slice(2);
const absent = [stock, returns].filter((path) => path !== undefined && !existsSync(path));
if (absent.length > 0) {
  console.error(`There is no ${absent.join(', ')}: name the files, npm run bench:series -- google_stock.csv sp500.csv`);
  process.exit(1);
}
execFileSync(
  process.execPath,
  [
    join(root, 'node_modules/vite/bin/vite.js'),
    'build',
    '--config',
    'vite.series-bench.config.ts',
    '--logLevel',
    'warn',
  ],
  { cwd: join(root, 'libs/trainer'), stdio: 'inherit' },
);
console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`);
const bench = join(root, 'dist/bench-series/series-bench.js');
const only = process.env.BENCH_ONLY ?? (returns === undefined ? 'stock' : 'stock,returns');
execFileSync(process.execPath, [bench, stock, ...(returns === undefined ? [] : [returns])], {
  stdio: 'inherit',
  env: { ...process.env, BENCH_ONLY: only },
});
