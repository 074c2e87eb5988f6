import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { withLock } from './lock.mjs';

describe('withLock', () => {
  let folder;
  let file;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock '));
    file = join(folder, 'sub/lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const options = { everyMs: 5, tell: () => undefined };

  it('lets one in at a time, and frees the lock when the work fails', async () => {
    let inside = 0;
    const work = async () => {
      inside += 1;
      assert.equal(inside, 1);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    const fail = () => Promise.reject(new Error('no'));
    const failing = assert.rejects(withLock(file, fail, options), /no/);
    await Promise.all([withLock(file, work, options), failing, withLock(file, work, options)]);
    assert.equal(existsSync(file), false);
  });

  for (const [what, content] of [
    ['of a process that ended', JSON.stringify({ pid: 2 ** 22 + 1, started: '1' })],
    ['whose process number was reused', JSON.stringify({ pid: process.pid, started: 'before' })],
    ['that was never written', ''],
  ]) {
    it(`takes over a lock ${what}`, async () => {
      const plain = join(folder, 'lock');
      writeFileSync(plain, content);
      utimesSync(plain, 1, 1);
      assert.equal(await withLock(plain, () => 'in', options), 'in');
    });
  }
});
