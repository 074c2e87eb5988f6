import { tmpdir } from 'node:os';
import type { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { Readiness } from './readiness';

function readiness(options: { refuses?: string; dataDir?: string; minFreeDiskBytes?: number } = {}): Readiness {
  const query = (text: string) =>
    options.refuses !== undefined && text.includes(options.refuses)
      ? Promise.reject(new Error('refused'))
      : Promise.resolve([]);
  const { dataDir = tmpdir(), minFreeDiskBytes = 1 } = options;
  return new Readiness({ query } as unknown as DataSource, { dataDir, minFreeDiskBytes });
}

describe('Readiness', () => {
  it('has nothing to say where database, disk and queue do their work', async () => {
    expect(await readiness().problems()).toEqual({});
  });

  it('names the database and the queue apart', async () => {
    expect(Object.keys(await readiness({ refuses: 'SELECT' }).problems())).toEqual(['database', 'queue']);
    expect(Object.keys(await readiness({ refuses: 'pgboss' }).problems())).toEqual(['queue']);
  });

  it('says how much room is missing, and that the folder has gone', async () => {
    const { disk } = await readiness({ minFreeDiskBytes: Number.MAX_SAFE_INTEGER }).problems();
    expect(disk).toContain('MIN_FREE_DISK_BYTES=9007199254740991');
    expect((await readiness({ dataDir: '/no/such/folder' }).problems()).disk).toContain('cannot be read');
  });
});
