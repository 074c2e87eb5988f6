import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Builds a program of `libs/trainer/bench` and runs it. */
export function runTrainerProgram(program, ...given) {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', '--config', 'vite.bench.config.ts', '--logLevel', 'warn'], {
    cwd: join(root, 'libs/trainer'),
    env: { ...process.env, BENCH_PROGRAM: program },
    stdio: 'inherit',
  });
  console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`);
  const built = join(root, 'dist/bench-trainer', program, `${program}.js`);
  execFileSync(process.execPath, [built, ...given], { stdio: 'inherit' });
}
