import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from '../workspace/root.mjs';

/**
 * @typedef {{ test: string, message: string }} Failure
 * @typedef {{ passed: number, failed: number, skipped: number, note?: string, failures?: Failure[] }} Counts
 * @typedef {{ code: number | null, signal: string | null }} Ended how the process that ran the tests ended
 */

/** @returns {Counts} a suite that broke before, or beside, its tests */
export const failedSuite = (note) => ({ passed: 0, failed: 1, skipped: 0, note });

/** @returns {Counts} */
export const skippedSuite = (note) => ({ passed: 0, failed: 0, skipped: 1, note });

/**
 * Counts a suite from the report that its runner wrote. No report, no tests, or a failure that no test accounts for
 * (a crash, an unhandled error) counts as a failed test.
 *
 * @param {string} file the report
 * @param {Ended} ended
 * @param {(report: object) => Counts} count
 * @returns {Counts}
 */
export function countSuite(file, ended, count) {
  const how = ended.signal ? `ended by ${ended.signal}` : `exit code ${ended.code}`;
  if (!existsSync(file)) return failedSuite(`no results (${how})`);
  let counts;
  try {
    counts = count(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    return failedSuite(`unreadable results: ${error.message}`);
  }
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, note: `reported no tests (${how})` };
  if (counts.failed === 0 && ended.code !== 0)
    return { ...counts, failed: 1, note: `failed beside its tests (${how})` };
  return counts;
}

/** Vitest's JSON report (Jest's format). A file that failed to load has no tests of its own: it counts as one. */
export function countVitest(report) {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((it) => it.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap(vitestFailures),
  };
}

function vitestFailures({ name = '', message = '', status, assertionResults }) {
  const file = relative(root, name);
  const tests = assertionResults.filter((it) => it.status === 'failed');
  if (status === 'failed' && tests.length === 0) return [{ test: file, message }];
  return tests.map(({ fullName, failureMessages = [] }) => ({
    test: `${file} › ${fullName}`,
    message: failureMessages.join('\n'),
  }));
}

/** Playwright's JSON report. */
export function countPlaywright({ stats, errors, suites = [] }) {
  const counts = {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
    failures: [
      ...suites.flatMap(playwrightFailures),
      ...errors.map(({ message }) => ({ test: 'beside the tests', message })),
    ],
  };
  return stats.flaky > 0 ? { ...counts, note: `${stats.flaky} passed only at a retry` } : counts;
}

function playwrightFailures({ file, specs = [], suites = [] }) {
  const failed = specs.filter(({ ok }) => !ok);
  const own = failed.map(({ title, tests }) => {
    const errors = tests.flatMap(({ results }) => results.flatMap((result) => result.errors ?? []));
    return { test: `${file} › ${title}`, message: errors.map((error) => error.message).join('\n') };
  });
  return [...own, ...suites.flatMap(playwrightFailures)];
}

/** The report of run-node-tests.mjs: already counts. */
export const countNode = ({ passed, failed, skipped, failures }) => ({ passed, failed, skipped, failures });

/**
 * Nx's record of its last run: each task of the target is one test.
 *
 * @param {string} target for example `lint`
 */
export const countNxTasks = (target) => (record) => {
  const tasks = record.tasks.filter((task) => task.target === target);
  const failed = tasks.filter(({ status }) => status !== 0);
  const counts = { passed: tasks.length - failed.length, failed: failed.length, skipped: 0 };
  return failed.length > 0 ? { ...counts, note: failed.map(({ projectName }) => projectName).join(', ') } : counts;
};
