import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openParquet } from '@gan-dashboard/trainer';
import { datasetSchema, runSchema } from '@gan-dashboard/shared-types';
import type { Dataset } from '@gan-dashboard/shared-types';
import { ApiClient } from '../testing/api-client';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });
const quick = {
  ...{ epochs: 1, steps_per_epoch: 2, batch_size: 8, sequence_length: 8 },
  lstm_units: 4,
};

describe('samples of sequences', () => {
  let server: TestApp;
  let api: ApiClient;
  let dataset: Dataset;
  let runId = '';

  beforeAll(async () => {
    server = await startTestApp();
    api = new ApiClient(server.url);
    const rows = ['A', 'B'].flatMap((name) =>
      Array.from({ length: 60 }, (_, day) => `${name},${isoDay(day)},${(100 + 5 * Math.sin(day / 3)).toFixed(2)}`),
    );
    const uploaded = await api.uploadCsv('instruments.csv', `instrument,day,price\n${rows.join('\n')}\n`);
    const response = await api.request(`/datasets/${uploaded.id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ columns: [{ name: 'instrument', sequence_role: 'key' }] }),
    });
    dataset = datasetSchema.parse(await response.json());
    const started = await api.post('/runs', { dataset_id: dataset.id, model: 'doppelganger', config: quick, seed: 1 });
    expect(started.status).toBe(201);
    ({ id: runId } = runSchema.parse(await started.json()));
    await api.untilStatus(runId, 'completed');
  });
  afterAll(() => server.close());

  it('keep the role that a column was given', () => {
    expect(dataset.columns.find(({ name }) => name === 'instrument')?.sequence_role).toBe('key');
  });

  it('have as many sequences, and rows of each, as were asked for, as CSV', async () => {
    const sample = await api.sample(runId, { sequences: { count: 3, length: 5 }, seed: 7 });
    expect(sample).toMatchObject({ status: 'ready', rows: 15, sequences: { count: 3, length: 5 } });
    const [head = '', ...lines] = (await (await api.request(`/samples/${sample.id}/file`)).text()).trim().split('\n');
    expect(head.trim().split(',')).toEqual(['sequence', 'instrument', 'day', 'price']);
    expect(lines.map((line) => line.split(',')[0])).toEqual([...'111112222233333']);
    const again = await api.sample(runId, { sequences: { count: 3, length: 5 }, seed: 7 });
    expect(again.preview).toEqual(sample.preview);
  });

  it('come as Parquet, of the usual length where none is named', async () => {
    const sample = await api.sample(runId, { sequences: { count: 2 }, format: 'parquet' });
    expect(sample.rows).toBe(16);
    const folder = await mkdtemp(join(tmpdir(), 'sequences-'));
    try {
      const path = join(folder, `${randomUUID()}.parquet`);
      const file = await api.request(`/samples/${sample.id}/file`);
      await writeFile(path, Buffer.from(await file.arrayBuffer()));
      const column = { name: 'sequence', type: 'integer', role: 'numeric', missing: 0, distinct: 2 } as const;
      const table = await openParquet(path, [column]);
      const read = await table.read(column);
      expect(read.kind === 'quantity' ? [...read.values] : []).toEqual([...Array(8).fill(1), ...Array(8).fill(2)]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('begin at the time and the values that were asked for', async () => {
    const start = { time: '2030-05-06', values: { price: 250 } };
    const sample = await api.sample(runId, { sequences: { count: 2, length: 4, start }, seed: 7 });
    expect(sample).toMatchObject({ status: 'ready', sequences: { start } });
    const [, ...lines] = (await (await api.request(`/samples/${sample.id}/file`)).text()).trim().split(/\r?\n/);
    const firsts = [lines[0], lines[4]].map((line) => line?.split(',').slice(2));
    expect(firsts).toEqual([
      ['2030-05-06', '250'],
      ['2030-05-06', '250'],
    ]);
  });

  it.each([
    ['sequences.start.time', { time: 'soon' }, /"soon" is no time.*ISO 8601/],
    ['sequences.start.values', { values: { volume: 3 } }, /"volume" cannot be.*There are: price/],
    ['sequences.start.values', { values: { instrument: 3 } }, /"instrument" cannot be.*There are: price/],
  ])('are refused where they cannot begin: %s %j', async (path, start, message) => {
    const response = await api.post(`/runs/${runId}/samples`, { sequences: { count: 1, start } });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      errors: [{ path, message: expect.stringMatching(message) as string }],
    });
  });

  it('are refused with the way out where they cannot be drawn', async () => {
    const long = await api.post(`/runs/${runId}/samples`, { sequences: { count: 1_000_000, length: 100 } });
    expect(long.status).toBe(422);
    expect(await long.text()).toContain('ask for at most 10,000,000');
    const picked = await api.post(`/runs/${runId}/samples`, { conditions: [{ column: 'instrument', equals: 'A' }] });
    expect(picked.status).toBe(422);
    expect(await picked.text()).toContain('rows of a sequence cannot be picked one by one');
  });
});

function isoDay(day: number): string {
  return new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
}
