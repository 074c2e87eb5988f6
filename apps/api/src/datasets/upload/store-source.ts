import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import type { Readable, TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ProblemException } from '../../platform/http/problem';
import { ByteInspector } from '../table/reading/byte-inspector';
import type { Inspection } from '../table/table-protocol';

export interface StoredSource {
  sizeBytes: number;
  sha256: string;
  inspection: Inspection;
}

/**
 * Writes a stream to `path` while it counts, hashes and inspects the bytes. The file appears under its name only
 * when it is whole and on disk; after an error nothing of it is left.
 *
 * @throws ProblemException 413 for more than `maxBytes`.
 */
export async function storeSource(source: Readable, path: string, maxBytes: number): Promise<StoredSource> {
  const part = `${path}.part`;
  const passing = new InspectedBytes(maxBytes);
  try {
    await pipeline(source, passing, createWriteStream(part));
    const file = await open(part, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return passing.result();
}

/** 413 that says the limit in words. */
export function tooLarge(maxBytes: number): ProblemException {
  const limit = `${inWords(maxBytes)} (${maxBytes.toLocaleString('en')} bytes)`;
  return new ProblemException(
    413,
    `The file is larger than ${limit}, the most that this server takes. ` +
      'Upload a smaller file, or put it into the csv folder of the data directory, or raise MAX_UPLOAD_BYTES.',
  );
}

function inWords(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`;
}

class InspectedBytes extends Transform {
  private readonly hash: Hash = createHash('sha256');
  private readonly inspector = new ByteInspector();
  private size = 0;

  constructor(private readonly maxBytes: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) {
      done(tooLarge(this.maxBytes));
      return;
    }
    this.hash.update(chunk);
    this.inspector.update(chunk);
    done(null, chunk);
  }

  result(): StoredSource {
    return { sizeBytes: this.size, sha256: this.hash.digest('hex'), inspection: this.inspector.finish() };
  }
}
