import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Builds a program of `libs/trainer/bench`. @returns its file */
export function buildTrainerProgram(program) {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', '--config', 'vite.bench.config.ts', '--logLevel', 'warn'], {
    cwd: join(root, 'libs/trainer'),
    env: { ...process.env, BENCH_PROGRAM: program },
    stdio: 'inherit',
  });
  return join(root, 'dist/bench-trainer', program, `${program}.js`);
}

/** Builds such a program and runs it. */
export function runTrainerProgram(program, ...given) {
  const built = buildTrainerProgram(program);
  console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`);
  execFileSync(process.execPath, [built, ...given], { stdio: 'inherit' });
}
