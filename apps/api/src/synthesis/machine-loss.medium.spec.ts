import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkpointPageSchema, sampleSchema } from '@gan-dashboard/shared-types';
import { startTestS3 } from '../platform/files/testing/s3-server';
import type { TestS3 } from '../platform/files/testing/s3-server';
import { ApiClient } from '../testing/api-client';
import { endless, quick, smallTable } from '../testing/small-runs';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });
const patience = { timeout: 60_000, interval: 50 };

describe('a worker that is lost with its disk', () => {
  let bucket: TestS3;
  let web: TestApp;
  let api: ApiClient;
  let folder = '';
  let lost: ChildProcess;
  let next: TestApp | undefined;

  beforeAll(async () => {
    bucket = await startTestS3();
    web = await startTestApp({ storage: bucket.config, role: 'web' });
    api = new ApiClient(web.url);
    folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-lost-'));
    lost = spawnWorker();
  });
  afterAll(async () => {
    if (lost.exitCode === null && lost.signalCode === null) lost.kill('SIGKILL');
    await next?.close();
    await web.close();
    await bucket.close();
    await removeFolder();
  });

  /** The trainer of a killed worker saves its state before it ends, into the folder that is being removed. */
  const removeFolder = () => rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 20 });

  /** The built server, as on another machine. */
  function spawnWorker(): ChildProcess {
    const worker = process.env['TRAINER_WORKER'];
    if (!worker) throw new Error('TRAINER_WORKER names the build; vite.config.ts sets it');
    return spawn(process.execPath, [join(dirname(worker), 'main.js')], {
      env: {
        ...process.env,
        ROLE: 'worker',
        PORT: '0',
        DATA_DIR: folder,
        DATABASE_URL: web.config.databaseUrl,
        STORAGE: 's3',
        S3_ENDPOINT: bucket.config.endpoint,
        S3_BUCKET: bucket.config.bucket,
        S3_ACCESS_KEY_ID: bucket.config.credentials?.accessKeyId,
        S3_SECRET_ACCESS_KEY: bucket.config.credentials?.secretAccessKey,
      },
      stdio: 'ignore',
    });
  }
  const checkpoints = async (runId: string) =>
    checkpointPageSchema.parse(await (await api.request(`/runs/${runId}/checkpoints`)).json()).items;
  const sample = async (id: string) => sampleSchema.parse(await (await api.request(`/samples/${id}`)).json());
  const isDrawing = () => {
    const jobs = join(folder, 'work', 'samples');
    return existsSync(jobs) && readdirSync(jobs).some((job) => readdirSync(join(jobs, job)).join().includes('.csv'));
  };

  it('loses nothing but the steps since the last checkpoint', async () => {
    const dataset = await api.uploadCsv('small.csv', smallTable());
    const { id: trained } = await api.startRun(dataset.id, quick);
    await api.untilStatus(trained, 'completed');
    const { id: running } = await api.startRun(dataset.id, { ...endless, checkpoint_every: 5 });
    await vi.waitFor(async () => expect((await checkpoints(running)).length).toBeGreaterThan(1), patience);
    const asked = await api.post(`/runs/${trained}/samples`, { rows: 400_000 });
    const { id: sampleId } = sampleSchema.parse(await asked.json());
    await vi.waitFor(() => expect(isDrawing()).toBe(true), patience);

    const exited = once(lost, 'exit');
    lost.kill('SIGKILL');
    await exited;
    const before = await api.run(running);
    const [newest] = await checkpoints(running);
    await removeFolder();
    next = await startTestApp({ storage: bucket.config, role: 'worker', databaseUrl: web.config.databaseUrl });

    await vi.waitFor(
      async () => {
        const after = await api.run(running);
        expect(after).toMatchObject({ status: 'running', attempt: 2, error: null });
        expect(after.epoch).toBeGreaterThan(before.epoch);
      },
      { ...patience, timeout: 90_000 },
    );
    const logs = (await api.events(running)).flatMap((event) =>
      event.type === 'log_entry' ? [event.data.message] : [],
    );
    expect(logs.join('\n')).toMatch(/goes on from its checkpoint after step \d+/);
    expect(newest?.step).toBeGreaterThan(0);
    await vi.waitFor(async () => expect((await sample(sampleId)).status).toBe('ready'), {
      ...patience,
      timeout: 120_000,
    });
    await api.post(`/runs/${running}/stop`, {});
    await api.untilStatus(running, 'stopped');
  });
});
