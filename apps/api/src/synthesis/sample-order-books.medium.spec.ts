import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { bookPictureSchema, datasetSchema } from '@gan-dashboard/shared-types';
import { ApiClient } from '../testing/api-client';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
const patience = { timeout: 60_000, interval: 50 };
const quick = { epochs: 1, batch_size: 100, steps_per_epoch: 2, generator_layers: [8], critic_layers: [8] };
let server: TestApp;
let api: ApiClient;

beforeAll(async () => {
  server = await startTestApp();
  api = new ApiClient(server.url);
});
afterAll(() => server.close());

const picture = async (id: string) => {
  const response = await api.request(`/samples/${id}/order-book`);
  return { status: response.status, body: (await response.json()) as { detail?: string } };
};

it.each(['csv', 'parquet'])('order books of a sample as %s are drawn, and none of them is crossed', async (format) => {
  const made = await api.post('/datasets/generate', { kind: 'treasury_orderbook', rows: 300, seed: 3 });
  const { id } = datasetSchema.parse(await made.json());
  await vi.waitFor(async () => {
    const dataset = datasetSchema.parse(await (await api.request(`/datasets/${id}`)).json());
    expect(dataset.status).toBe('ready');
  }, patience);
  const run = await api.startRun(id, quick);
  await api.untilStatus(run.id, 'completed');
  const sample = await api.sample(run.id, { rows: 2_000, format });
  const { status, body } = await picture(sample.id);
  expect(status).toBe(200);
  const drawn = bookPictureSchema.parse(body);
  expect(drawn).toMatchObject({ rows: 2_000, tick_size: 1 / 256, faults: { faulty: 0, crossed: 0, off_tick: 0 } });
  expect(drawn.depth.bid).toHaveLength(5);
  expect(Math.min(...drawn.path.spread)).toBeGreaterThanOrEqual(1);
});

it('says that the run of a sample learned no order book', async () => {
  const rows = Array.from({ length: 100 }, (_, index) => `${index / 8},${['a', 'b'][index % 2]}`);
  const dataset = await api.uploadCsv('small.csv', `value,kind\n${rows.join('\n')}\n`);
  const run = await api.startRun(dataset.id, quick);
  await api.untilStatus(run.id, 'completed');
  const sample = await api.sample(run.id, { rows: 10 });
  expect(await picture(sample.id)).toMatchObject({
    status: 409,
    body: { detail: expect.stringMatching(/no order book/) },
  });
});
