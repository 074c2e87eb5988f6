/**
 * `npm run bench:store`: what metric series and logs cost in PostgreSQL. Prints a table for docs/performance.md.
 * `BENCH_POSTGRES_BIN=/usr/lib/postgresql/15/bin` measures another PostgreSQL than the embedded one, `BENCH_ROUNDS`
 * says how often. As root it drops the system's page cache before cold reads, else it says that it could not.
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
execFileSync(process.execPath, [join(root, 'dist/bench/store-bench.js')], { stdio: 'inherit' });
