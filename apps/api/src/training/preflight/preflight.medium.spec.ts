import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkpointPageSchema, preflightSchema, samplePageSchema } from '@gan-dashboard/shared-types';
import type { Dataset } from '@gan-dashboard/shared-types';
import { ApiClient } from '../../testing/api-client';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
const quick = { epochs: 2, batch_size: 100, steps_per_epoch: 2, generator_layers: [8], critic_layers: [8] };

describe('before and after a run', () => {
  let server: TestApp;
  let api: ApiClient;
  let dataset: Dataset;

  beforeAll(async () => {
    server = await startTestApp();
    api = new ApiClient(server.url);
    const rows = Array.from(
      { length: 300 },
      (_, index) => `${1000 + index * 7},${(index % 50) / 8},${'ab'[index % 2]}`,
    );
    dataset = await api.uploadCsv('small.csv', `customer,value,kind\n${rows.join('\n')}\n`);
  });
  afterAll(() => server.close());

  const look = async (body: Record<string, unknown>) => {
    const response = await api.post('/runs/preflight', { dataset_id: dataset.id, model: 'wgan-gp', ...body });
    expect(response.status).toBe(200);
    return preflightSchema.parse(await response.json());
  };
  const pageOf = async (path: string) => samplePageSchema.parse(await (await api.request(path)).json());

  it('size, warnings and time are told, the time from what former runs have measured', async () => {
    const before = await look({ config: quick, runs: 3 });
    expect(before).toMatchObject({ refusals: [], total_steps: 4, time: { basis: 'formula' } });
    expect(before.encoded_width).toBeGreaterThan(0);
    const { id } = await api.startRun(dataset.id, quick);
    await api.untilStatus(id, 'completed');
    const after = await look({ config: quick });
    expect(after.time).toMatchObject({ basis: 'measured' });
    expect(after.time?.seconds).toBeGreaterThan(0);
  });

  it('what would refuse the run is named, and nothing is started', async () => {
    const refused = await look({ config: { epochs: 0, layers: 3 } });
    expect(refused.refusals.map(({ path }) => path)).toEqual(['config.epochs', 'config.layers']);
    expect(refused.time).toBeNull();
    expect((await look({ model: 'gpt' })).refusals[0]?.message).toContain('There is no model "gpt"');
    const gone = { dataset_id: '00000000-0000-4000-8000-000000000000', model: 'gan' };
    expect((await api.post('/runs/preflight', gone)).status).toBe(404);
  });

  it('the samples of all runs are listed page by page, without their rows', async () => {
    const runs = (await (await api.request('/runs')).json()) as { items: { id: string }[] };
    const runId = runs.items[0]?.id ?? '';
    const older = await api.sample(runId, { rows: 5, seed: 1 });
    const newer = await api.sample(runId, { rows: 6, seed: 2 });
    const first = await pageOf('/samples?limit=1');
    expect(first.items).toMatchObject([{ id: newer.id, preview: [] }]);
    const second = await pageOf(`/samples?limit=1&cursor=${first.next_cursor}`);
    expect(second).toMatchObject({ items: [{ id: older.id }], next_cursor: null });
    expect((await api.request('/samples?cursor=x')).status).toBe(400);
    const saved = checkpointPageSchema.parse(await (await api.request('/checkpoints')).json());
    expect(new Set(saved.items.map((checkpoint) => checkpoint.run_id))).toEqual(new Set([runId]));
  });

  it('the versions of a file are found by its name', async () => {
    const second = await api.uploadCsv('small.csv', 'customer,value,kind\n1,2,a\n2,3,b\n');
    const answer = await (await api.request('/datasets?file_name=small.csv')).json();
    expect(answer).toMatchObject({ items: [{ id: second.id }, { id: dataset.id }] });
    expect(await (await api.request('/datasets?file_name=other.csv')).json()).toMatchObject({ items: [] });
  });
});
