import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { appendStream } from './disk';

describe('appendStream', () => {
  let path = '';

  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-disk-'));
    path = join(folder, 'file');
    return () => rm(folder, { recursive: true });
  });

  /** Gives its parts as fast as they are taken, and breaks behind the last. */
  const breaking = (parts: Buffer[]) =>
    Readable.from(
      (function* () {
        yield* parts;
        throw new Error('the line broke');
      })(),
    );

  it('has in the file what it told of, when the stream breaks and is taken up', async () => {
    const parts = Array.from({ length: 8 }, (_, index) => Buffer.alloc(1_000, index));
    const told: Buffer[] = [];
    const tell = (part: Buffer) => told.push(part);
    await expect(appendStream(path, breaking(parts.slice(0, 5)), tell)).rejects.toThrow('the line broke');
    expect((await readFile(path)).equals(Buffer.concat(told))).toBe(true);
    await appendStream(path, Readable.from(parts.slice(told.length)), tell);
    expect((await readFile(path)).equals(Buffer.concat(parts))).toBe(true);
  });
});
