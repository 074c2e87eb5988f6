// node train.ts http://127.0.0.1:8081 prices.csv synthetic.csv '{"epochs": 20}'
// Uploads a table, trains on it, follows the training by its event stream, and saves 1,000 synthetic rows.
import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { answerOf, createClient, readEvents, uploadDataset } from '../src/index.ts';

const [url = 'http://127.0.0.1:8081', input = 'prices.csv', output = 'synthetic.csv', config = '{}'] =
  process.argv.slice(2);
const api = createClient({ url, token: process.env['GAN_DASHBOARD_TOKEN'] });

/** Asks again every half second until the work is done. */
async function ready<T extends { status: string; error: string | null }>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const state = await ask();
    if (state.status === 'ready') return state;
    if (state.status === 'failed') throw new Error(state.error ?? 'failed');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function follow(run: string): Promise<string> {
  for await (const message of readEvents(api, { run, channels: ['training'] })) {
    if (message.type === 'training_update') {
      console.log(`epoch ${message.data.epoch}, generator loss ${message.data.generator_loss}`);
    }
    if (message.type !== 'status_update') continue;
    const { status } = message.data;
    if (status === 'failed') throw new Error(message.data.message);
    if (status === 'completed' || status === 'stopped') return status;
  }
  throw new Error('the stream ended before the training');
}

const { id: datasetId } = await uploadDataset(api, await openAsBlob(input), basename(input));
const dataset = { params: { path: { id: datasetId } } };
await ready(async () => answerOf(await api.GET('/api/v1/datasets/{id}', dataset)));

const settings = JSON.parse(config) as Record<string, unknown>;
const wanted = { dataset_id: datasetId, model: 'wgan-gp', config: settings, tags: [], notes: '', priority: 0 };
const run = answerOf(await api.POST('/api/v1/runs', { body: wanted }));
console.log(`run ${run.id}`);
console.log(await follow(run.id));

const rows = { rows: 1000, seed: 42, format: 'csv', now: false } as const;
const drawn = answerOf(await api.POST('/api/v1/runs/{id}/samples', { params: { path: { id: run.id } }, body: rows }));
const sample = { params: { path: { id: drawn.id } } };
await ready(async () => answerOf(await api.GET('/api/v1/samples/{id}', sample)));
const file = answerOf(await api.GET('/api/v1/samples/{id}/file', { ...sample, parseAs: 'stream' }));
if (!file) throw new Error('the sample is empty');
await writeFile(output, file);
console.log(`saved ${output}`);
