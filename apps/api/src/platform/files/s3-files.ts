import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Logger } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { ConfigurationError } from '../configuration/app-config';
import { appendStream, linkOrCopy, sha256Of } from './disk';
import { FileCache } from './file-cache';
import { checkFolder, checkKey, FileDamagedError, FileMissingError, FileStore, StorageError } from './file-store';
import type { ByteRange, StoredFile } from './file-store';
import { isMissing, s3Error } from './s3-errors';
import type { S3Config } from './storage-config';

/** A larger file travels in parts of this size, some at a time. */
const partBytes = 8 * 1024 ** 2;
const partsAtOnce = 4;
const connectionTimeoutMs = 5_000;
/** Without a byte for this long a connection counts as dead. */
const idleTimeoutMs = 30_000;
const attempts = 4;

/**
 * Keeps files in a bucket of an S3-compatible service. Each object carries the SHA-256 of its content, and what comes
 * back is checked against it. Copies on this machine are cached.
 */
export class S3Files extends FileStore implements OnApplicationShutdown {
  private readonly logger = new Logger(S3Files.name);
  private readonly client: S3Client;
  private readonly cache: FileCache;
  private readonly fetching = new Map<string, Promise<string>>();

  constructor(
    private readonly config: S3Config,
    cacheFolder: string,
  ) {
    super();
    this.client = clientFor(config);
    this.cache = new FileCache(cacheFolder, { maxBytes: config.cacheBytes });
  }

  /** Writes, reads, lists and removes a small object. @throws ConfigurationError that names the bucket and what is wrong. */
  async check(): Promise<void> {
    const key = `start-check/${randomUUID()}`;
    try {
      await this.client.send(new PutObjectCommand({ ...this.object(key), Body: key }));
      const read = await this.client.send(new GetObjectCommand(this.object(key)));
      if ((await read.Body?.transformToString()) !== key) throw new StorageError('the bucket gave back something else');
      await this.list('start-check/');
      await this.client.send(new DeleteObjectCommand(this.object(key)));
    } catch (error) {
      throw new ConfigurationError([`STORAGE=s3: ${s3Error(error, this.config, 'the check of the bucket').message}`]);
    }
  }

  onApplicationShutdown(): void {
    this.client.destroy();
  }

  async put(key: string, path: string): Promise<void> {
    const sha256 = await sha256Of(path);
    await this.doing(`storing ${key}`, async () => {
      const params = { ...this.object(key), Body: createReadStream(path), Metadata: { sha256 } };
      await new Upload({ client: this.client, params, partSize: partBytes, queueSize: partsAtOnce }).done();
    });
    await this.cache.forget(key);
    await this.cache.add(key, (part) => linkOrCopy(path, part));
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const { Body } = await this.get(key, range ? { Range: `bytes=${range.start}-${range.end}` } : {});
    return Body;
  }

  async local(key: string, sha256?: string): Promise<string> {
    const cached = await this.cache.find(checkKey(key));
    if (cached !== undefined) {
      if (sha256 === undefined || (await sha256Of(cached)) === sha256) return cached;
      this.logger.warn(`the copy of ${key} on this machine is damaged; it is fetched again`);
      await this.cache.forget(key);
    }
    const fetched = await this.fetchOnce(key);
    const found = sha256 === undefined ? undefined : await sha256Of(fetched);
    if (found === sha256) return fetched;
    await this.cache.forget(key);
    throw new FileDamagedError(key, `its SHA-256 is ${found ?? 'unknown'}, not ${sha256 ?? 'unknown'}`);
  }

  async size(key: string): Promise<number | undefined> {
    try {
      return (await this.client.send(new HeadObjectCommand(this.object(key)))).ContentLength;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw s3Error(error, this.config, `asking for ${key}`);
    }
  }

  async remove(key: string): Promise<void> {
    await this.doing(`removing ${key}`, () => this.client.send(new DeleteObjectCommand(this.object(key))));
    await this.cache.forget(key);
  }

  async list(folder: string): Promise<StoredFile[]> {
    const { bucket: Bucket, prefix } = this.config;
    const Prefix = prefix + checkFolder(folder);
    const files: StoredFile[] = [];
    let ContinuationToken: string | undefined;
    do {
      const query = { Bucket, Prefix, ...(ContinuationToken === undefined ? {} : { ContinuationToken }) };
      const page = await this.doing(`listing ${folder}`, () => this.client.send(new ListObjectsV2Command(query)));
      for (const { Key, Size } of page.Contents ?? []) {
        if (Key !== undefined) files.push({ key: Key.slice(prefix.length), sizeBytes: Size ?? 0 });
      }
      ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
    return files;
  }

  /** Several that ask for a file at the same time share one download. */
  private fetchOnce(key: string): Promise<string> {
    let fetching = this.fetching.get(key);
    if (!fetching) {
      fetching = this.cache.add(key, (part) => this.download(key, part)).finally(() => this.fetching.delete(key));
      this.fetching.set(key, fetching);
    }
    return fetching;
  }

  /** A connection that breaks in the middle is taken up where it broke, as long as the object is the same. */
  private async download(key: string, path: string): Promise<void> {
    let first = await this.get(key);
    const { ETag, ContentLength: total, Metadata } = first;
    const hash = createHash('sha256');
    let received = 0;
    for (let attempt = 1; ; attempt++) {
      try {
        await appendStream(path, first.Body, (part) => {
          hash.update(part);
          received += part.length;
        });
        break;
      } catch (error) {
        if (attempt === attempts) throw s3Error(error, this.config, `fetching ${key}`);
        this.logger.debug(`the download of ${key} broke after ${received} bytes and is taken up there`);
        first = await this.get(key, { Range: `bytes=${received}-`, ...(ETag === undefined ? {} : { IfMatch: ETag }) });
      }
    }
    const found = hash.digest('hex');
    const expected = Metadata?.['sha256'];
    if (expected !== undefined && found !== expected) {
      throw new FileDamagedError(key, `its SHA-256 is ${found}, not ${expected} as it was when it was stored`);
    }
    if (total !== undefined && received !== total) {
      throw new FileDamagedError(key, `${received} of ${total} bytes came`);
    }
  }

  private async get(
    key: string,
    wanted: { Range?: string; IfMatch?: string } = {},
  ): Promise<GetObjectCommandOutput & { Body: Readable }> {
    try {
      const answer = await this.client.send(new GetObjectCommand({ ...this.object(key), ...wanted }));
      // On Node the body is a stream of Node's; the type also covers browsers.
      return answer as GetObjectCommandOutput & { Body: Readable };
    } catch (error) {
      throw isMissing(error) ? new FileMissingError(key) : s3Error(error, this.config, `reading ${key}`);
    }
  }

  private async doing<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw s3Error(error, this.config, what);
    }
  }

  private object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.config.bucket, Key: this.config.prefix + checkKey(key) };
  }
}

function clientFor({ endpoint, region, isPathStyle, credentials }: S3Config): S3Client {
  return new S3Client({
    region,
    forcePathStyle: isPathStyle,
    maxAttempts: attempts,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    // Services other than Amazon's do not all know the newer checksums; each object carries a SHA-256 of ours.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: connectionTimeoutMs, socketTimeout: idleTimeoutMs },
  });
}
