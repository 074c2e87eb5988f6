/** Runs the tests of this folder with node:test; writes `{ passed, failed, skipped, failures }` for tools/test.mjs. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';
import { root } from './workspace/root.mjs';

const files = readdirSync(join(root, 'tools'), { recursive: true })
  .filter((name) => name.endsWith('.test.mjs'))
  .map((name) => join(root, 'tools', name));
const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };

const isTest = ({ details }) => details?.type !== 'suite';
const events = run({ files, concurrency: 2 })
  .on('test:pass', (test) => {
    if (isTest(test)) counts[test.skip !== undefined || test.todo !== undefined ? 'skipped' : 'passed'] += 1;
  })
  .on('test:fail', (test) => {
    if (isTest(test)) {
      counts.failed += 1;
      counts.failures.push({ test: test.name, message: inspect(test.details.error.cause ?? test.details.error) });
    }
    process.exitCode = 1;
  });
events.compose(spec).pipe(process.stdout);
events.once('end', () => {
  const folder = join(root, 'dist/test-results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tools.json'), JSON.stringify(counts));
});
