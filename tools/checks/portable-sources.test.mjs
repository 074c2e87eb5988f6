import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../workspace/root.mjs';

/** Folders of one machine, and hosts that packages come from. Spelt so that this file does not find itself. */
const unwanted = [
  { what: 'a folder of one machine', pattern: /(?<![\w.~$}/-])\/(?:work|root|Users)\/[\w.-]+/ },
  { what: 'a folder of one user', pattern: /(?<![\w.~$}/-])\/home\/(?!node\b)[\w.-]+\// },
  {
    what: 'a package registry',
    pattern: /\bregistry\.(?:npmjs|yarnpkg)\b|https?:\/\/[\w.-]*(?:registry|npmmirror|artifactory|nexus|verdaccio)/i,
  },
];

function complaints(file, text) {
  return text
    .split('\n')
    .flatMap((line, index) =>
      unwanted
        .filter(({ pattern }) => pattern.test(line))
        .map(({ what }) => `${file}:${index + 1}: ${what}: ${line.trim().slice(0, 120)}`),
    );
}

describe('the files of the repository', () => {
  it('name no folder of one machine and no package registry', (context) => {
    if (!existsSync(join(root, '.git'))) {
      context.skip('not a git checkout');
      return;
    }
    const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
    assert.ok(files.length > 0);
    const found = files
      .filter((file) => existsSync(join(root, file)) && file !== 'tools/checks/portable-sources.test.mjs')
      .flatMap((file) => complaints(file, readFileSync(join(root, file), 'utf8')));
    assert.deepEqual(found, []);
  });

  for (const line of [
    `cd ${'/wo'}rk/main`,
    `see "${'/ro'}ot/project"`,
    `https://${'registry.'}npmjs.org/x`,
    `https://${'nex'}us.example.com/npm/x`,
    `'${'/ho'}me/anna/file'`,
  ]) {
    it(`would be caught: ${line}`, () => assert.equal(complaints('file', line).length, 1));
  }

  for (const line of [
    'GET /api/v1/work/7',
    'const root = "./root/x"',
    'import "../work/x"',
    '/var/lib/gan-dashboard',
  ]) {
    it(`are free to say: ${line}`, () => assert.deepEqual(complaints('file', line), []));
  }
});
