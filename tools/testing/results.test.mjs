import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../workspace/root.mjs';
import { findChromium } from './chromium.mjs';
import { listOfFailures, table, verdict } from './report.mjs';
import { countNxTasks, countPlaywright, countSuite, countVitest } from './results.mjs';

const fine = { code: 0, signal: null };

describe('countSuite', () => {
  let folder;
  let file;
  const asIs = (counts) => counts;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'results-'));
    file = join(folder, 'report.json');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const suite = (counts, ended = fine) => {
    writeFileSync(file, JSON.stringify(counts));
    return countSuite(file, ended, asIs);
  };

  it('passes on what the report says', () => {
    assert.deepEqual(suite({ passed: 3, failed: 0, skipped: 1 }), { passed: 3, failed: 0, skipped: 1 });
  });

  it('fails a suite without a report, or with half of one', () => {
    assert.equal(countSuite(join(folder, 'none'), fine, asIs).failed, 1);
    writeFileSync(file, '{"passed": 3');
    assert.equal(countSuite(file, fine, asIs).failed, 1);
  });

  it('fails a suite that ran no test, or skipped all of them', () => {
    assert.equal(suite({ passed: 0, failed: 0, skipped: 0 }).failed, 1);
    assert.equal(suite({ passed: 0, failed: 0, skipped: 9 }).failed, 1);
  });

  it('fails a suite that crashed after its tests passed', () => {
    assert.equal(suite({ passed: 3, failed: 0, skipped: 0 }, { code: 1, signal: null }).failed, 1);
    assert.equal(suite({ passed: 3, failed: 0, skipped: 0 }, { code: null, signal: 'SIGSEGV' }).failed, 1);
  });
});

describe('the reports of the runners', () => {
  it('count a Vitest file that did not load', () => {
    const report = {
      numPassedTests: 2,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [
        {
          name: join(root, 'a.spec.ts'),
          status: 'failed',
          assertionResults: [
            { status: 'passed' },
            { status: 'passed' },
            { status: 'failed', fullName: 'adds', failureMessages: ['1 is not 2'] },
          ],
        },
        { name: join(root, 'b.spec.ts'), status: 'failed', message: 'no such module', assertionResults: [] },
      ],
    };
    const failures = [
      { test: 'a.spec.ts › adds', message: '1 is not 2' },
      { test: 'b.spec.ts', message: 'no such module' },
    ];
    assert.deepEqual(countVitest(report), { passed: 2, failed: 2, skipped: 2, failures });
  });

  it('count what Playwright could not even start', () => {
    const stats = { expected: 4, unexpected: 1, skipped: 2, flaky: 1 };
    const failed = { title: 'opens', ok: false, tests: [{ results: [{ errors: [{ message: 'too late' }] }] }] };
    const suites = [{ file: 'a.spec.ts', specs: [{ ok: true }], suites: [{ file: 'a.spec.ts', specs: [failed] }] }];
    const { failures, ...counts } = countPlaywright({ stats, errors: [{ message: 'no browser' }], suites });
    assert.deepEqual(counts, { passed: 5, failed: 2, skipped: 2, note: '1 passed only at a retry' });
    assert.deepEqual(failures, [
      { test: 'a.spec.ts › opens', message: 'too late' },
      { test: 'beside the tests', message: 'no browser' },
    ]);
  });

  it('count one test per Nx task of the target, and name those that failed', () => {
    const tasks = [
      { target: 'lint', projectName: 'api', status: 0 },
      { target: 'lint', projectName: 'web', status: 1 },
      { target: 'build', projectName: 'web', status: 0 },
    ];
    assert.deepEqual(countNxTasks('lint')({ tasks }), { passed: 1, failed: 1, skipped: 0, note: 'web' });
  });
});

describe('the summary', () => {
  const rows = [
    { title: 'lint', passed: 6, failed: 0, skipped: 0, seconds: 12.34 },
    { title: 'unit: web', passed: 40, failed: 2, skipped: 0, seconds: 8, note: 'broken' },
  ];

  it('ends with the sums', () => {
    assert.equal(verdict(rows), '46 passed, 2 failed');
    assert.equal(verdict([{ ...rows[0], skipped: 3 }]), '6 passed, 0 failed, 3 skipped');
  });

  it('names each failed test with the head of its message', () => {
    const failures = [
      { test: 'a.spec.ts › adds', message: `\u001b[31m1 is not 2\u001b[39m\n\n${'more\n'.repeat(99)}` },
    ];
    const lines = listOfFailures([rows[0], { ...rows[1], failures }]).split('\n');
    assert.deepEqual(lines.slice(0, 3), ['✗ unit: web: a.spec.ts › adds', '    1 is not 2', '    more']);
    assert.equal(lines.length, 13);
  });

  it('has a line for each stage', () => {
    const lines = table(rows).split('\n');
    assert.equal(lines.length, 3);
    assert.match(lines[2], /^unit: web +40 +2 +0 +8\.0 s {2}broken$/);
  });
});

describe('findChromium', () => {
  const having = (file) => (it) => it === file;

  it('prefers CHROMIUM, and says when that is wrong', () => {
    const environment = { CHROMIUM: '/opt/my/chrome', PATH: '/usr/bin' };
    assert.equal(findChromium(environment, having('/opt/my/chrome')), '/opt/my/chrome');
    assert.throws(() => findChromium(environment, having('/usr/bin/chromium')), /CHROMIUM=\/opt\/my\/chrome/);
  });

  it('looks along PATH and in the usual places', () => {
    assert.equal(findChromium({ PATH: '/mine:/usr/bin' }, having('/mine/google-chrome')), '/mine/google-chrome');
    assert.equal(findChromium({}, having('/usr/bin/chromium')), '/usr/bin/chromium');
    assert.equal(
      findChromium({ PATH: '/usr/bin' }, () => false),
      undefined,
    );
  });
});
