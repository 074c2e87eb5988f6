import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logPageSchema, metricHistorySchema } from '@gan-dashboard/shared-types';
import type { Dataset } from '@gan-dashboard/shared-types';
import { ApiClient } from './testing/api-client';
import { endless, quick, smallTable } from './testing/small-runs';
import { SseReader } from './testing/sse-reader';
import { startTestApp } from './testing/test-app';
import type { TestApp } from './testing/test-app';

describe('the whole server with real trainers', () => {
  let server: TestApp;
  let api: ApiClient;
  let dataset: Dataset;

  beforeAll(async () => {
    server = await startTestApp();
    api = new ApiClient(server.url);
    dataset = await api.uploadCsv('small.csv', smallTable());
  }, 60_000);
  afterAll(() => server.close());

  it('trains, streams every event once and in order, and keeps the history', { timeout: 90_000 }, async () => {
    const stream = await SseReader.open(`${server.url}/events?channels=training,progress,logs`);
    const started = await api.startRun(dataset.id, quick);
    const ended = await api.untilStatus(started.id, 'completed', 'failed');
    expect(ended).toMatchObject({
      status: 'completed',
      epoch: 3,
      progress_percent: 100,
      error: null,
      eta_seconds: null,
    });
    const logged = await api.events(started.id);
    expect(logged.map(({ seq }) => seq)).toEqual(Array.from({ length: ended.last_seq }, (_, index) => index + 1));
    const ofRun = () => stream.messages.filter((message) => 'seq' in message && message.run_id === started.id);
    await stream.until(() => ofRun().length >= logged.length);
    expect(ofRun()).toEqual(logged);
    const types = logged.map(({ type }) => type);
    expect(types.filter((type) => type === 'training_update')).toHaveLength(3);
    expect(types).toEqual(expect.arrayContaining(['training_start', 'progress', 'log_entry', 'checkpoint_saved']));
    expect(types.at(-1)).toBe('status_update');
    const percents = logged.flatMap((message) => (message.type === 'progress' ? [message.progress_percent] : []));
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    stream.close();
    const metrics = metricHistorySchema.parse(await (await api.request(`/runs/${started.id}/metrics`)).json());
    const loss = metrics.series.find(({ name }) => name === 'generator_loss');
    expect(loss?.epoch).toEqual([1, 2, 3]);
    expect(ended.summary['generator_loss']).toBe(loss?.last.at(-1));
    const logs = logPageSchema.parse(await (await api.request(`/runs/${started.id}/logs?from_line=1`)).json());
    expect(logs.items.map(({ line }) => line)).toEqual(
      Array.from({ length: logs.total_lines }, (_, index) => index + 1),
    );
  });

  it(
    'gives samples whose columns, types and ranges are those of the source, as CSV and as Parquet',
    { timeout: 90_000 },
    async () => {
      const { id } = await api.startRun(dataset.id, quick);
      await api.untilStatus(id, 'completed');
      const sample = await api.sample(id, { rows: 200, seed: 5 });
      expect(sample).toMatchObject({ status: 'ready', columns: ['time', 'price', 'side', 'volume'] });
      const file = await api.request(`/samples/${sample.id}/file`);
      expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      const csv = await file.text();
      const again = await api.sample(id, { rows: 200, seed: 5 });
      expect(await (await api.request(`/samples/${again.id}/file`)).text()).toBe(csv);
      const drawn = await api.uploadCsv('drawn.csv', csv);
      expect(drawn.row_count).toBe(200);
      expect(drawn.columns.map(({ name, type }) => [name, type])).toEqual(
        dataset.columns.map(({ name, type }) => [name, type]),
      );
      const parquet = await api.sample(id, { rows: 50, seed: 5, format: 'parquet' });
      const bytes = Buffer.from(await (await api.request(`/samples/${parquet.id}/file`)).arrayBuffer());
      expect(bytes.subarray(0, 4).toString()).toBe('PAR1');
    },
  );

  it('stops within a step, keeps the state, and draws from it', { timeout: 60_000 }, async () => {
    const { id } = await api.startRun(dataset.id, endless);
    await expect.poll(async () => (await api.run(id)).epoch, { timeout: 30_000 }).toBeGreaterThan(0);
    expect((await api.post(`/runs/${id}/stop`, {})).status).toBe(202);
    const stopped = await api.untilStatus(id, 'stopped', 'failed');
    expect(stopped.status).toBe('stopped');
    expect((await api.sample(id, { rows: 10 })).status).toBe('ready');
    const again = await api.post(`/runs/${id}/stop`, {});
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ detail: expect.stringContaining('stopped') });
  });

  it('keeps what a run needs when its data set is deleted', { timeout: 60_000 }, async () => {
    const own = await api.uploadCsv('short-lived.csv', smallTable());
    const { id } = await api.startRun(own.id, quick);
    await api.untilStatus(id, 'completed');
    expect((await api.request(`/datasets/${own.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await api.request(`/datasets/${own.id}`)).status).toBe(404);
    const refused = await api.post('/runs', { dataset_id: own.id, model: 'wgan-gp', config: quick });
    expect(refused.status).toBe(404);
    expect((await api.sample(id, { rows: 10, format: 'parquet' })).status).toBe('ready');
  });

  it(
    'queues what is beyond its places, in order, and takes a waiting run off the queue',
    { timeout: 60_000 },
    async () => {
      const [first, second, third, fourth] = [
        await api.startRun(dataset.id, endless),
        await api.startRun(dataset.id, endless),
        await api.startRun(dataset.id, quick),
        await api.startRun(dataset.id, quick),
      ];
      await api.untilStatus(first.id, 'running');
      await api.untilStatus(second.id, 'running');
      expect((await api.run(third.id)).status).toBe('queued');
      expect((await api.post(`/runs/${fourth.id}/stop`, {})).status).toBe(202);
      expect((await api.run(fourth.id)).status).toBe('stopped');
      await api.post(`/runs/${first.id}/stop`, {});
      await api.untilStatus(third.id, 'completed');
      await api.post(`/runs/${second.id}/stop`, {});
      await api.untilStatus(second.id, 'stopped');
    },
  );

  it('refuses what cannot be trained, naming the field, the value and the way out', async () => {
    const { id } = dataset;
    const attempts = [
      [{ dataset_id: id, model: 'no-such-model' }, 422, 'no-such-model'],
      [{ dataset_id: id, model: 'wgan-gp', config: { epochs: 0 } }, 422, 'epochs'],
      [{ dataset_id: id, model: 'wgan-gp', config: { ephocs: 3 } }, 422, 'ephocs'],
      [{ dataset_id: randomUUID(), model: 'wgan-gp' }, 404, 'data set'],
      [{ dataset_id: 'x', model: 'wgan-gp' }, 400, 'dataset_id'],
      [{ dataset_id: id, model: 'wgan-gp', seed: -1 }, 400, 'seed'],
      [{ dataset_id: id, model: 'wgan-gp', colour: 'red' }, 400, 'colour'],
    ] as const;
    for (const [body, status, word] of attempts) {
      const response = await api.post('/runs', body);
      expect([response.status, response.headers.get('content-type')]).toEqual([
        status,
        'application/problem+json; charset=utf-8',
      ]);
      expect(((await response.json()) as { detail: string }).detail).toContain(word);
    }
  });

  it('starts one run for two requests with the same Idempotency-Key', { timeout: 60_000 }, async () => {
    const body = { dataset_id: dataset.id, model: 'wgan-gp', config: quick };
    const key = { 'idempotency-key': randomUUID() };
    const [first, second] = [await api.post('/runs', body, key), await api.post('/runs', body, key)];
    const run = (await first.json()) as { id: string };
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(((await second.json()) as { id: string }).id).toBe(run.id);
    expect((await api.post('/runs', { ...body, seed: 9 }, key)).status).toBe(422);
    await api.untilStatus(run.id, 'completed');
  });

  it('describes itself, and answers old trainers that look for the page', async () => {
    const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as {
      paths: Record<string, unknown>;
    };
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/runs/{id}/metrics',
        '/api/v1/audit',
        '/events/training',
        '/api/v1/samples/{id}/file',
      ]),
    );
    expect((await fetch(`${server.url}/api/docs`)).status).toBe(200);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });
});
