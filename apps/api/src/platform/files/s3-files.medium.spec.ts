import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from './disk';
import { FileDamagedError, StorageError } from './file-store';
import { S3Files } from './s3-files';
import type { S3Config } from './storage-config';
import { startTestS3 } from './testing/s3-server';
import type { TestS3 } from './testing/s3-server';

describe('S3Files', () => {
  let server: TestS3;
  let folder = '';
  let sequence = 0;

  beforeAll(async () => {
    server = await startTestS3();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-s3-cache-'));
    return () => rm(folder, { recursive: true });
  });
  afterAll(() => server.close());

  const storeOf = (changes: Partial<S3Config> = {}) =>
    new S3Files({ ...server.config, ...changes }, join(folder, `cache-${++sequence}`));
  const file = async (content: string | Buffer) => {
    const path = join(folder, `source-${++sequence}`);
    await writeFile(path, content);
    return path;
  };
  const objectPath = (key: string) => join(server.folder, 'test-bucket', `${key}._S3rver_object`);
  const refusalOf = async (changes: Partial<S3Config>) => {
    const error: unknown = await storeOf(changes)
      .check()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ConfigurationError' });
    const text = JSON.stringify(error) + (error as Error).message + ((error as Error).stack ?? '');
    expect(text).not.toContain('a-secret');
    return (error as Error).message;
  };

  it('passes the check at the start and leaves nothing behind', async () => {
    const store = storeOf();
    await store.check();
    expect(await store.list('start-check/')).toEqual([]);
  });

  it('names the bucket and what is wrong, without a secret, where it cannot be used', { timeout: 60_000 }, async () => {
    expect(await refusalOf({ bucket: 'not-there' })).toMatch(/"not-there" at http:\/\/127.*does not exist.*S3_BUCKET/);
    const unknown = { accessKeyId: 'a-secret-id', secretAccessKey: 'a-secret' };
    expect(await refusalOf({ credentials: unknown })).toMatch(/does not know these credentials.*S3_ACCESS_KEY_ID/);
    const nobody = { endpoint: 'http://user:a-secret@127.0.0.1:9' };
    expect(await refusalOf(nobody)).toMatch(/"test-bucket" at http:\/\/127\.0\.0\.1:9 cannot be reached.*S3_ENDPOINT/);
  });

  it('lets one store read what another put, and reads it from the network once', async () => {
    await storeOf().put('x/one', await file('content'));
    const reader = storeOf();
    const path = await reader.local('x/one');
    expect(await readFile(path, 'utf8')).toBe('content');
    await rm(objectPath('x/one'));
    expect(await reader.local('x/one')).toBe(path);
  });

  it('fetches a damaged copy again, and refuses a damaged object', async () => {
    const source = await file('the content');
    const sha256 = await sha256Of(source);
    const store = storeOf();
    await store.put('x/two', source);
    const path = await store.local('x/two', sha256);
    await rm(path);
    await writeFile(path, 'the c0ntent');
    expect(await readFile(await store.local('x/two', sha256), 'utf8')).toBe('the content');
    await rm(objectPath('x/two'));
    await writeFile(objectPath('x/two'), 'the c0ntent');
    // No hash is given: the one that the object carries is enough.
    await expect(storeOf().local('x/two')).rejects.toThrow(FileDamagedError);
  });

  it('lists more files than a page of the service has', { timeout: 60_000 }, async () => {
    const folder = join(server.folder, 'test-bucket', 'many');
    await mkdir(folder, { recursive: true });
    const names = Array.from({ length: 1_003 }, (_, index) => String(index).padStart(4, '0'));
    for (const name of names) {
      await writeFile(join(folder, `${name}._S3rver_object`), 'x');
      await writeFile(join(folder, `${name}._S3rver_metadata.json`), '{"content-length":"1"}');
      await writeFile(join(folder, `${name}._S3rver_object.md5`), '0'.repeat(32));
    }
    const listed = await storeOf().list('many/');
    expect(listed.map(({ key }) => key)).toEqual(names.map((name) => `many/${name}`));
  });

  it('says that the service is away, and goes on when it is back', { timeout: 60_000 }, async () => {
    const store = storeOf();
    await store.put('x/three', await file('three'));
    await server.stop();
    try {
      await expect(store.open('x/three')).rejects.toThrow(StorageError);
      await expect(store.put('x/four', await file('four'))).rejects.toThrow('cannot be reached');
      // The copy of this machine is still there.
      expect(await readFile(await store.local('x/three'), 'utf8')).toBe('three');
    } finally {
      await server.start();
    }
    await store.put('x/four', await file('four'));
    expect((await buffer(await store.open('x/four'))).toString()).toBe('four');
  });

  describe('behind a line that breaks', () => {
    let line: BrokenLine;

    beforeAll(async () => {
      line = await BrokenLine.before(server.config.endpoint ?? '');
    });
    afterAll(() => line.close());

    it('takes a download up where it broke', { timeout: 60_000 }, async () => {
      const content = Buffer.alloc(3_000_000, 'abcdefg');
      await storeOf().put('x/long', await file(content));
      line.breakAfter = 1_000_000;
      const store = storeOf({ endpoint: line.url });
      expect((await readFile(await store.local('x/long'))).equals(content)).toBe(true);
      expect(line.ranges.length).toBeGreaterThan(1);
      expect(line.ranges[0]).toBeUndefined();
      expect(line.ranges[1]).toMatch(/^bytes=\d+-$/);
    });
  });
});

/** A proxy that cuts each answer off after some bytes. */
class BrokenLine {
  breakAfter = Number.POSITIVE_INFINITY;
  readonly ranges: (string | undefined)[] = [];
  private readonly server: Server;

  static async before(target: string): Promise<BrokenLine> {
    const line = new BrokenLine(target);
    await new Promise<void>((resolve) => line.server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  private constructor(private readonly target: string) {
    this.server = createServer((request, response) => {
      this.pass(request, response).catch(() => response.destroy());
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = Object.entries(request.headers).filter(([name]) => !['host', 'connection'].includes(name));
    this.ranges.push(request.headers.range);
    const answer = await fetch(`${this.target}${request.url}`, {
      method: request.method ?? 'GET',
      headers: Object.fromEntries(headers) as Record<string, string>,
    });
    const content = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (content.length <= this.breakAfter) {
      response.end(content);
      return;
    }
    response.write(content.subarray(0, this.breakAfter), () => response.destroy());
  }
}
