import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkpointPageSchema } from '@gan-dashboard/shared-types';
import type { Checkpoint } from '@gan-dashboard/shared-types';
import { startTestS3 } from '../platform/files/testing/s3-server';
import type { TestS3 } from '../platform/files/testing/s3-server';
import { ApiClient } from '../testing/api-client';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

function smallTable(): string {
  const rows = Array.from(
    { length: 300 },
    (_, index) => `${(100 + index / 7).toFixed(2)},${['buy', 'sell'][index % 2]}`,
  );
  return `price,side\n${rows.join('\n')}\n`;
}

const quick = { epochs: 3, batch_size: 100, steps_per_epoch: 2, generator_layers: [8], critic_layers: [8] };

describe('two processes with nothing in common but a database and a bucket', () => {
  let bucket: TestS3;
  let web: TestApp;
  let worker: TestApp;
  let api: ApiClient;
  let runId = '';

  const checkpoints = async (): Promise<Checkpoint[]> =>
    checkpointPageSchema.parse(await (await api.request(`/runs/${runId}/checkpoints`)).json()).items;

  beforeAll(async () => {
    bucket = await startTestS3();
    web = await startTestApp({ storage: bucket.config, role: 'web' });
    const { databaseUrl } = web.config;
    worker = await startTestApp({ storage: bucket.config, role: 'worker', databaseUrl, checkpointsKeepLast: 1 });
    api = new ApiClient(web.url);
    const dataset = await api.uploadCsv('small.csv', smallTable());
    ({ id: runId } = await api.startRun(dataset.id, { ...quick, checkpoint_every: 1 }));
    await api.untilStatus(runId, 'completed', 'failed');
  });
  afterAll(async () => {
    await worker.close();
    await web.close();
    await bucket.close();
  });

  it('train on one what was uploaded to the other, and leave no file in a data folder', async () => {
    expect(await api.run(runId)).toMatchObject({ status: 'completed', error: null });
    for (const { config } of [web, worker]) {
      const folders = await readdir(config.dataDir);
      expect(folders).not.toContain('datasets');
      expect(folders).not.toContain('runs');
    }
    expect(await readdir(join(web.config.dataDir, 'incoming'))).toEqual([]);
    expect(await checkpoints()).not.toEqual([]);
  });

  it('draw samples on one and give them out from the other, the same for the same seed', async () => {
    const one = await api.sample(runId, { rows: 50, seed: 5 });
    expect(one).toMatchObject({ status: 'ready', error: null, columns: ['price', 'side'] });
    const csv = await (await api.request(`/samples/${one.id}/file`)).text();
    expect(csv.trim().split('\n')).toHaveLength(51);
    const other = await api.sample(runId, { rows: 50, seed: 5 });
    expect(await (await api.request(`/samples/${other.id}/file`)).text()).toBe(csv);
    const parquet = await api.sample(runId, { rows: 20, format: 'parquet' });
    const bytes = Buffer.from(await (await api.request(`/samples/${parquet.id}/file`)).arrayBuffer());
    expect(bytes.subarray(0, 4).toString()).toBe('PAR1');
  });

  it('give a file in ranges, and refuse one outside of it', async () => {
    const [newest] = await checkpoints();
    const path = `/checkpoints/${newest?.id}/file`;
    const whole = await api.request(path);
    expect(whole.status).toBe(200);
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    expect(whole.headers.get('content-disposition')).toContain('filename="epoch-000003-step-000000006.ckpt"');
    const content = Buffer.from(await whole.arrayBuffer());
    expect(content).toHaveLength(newest?.size_bytes ?? 0);

    const etag = whole.headers.get('etag') ?? '';
    const rest = await api.request(path, { headers: { range: `bytes=10-`, 'if-range': etag } });
    expect(rest.status).toBe(206);
    expect(rest.headers.get('content-range')).toBe(`bytes 10-${content.length - 1}/${content.length}`);
    expect(Buffer.from(await rest.arrayBuffer()).equals(content.subarray(10))).toBe(true);
    const other = await api.request(path, { headers: { range: 'bytes=10-', 'if-range': '"another"' } });
    expect(other.status).toBe(200);
    await other.arrayBuffer();
    const outside = await api.request(path, { headers: { range: `bytes=${content.length}-` } });
    expect(outside.status).toBe(416);
    expect(outside.headers.get('content-range')).toBe(`bytes */${content.length}`);
  });

  it('remove old checkpoints, and say so', async () => {
    const all = await checkpoints();
    const removed = all.find(({ removed_at }) => removed_at !== null);
    expect(removed).toBeDefined();
    const gone = await api.request(`/checkpoints/${removed?.id}/file`);
    expect(gone.status).toBe(410);
    expect(await gone.json()).toMatchObject({ title: 'Gone', detail: expect.stringContaining('was removed at') });
    const refused = await api.post(`/runs/${runId}/samples`, { checkpoint_id: removed?.id });
    expect(refused.status).toBe(409);
  });

  it('pin and let go', async () => {
    const [newest] = await checkpoints();
    const patch = (is_pinned: unknown) =>
      api.request(`/checkpoints/${newest?.id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ is_pinned }),
      });
    expect(await (await patch(true)).json()).toMatchObject({ id: newest?.id, is_pinned: true });
    expect(await (await patch(false)).json()).toMatchObject({ is_pinned: false });
    expect((await patch('yes')).status).toBe(400);
  });

  it('delete a sample with its rows', async () => {
    const { id } = await api.sample(runId, { rows: 10 });
    expect((await api.request(`/samples/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await api.request(`/samples/${id}`)).status).toBe(404);
    expect((await api.request(`/samples/${id}/file`)).status).toBe(404);
    const objects = await readdir(join(bucket.folder, 'test-bucket', 'samples'));
    expect(objects.join()).not.toContain(id);
    expect((await api.request(`/samples/${id}`, { method: 'DELETE' })).status).toBe(404);
  });
});
