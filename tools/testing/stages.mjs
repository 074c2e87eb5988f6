import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { auditDependencies } from '../checks/dependency-audit.mjs';
import { build, nx, nxCache } from '../workspace/build.mjs';
import { runStep } from '../workspace/child.mjs';
import { root } from '../workspace/root.mjs';
import { howToGetChromium } from './chromium.mjs';
import {
  countNode,
  countNxTasks,
  countPlaywright,
  countSuite,
  countVitest,
  failedSuite,
  skippedSuite,
} from './results.mjs';

/** A stage that hangs is ended after this time, and counts as failed. */
const patienceMs = 12 * 60_000;
const oldestPostgres = '/usr/lib/postgresql/15/bin/postgres';

/**
 * What is checked, in this order. `run` gets `{ node, resultFolder, chromium }` and resolves to the counts of
 * results.mjs; it writes its output as it goes.
 */
export const stages = [
  { name: 'format', title: 'format', run: checkFormat },
  { name: 'lint', title: 'lint', run: (context) => checkProjects('lint', context) },
  { name: 'typecheck', title: 'typecheck', run: (context) => checkProjects('typecheck', context) },
  { name: 'unit', title: 'unit: shared-types', run: (context) => test('shared-types', countVitest, context) },
  { name: 'unit', title: 'unit: trainer', run: (context) => test('trainer', countVitest, context) },
  { name: 'unit', title: 'unit: web', run: (context) => test('web', countVitest, context) },
  { name: 'unit', title: 'unit: client', run: (context) => test('client', countVitest, context) },
  { name: 'unit', title: 'unit: api-client', run: (context) => test('api-client', countVitest, context) },
  { name: 'unit', title: 'unit: tools', run: (context) => test('tools', countNode, context) },
  { name: 'api', title: 'api, PostgreSQL 18', run: (context) => test('api', countVitest, context) },
  { name: 'api', title: 'api, PostgreSQL 15', run: testOnOldestPostgres },
  { name: 'audit', title: 'dependency audit', run: checkDependencies },
  { name: 'build', title: 'build', run: buildAll },
  { name: 'e2e', title: 'browser', run: testInBrowser },
];

async function checkFormat({ node }) {
  const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');
  const { code } = await runStep(node, [prettier, '--check', '.'], { cwd: root, timeoutMs: patienceMs });
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : failedSuite('run npm run format');
}

async function checkProjects(target, { node }) {
  const record = join(nxCache, 'run.json');
  rmSync(record, { force: true });
  const ended = await nx(node, ['run-many', '-t', target, '--output-style=static'], { timeoutMs: patienceMs });
  return countSuite(record, ended, countNxTasks(target));
}

async function checkDependencies() {
  const { kind, lines } = await auditDependencies();
  console.log(lines.join('\n'));
  if (kind === 'unknown') return skippedSuite(lines.join(' '));
  return kind === 'weak' ? failedSuite('see SECURITY.md') : { passed: 1, failed: 0, skipped: 0 };
}

async function test(project, count, { node, resultFolder }) {
  const ended = await nx(node, ['run', `${project}:test`], { timeoutMs: patienceMs });
  return countSuite(join(resultFolder, `${project}.json`), ended, count);
}

async function testOnOldestPostgres({ node, resultFolder }) {
  if (!existsSync(oldestPostgres)) return skippedSuite(`${oldestPostgres} is not installed (package postgresql-15)`);
  const ended = await nx(node, ['run', 'api:test-oldest-postgres'], { timeoutMs: patienceMs });
  return countSuite(join(resultFolder, 'api-postgres-15.json'), ended, countVitest);
}

async function buildAll({ node }) {
  const isBuilt = await build(node, ['api', 'web']);
  const ended = await nx(node, ['run', 'api:openapi'], { timeoutMs: patienceMs });
  const passed = [isBuilt, ended.code === 0].filter(Boolean).length;
  return { passed, failed: 2 - passed, skipped: 0 };
}

async function testInBrowser({ node, resultFolder, chromium }) {
  if (chromium === undefined) return failedSuite(howToGetChromium);
  const report = join(resultFolder, 'web-e2e.json');
  const environment = { CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const ended = await nx(node, ['run', 'web-e2e:e2e'], { timeoutMs: patienceMs, environment });
  return countSuite(report, ended, countPlaywright);
}
