import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkpointPageSchema, sampleSchema } from '@gan-dashboard/shared-types';
import type { Dataset, Sample } from '@gan-dashboard/shared-types';
import { ApiClient } from '../testing/api-client';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';
import { SamplesRepository } from './samples.repository';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
const patience = { timeout: 60_000, interval: 20 };
const quick = { epochs: 2, batch_size: 100, steps_per_epoch: 2, generator_layers: [8], critic_layers: [8] };

describe('samples', () => {
  let server: TestApp;
  let api: ApiClient;
  let dataset: Dataset;
  let runId = '';

  beforeAll(async () => {
    server = await startTestApp();
    api = new ApiClient(server.url);
    const rows = Array.from({ length: 300 }, (_, index) => `${index / 8},${['a', 'b'][index % 2]}`);
    dataset = await api.uploadCsv('small.csv', `value,kind\n${rows.join('\n')}\n`);
    ({ id: runId } = await api.startRun(dataset.id, quick));
    await api.untilStatus(runId, 'completed');
  });
  afterAll(() => server.close());

  const ask = async (body: Record<string, unknown>, run = runId): Promise<Sample> => {
    const response = await api.post(`/runs/${run}/samples`, body);
    expect(response.status).toBe(202);
    return sampleSchema.parse(await response.json());
  };
  const refusal = async (body: Record<string, unknown>, run = runId) => {
    const response = await api.post(`/runs/${run}/samples`, body);
    return { status: response.status, body: (await response.json()) as { detail: string } };
  };
  const get = async (id: string): Promise<Sample> =>
    sampleSchema.parse(await (await api.request(`/samples/${id}`)).json());
  const workFolders = () => {
    const folder = join(server.config.dataDir, 'work', 'samples');
    return existsSync(folder) ? readdirSync(folder).flatMap((job) => readdirSync(join(folder, job))) : [];
  };
  const untilDrawing = () => vi.waitFor(() => expect(workFolders().join()).toContain('.csv'), patience);

  it('are drawn from the state that a run at work is in', async () => {
    const { id } = await api.startRun(dataset.id, { ...quick, epochs: 100_000 });
    await vi.waitFor(async () => expect((await api.run(id)).epoch).toBeGreaterThan(0), patience);
    const { checkpoint_id: checkpointId } = await ask({ rows: 10, now: true }, id);
    const checkpoints = checkpointPageSchema.parse(await (await api.request(`/runs/${id}/checkpoints`)).json());
    expect(checkpoints.items.find((checkpoint) => checkpoint.id === checkpointId)).toMatchObject({
      reason: 'requested',
    });
    expect(await refusal({ now: true, checkpoint_id: checkpointId }, id)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'checkpoint_id' }] },
    });
    await api.post(`/runs/${id}/stop`, {});
    await api.untilStatus(id, 'stopped');
    expect((await refusal({ now: true }, id)).status).toBe(409);
  });

  it('are given up when they are deleted, and nobody hears of a failure', async () => {
    const { id } = await ask({ rows: 10_000_000 });
    await untilDrawing();
    expect((await api.request(`/samples/${id}`, { method: 'DELETE' })).status).toBe(204);
    await vi.waitFor(() => expect(workFolders()).toEqual([]), patience);
    expect((await api.request(`/samples/${id}`)).status).toBe(404);
    expect((await api.sample(runId, { rows: 5 })).status).toBe('ready');
    const errors = (await api.events(runId)).filter(({ type }) => type === 'sample_generation_error');
    expect(errors).toEqual([]);
  });

  it('that the end of the server cut off are drawn at the next start', async () => {
    const { id } = await ask({ rows: 400_000, seed: 3 });
    await untilDrawing();
    await server.stop();
    server = await server.restart();
    api = new ApiClient(server.url);
    expect(await get(id)).toMatchObject({ status: 'pending' });
    await vi.waitFor(async () => expect(await get(id)).toMatchObject({ status: 'ready', error: null }), patience);
    const text = await (await api.request(`/samples/${id}/file`)).text();
    expect(text.trimEnd().split('\n')).toHaveLength(400_001);
    const complete = (await api.events(runId)).filter(
      ({ type, data }) => type === 'sample_generation_complete' && (data as { sample_id: string }).sample_id === id,
    );
    expect(complete).toHaveLength(1);
  });

  it('are sent whole and without formulas where that is asked for', async () => {
    const { id } = await api.sample(runId, { rows: 5 });
    const plain = await api.request(`/samples/${id}/file`, { headers: { range: 'bytes=0-3' } });
    expect(plain.status).toBe(206);
    const escaped = await api.request(`/samples/${id}/file?escape_formulas=true`, { headers: { range: 'bytes=0-3' } });
    expect([escaped.status, escaped.headers.get('accept-ranges')]).toEqual([200, null]);
    // There is no formula in these rows: nothing of them changes.
    expect(await escaped.text()).toBe(await (await api.request(`/samples/${id}/file`)).text());
    expect((await api.request(`/samples/${id}/file?escape_formulas=perhaps`)).status).toBe(400);
  });

  it('without a job get one at the start', async () => {
    const { id, checkpoint_id: checkpointId } = await api.sample(runId, { rows: 7 });
    const samples = server.app.get(SamplesRepository);
    const { manager } = server.app.get(DataSource);
    expect(await samples.neededCheckpoints(manager, [checkpointId])).toEqual([]);
    await manager.query(`UPDATE sample SET status = 'pending', size_bytes = NULL WHERE id = $1`, [id]);
    expect(await samples.neededCheckpoints(manager, [checkpointId])).toEqual([checkpointId]);
    await server.stop();
    server = await server.restart();
    api = new ApiClient(server.url);
    await vi.waitFor(async () => expect((await get(id)).status).toBe('ready'), patience);
  });

  it('say why they failed', async () => {
    const { manager } = server.app.get(DataSource);
    const { checkpoint_id: checkpointId } = await api.sample(runId, { rows: 5 });
    await manager.query(`UPDATE checkpoint SET sha256 = repeat('0', 64) WHERE id = $1`, [checkpointId]);
    const failed = await api.sample(runId, { rows: 5 });
    expect(failed.status).toBe('failed');
    expect(failed.error).toMatch(/cannot be used: .* is damaged/);
    const file = await api.request(`/samples/${failed.id}/file`);
    expect(file.status).toBe(409);
    expect((await api.events(runId)).map(({ type }) => type)).toContain('sample_generation_error');
  });
});
