import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileCache } from './file-cache';

const hour = 3_600_000;

describe('FileCache', () => {
  let folder = '';
  let time = 0;
  let cache: FileCache;
  const add = (key: string, bytes = 100) => cache.add(key, (part) => writeFile(part, 'x'.repeat(bytes)));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-cache-'));
    time = Date.UTC(2026, 10, 23);
    cache = new FileCache(folder, { maxBytes: 250, now: () => time });
    return () => rm(folder, { recursive: true });
  });

  it('removes what was used longest ago when there is no more room', async () => {
    await add('a/one');
    time += hour;
    await add('a/two');
    time += hour;
    expect(await cache.find('a/one')).toBe(join(folder, 'a/one'));
    time += 2 * hour;
    await add('a/three');
    expect(await cache.find('a/two')).toBeUndefined();
    expect(await cache.find('a/one')).toBeDefined();
    expect(await cache.find('a/three')).toBeDefined();
  });

  it('leaves alone what was handed out within the hour, even when that is too much', async () => {
    await add('one', 200);
    time += hour / 2;
    await add('two', 200);
    expect(await cache.find('one')).toBeDefined();
    time += 2 * hour;
    await add('three', 10);
    expect(await cache.find('one')).toBeUndefined();
  });

  it('leaves nothing of a copy that failed', async () => {
    const failing = cache.add('one', async (part) => {
      await writeFile(part, 'half');
      throw new Error('the line broke');
    });
    await expect(failing).rejects.toThrow('the line broke');
    expect(await cache.find('one')).toBeUndefined();
  });

  it('removes unfinished copies of processes that are gone, not those under way', async () => {
    const old = join(folder, 'old.part');
    const young = join(folder, 'young.part');
    await writeFile(old, 'x');
    await writeFile(young, 'x');
    await utimes(old, time / 1000 - 2 * 86_400, time / 1000 - 2 * 86_400);
    await utimes(young, time / 1000 - 60, time / 1000 - 60);
    await add('one');
    await expect(readFile(old)).rejects.toThrow('ENOENT');
    expect(await readFile(young, 'utf8')).toBe('x');
  });

  it('forgets', async () => {
    await add('a/one');
    await cache.forget('a/one');
    await cache.forget('a/one');
    expect(await cache.find('a/one')).toBeUndefined();
  });
});
