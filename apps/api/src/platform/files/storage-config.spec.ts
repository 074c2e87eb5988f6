import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigurationError, readConfig } from '../configuration/app-config';
import { readStorageConfig } from './storage-config';

const folder = mkdtempSync(join(tmpdir(), 'gan-dashboard-config-'));
const s3 = { STORAGE: 's3', S3_BUCKET: 'gan-files' };

describe('readStorageConfig', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it('keeps files on this machine unless told otherwise', () => {
    expect(readStorageConfig({})).toEqual({ storage: { kind: 'local' }, mistakes: [] });
    expect(readConfig({}).storage).toEqual({ kind: 'local' });
  });

  it('needs no more than a bucket', () => {
    expect(readStorageConfig(s3)).toEqual({
      storage: {
        kind: 's3',
        endpoint: undefined,
        region: 'us-east-1',
        bucket: 'gan-files',
        prefix: '',
        isPathStyle: false,
        credentials: undefined,
        cacheBytes: 21_474_836_480,
      },
      mistakes: [],
    });
  });

  it('addresses a bucket by its path where the service is named, and ends a prefix with a slash', () => {
    const { storage } = readStorageConfig({ ...s3, S3_ENDPOINT: 'http://minio:9000', S3_PREFIX: 'team/gan' });
    expect(storage).toMatchObject({ isPathStyle: true, prefix: 'team/gan/' });
    const host = readStorageConfig({ ...s3, S3_ENDPOINT: 'https://s3.example.com', S3_PATH_STYLE: 'false' });
    expect(host.storage).toMatchObject({ isPathStyle: false });
  });

  it('reads secrets from files', () => {
    const path = join(folder, 'secret');
    writeFileSync(path, 'from-a-file\n');
    const { storage } = readStorageConfig({ ...s3, S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY_FILE: path });
    expect(storage).toMatchObject({ credentials: { accessKeyId: 'id', secretAccessKey: 'from-a-file' } });
    const { mistakes } = readStorageConfig({ ...s3, S3_SECRET_ACCESS_KEY_FILE: '/not/there' });
    expect(mistakes.join()).toContain('S3_SECRET_ACCESS_KEY_FILE="/not/there": cannot be read: ENOENT');
  });

  it.each([
    [{ STORAGE: 'ftp' }, 'STORAGE="ftp": must be local or s3'],
    [{ STORAGE: 's3' }, 'S3_BUCKET="": must name the bucket'],
    [{ ...s3, S3_ENDPOINT: 'minio:9000' }, 'S3_ENDPOINT="minio:9000": must be a URL'],
    [{ ...s3, S3_PREFIX: '../up' }, 'S3_PREFIX="../up": must look like'],
    [{ ...s3, S3_CACHE_BYTES: '0' }, 'S3_CACHE_BYTES="0"'],
    [{ ...s3, S3_SECRET_ACCESS_KEY: 'a-secret' }, 'give both, or neither'],
  ])('refuses %j', (environment, expected) => {
    const { mistakes } = readStorageConfig(environment);
    expect(mistakes.join('\n')).toContain(expected);
    expect(mistakes.join('\n')).not.toContain('a-secret');
    expect(() => readConfig(environment)).toThrow(ConfigurationError);
  });
});
