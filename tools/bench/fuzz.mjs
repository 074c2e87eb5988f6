import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../workspace/root.mjs';

// Sends requests made from the description of the API, 10,000 unless FUZZ_REQUESTS says otherwise; FUZZ_SEED gives others.
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const environment = { ...process.env, FUZZ_REQUESTS: process.env.FUZZ_REQUESTS ?? '10000' };
const { status } = spawnSync(process.execPath, [vitest, 'run', 'src/openapi/fuzz'], {
  cwd: join(root, 'apps/api'),
  env: environment,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
