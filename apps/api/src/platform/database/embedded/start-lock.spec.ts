import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processIdentity } from './processes';
import { withStartLock } from './start-lock';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'start-lock-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const quiet = () => undefined;

describe('withStartLock', () => {
  it('lets one task in at a time', async () => {
    const file = join(folder, 'lock');
    let inside = 0;
    let most = 0;
    const task = () =>
      withStartLock(file, quiet, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      });
    await Promise.all([task(), task(), task(), task()]);
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  it('frees the lock when the work fails', async () => {
    const file = join(folder, 'lock');
    await expect(withStartLock(file, quiet, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withStartLock(file, quiet, () => Promise.resolve('yes'))).toBe('yes');
  });

  it.each([
    ['whose process ended', JSON.stringify({ pid: 2 ** 22 + 1, identity: 'x' })],
    ['whose process number was reused', JSON.stringify({ pid: process.ppid, identity: 'an earlier process' })],
  ])('takes over a lock %s', async (_, content) => {
    const file = join(folder, 'lock');
    writeFileSync(file, content);
    expect(await withStartLock(file, quiet, () => Promise.resolve('in'))).toBe('in');
  });

  it('takes over a lock that was never written, once it is old', async () => {
    const file = join(folder, 'lock');
    writeFileSync(file, '');
    const past = new Date(Date.now() - 60_000);
    utimesSync(file, past, past);
    expect(await withStartLock(file, quiet, () => Promise.resolve('in'))).toBe('in');
  });

  it('waits for a living holder, and says for whom', async () => {
    const file = join(folder, 'lock');
    writeFileSync(file, JSON.stringify({ pid: process.ppid, identity: processIdentity(process.ppid) }));
    const said: string[] = [];
    const holderLeaves = (message: string) => {
      said.push(message);
      rmSync(file);
    };
    expect(await withStartLock(file, holderLeaves, () => Promise.resolve('in'))).toBe('in');
    expect(said).toEqual([expect.stringContaining(`process ${process.ppid}`)]);
  });
});
