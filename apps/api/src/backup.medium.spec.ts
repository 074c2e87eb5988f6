import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './platform/database/embedded/embedded-postgres';
import { Homes } from './platform/database/embedded/testing/homes';
import { createTestDatabase, testPostgresMajor } from './platform/database/testing/test-postgres';
import { ApiClient } from './testing/api-client';
import { quick, smallTable } from './testing/small-runs';
import { startTestApp } from './testing/test-app';
import type { TestApp } from './testing/test-app';

const run = promisify(execFile);
/** Debian's client of PostgreSQL 15, which reads servers up to 15; what it wrote, any later server takes. */
const oldBinaries = '/usr/lib/postgresql/15/bin';
const isHere = existsSync(join(oldBinaries, 'pg_dump'));
if (!isHere) console.warn(`backup and restore are not tested: ${oldBinaries} is not installed (package postgresql-15)`);
/** docs/operations.md names them in this order. */
const folders = ['datasets', 'runs', 'samples', 'reports'];

/** All that people see of a run, and how its rows look. */
async function contentOf({ url }: TestApp, { datasetId, runId, sampleId }: Record<string, string>) {
  const client = new ApiClient(url);
  const ok = async (path: string) => {
    const response = await client.request(path);
    expect(response.status, path).toBe(200);
    return response;
  };
  const json = async (path: string): Promise<unknown> => (await ok(path)).json();
  return {
    dataset: await json(`/datasets/${datasetId}`),
    run: await json(`/runs/${runId}`),
    events: await json(`/runs/${runId}/events?after=0&limit=5000`),
    metrics: await json(`/runs/${runId}/metrics`),
    logs: await json(`/runs/${runId}/logs`),
    checkpoints: await json(`/runs/${runId}/checkpoints`),
    file: await (await ok(`/samples/${sampleId}/file`)).text(),
  };
}

describe.skipIf(!isHere || testPostgresMajor() !== 18)('backup and restore', { timeout: 180_000 }, () => {
  const homes = new Homes();
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => homes.clean());

  it('as documented bring data, streams and files to another server of a later major version', async () => {
    const home = homes.create();
    const old = await startEmbeddedPostgres({ home, log: () => undefined, binFolder: oldBinaries });
    expect(old.major).toBe(15);
    closing.push(() => old.stop());
    const source = await startTestApp({ databaseUrl: old.url });
    closing.push(source.close);
    const client = new ApiClient(source.url);
    const { id: datasetId } = await client.uploadCsv('prices.csv', smallTable());
    const { id: runId } = await client.startRun(datasetId, quick);
    await client.untilStatus(runId, 'completed');
    const { id: sampleId } = await client.sample(runId, { rows: 200, seed: 5 });
    const ids = { datasetId, runId, sampleId };
    const before = await contentOf(source, ids);
    expect(before.file.trim().split('\n')).toHaveLength(201);
    expect(before.events).toMatchObject({ items: expect.arrayContaining([expect.anything()]) as unknown });

    // While the server runs, in the order of the documentation: first the database, then the files.
    const backup = await mkdtemp(join(tmpdir(), 'gan-dashboard-backup-'));
    closing.push(() => rm(backup, { recursive: true, force: true }));
    const dump = join(backup, 'gan.dump');
    await run(join(oldBinaries, 'pg_dump'), ['--format=custom', `--file=${dump}`, old.url]);
    for (const folder of folders.filter((name) => existsSync(join(source.config.dataDir, name))))
      await cp(join(source.config.dataDir, folder), join(backup, folder), { recursive: true });

    const database = await createTestDatabase();
    closing.push(() => database.drop());
    const options = ['--clean', '--if-exists', '--no-owner', '--exit-on-error', `--dbname=${database.url}`];
    await run(join(oldBinaries, 'pg_restore'), [...options, dump]);
    const restored = await startTestApp({ databaseUrl: database.url, dataDir: backup });
    closing.push(restored.close);
    expect(await contentOf(restored, ids)).toEqual(before);

    // It is at work again, too: the same rows from the restored checkpoint, and a new run from the restored table.
    const again = new ApiClient(restored.url);
    const drawn = await again.sample(runId, { rows: 200, seed: 5 });
    expect(await (await again.request(`/samples/${drawn.id}/file`)).text()).toBe(before.file);
    const { id: next } = await again.startRun(datasetId, quick);
    await again.untilStatus(next, 'completed');
  });

  it('is what a server of a later major version asks for, instead of touching the data', async () => {
    const home = homes.create();
    const old = await startEmbeddedPostgres({ home, log: () => undefined, binFolder: oldBinaries });
    await old.stop();
    await expect(startEmbeddedPostgres({ home, log: () => undefined })).rejects.toThrow(
      /made by PostgreSQL 15, but the server here is PostgreSQL 18.*dump and restore/,
    );
    const same = await startEmbeddedPostgres({ home, log: () => undefined, binFolder: oldBinaries });
    expect(same.major).toBe(15);
    await same.stop();
  });
});
