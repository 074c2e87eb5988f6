import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Of } from './disk';
import { FileDamagedError, FileMissingError, StorageError } from './file-store';
import type { FileStore } from './file-store';
import { LocalFiles } from './local-files';
import { S3Files } from './s3-files';
import { startTestS3 } from './testing/s3-server';

interface Subject {
  store: FileStore;
  close: () => Promise<void>;
}

const subjects: Record<string, (folder: string) => Promise<Subject>> = {
  LocalFiles: (folder) =>
    Promise.resolve({ store: new LocalFiles(join(folder, 'store')), close: () => Promise.resolve() }),
  S3Files: async (folder) => {
    const server = await startTestS3();
    const store = new S3Files({ ...server.config, prefix: 'team/gan/' }, join(folder, 'cache'));
    await store.check();
    const close = async () => {
      store.onApplicationShutdown();
      await server.close();
    };
    return { store, close };
  },
};

describe.each(Object.entries(subjects))('%s keeps the contract of a file store', (_name, open) => {
  let folder = '';
  let store: FileStore;
  let close: () => Promise<void>;
  const file = async (content: string | Buffer, name = 'source') => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-files-'));
    ({ store, close } = await open(folder));
  });
  afterAll(async () => {
    await close();
    await rm(folder, { recursive: true });
  });

  it('gives back what was put, whole, in ranges and as a local copy, when the source is gone', async () => {
    const path = await file('0123456789');
    await store.put('a/one.txt', path);
    await rm(path);
    expect(await store.size('a/one.txt')).toBe(10);
    expect((await buffer(await store.open('a/one.txt'))).toString()).toBe('0123456789');
    expect((await buffer(await store.open('a/one.txt', { start: 2, end: 4 }))).toString()).toBe('234');
    expect((await buffer(await store.open('a/one.txt', { start: 9, end: 9 }))).toString()).toBe('9');
    expect(await readFile(await store.local('a/one.txt'), 'utf8')).toBe('0123456789');
  });

  it('replaces a file whole', async () => {
    await store.put('a/two.txt', await file('first', 'first'));
    await store.local('a/two.txt');
    await store.put('a/two.txt', await file('second', 'second'));
    expect(await readFile(await store.local('a/two.txt'), 'utf8')).toBe('second');
    expect((await buffer(await store.open('a/two.txt'))).toString()).toBe('second');
  });

  it('keeps files of several parts and empty ones byte by byte', async () => {
    const large = randomBytes(17 * 1024 ** 2 + 3);
    const path = await file(large, 'large');
    await store.put('a/large.bin', path);
    expect((await buffer(await store.open('a/large.bin'))).equals(large)).toBe(true);
    expect(await store.local('a/large.bin', await sha256Of(path))).toContain('large.bin');
    await store.put('a/empty.bin', await file('', 'empty'));
    expect(await store.size('a/empty.bin')).toBe(0);
    expect(await readFile(await store.local('a/empty.bin'), 'utf8')).toBe('');
  });

  it('says what is missing', async () => {
    expect(await store.size('a/nothing.txt')).toBeUndefined();
    await expect(store.open('a/nothing.txt')).rejects.toThrow(new FileMissingError('a/nothing.txt'));
    await expect(store.local('a/nothing.txt')).rejects.toThrow(FileMissingError);
    await expect(store.remove('a/nothing.txt')).resolves.toBeUndefined();
    expect(await store.list('nowhere/')).toEqual([]);
  });

  it('removes', async () => {
    await store.put('b/three.txt', await file('three'));
    await store.local('b/three.txt');
    await store.remove('b/three.txt');
    expect(await store.size('b/three.txt')).toBeUndefined();
    await expect(store.local('b/three.txt')).rejects.toThrow(FileMissingError);
    expect(await store.list('b/')).toEqual([]);
  });

  it('lists a folder with its subfolders, and no other', async () => {
    const path = await file('1234');
    for (const key of ['list/x/1', 'list/x/2', 'list/y', 'lister/z']) await store.put(key, path);
    const listed = await store.list('list/');
    expect(listed.sort((one, other) => one.key.localeCompare(other.key))).toEqual([
      { key: 'list/x/1', sizeBytes: 4 },
      { key: 'list/x/2', sizeBytes: 4 },
      { key: 'list/y', sizeBytes: 4 },
    ]);
  });

  it('refuses a content that is not the expected one', async () => {
    await store.put('a/other.txt', await file('other'));
    await expect(store.local('a/other.txt', '0'.repeat(64))).rejects.toThrow(FileDamagedError);
  });

  it.each(['../up', 'a/../b', '/root', 'a//b', '', 'a/', '.hidden', 'a\\b', 'ä'])('refuses the key %j', async (key) => {
    const path = await file('x');
    await expect(store.put(key, path)).rejects.toThrow(StorageError);
    await expect(store.open(key)).rejects.toThrow(StorageError);
    await expect(store.local(key)).rejects.toThrow(StorageError);
    await expect(store.size(key)).rejects.toThrow(StorageError);
    await expect(store.remove(key)).rejects.toThrow(StorageError);
  });

  it('serves many at once', async () => {
    await store.put('c/shared.txt', await file('shared'));
    const paths = await Promise.all(Array.from({ length: 20 }, () => store.local('c/shared.txt')));
    expect(new Set(paths).size).toBe(1);
  });
});
