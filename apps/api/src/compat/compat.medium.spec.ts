import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApp } from '../testing/test-app';
import type { TestApp } from '../testing/test-app';

const patience = { timeout: 20_000, interval: 50 };
const tinyConfig = { batch_size: 16, steps_per_epoch: 2, latent_dim: 4, generator_layers: [8], critic_layers: [8] };

/** What a script gets from its JSON parser. */
type Json = ReturnType<typeof JSON.parse>;

/** The original clients: unnamed SSE frames, fields where the first dashboard had them, no headers of ours. */
class OriginalClient {
  constructor(private readonly base: string) {}

  async get(path: string): Promise<{ status: number; body: Json }> {
    const response = await fetch(`${this.base}${path}`);
    return { status: response.status, body: await response.json() };
  }

  async post(path: string, body?: unknown): Promise<{ status: number; body: Json }> {
    const response = await fetch(`${this.base}${path}`, {
      method: 'POST',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  async upload(name: string, text: string): Promise<{ status: number; body: Json }> {
    const form = new FormData();
    form.set('file', new Blob([text], { type: 'text/csv' }), name);
    const response = await fetch(`${this.base}/api/upload_csv`, { method: 'POST', body: form });
    return { status: response.status, body: await response.json() };
  }

  /**
   * Opens a stream as `new EventSource(url)` does, and resolves once it says something: what happens from then on comes.
   * `until` then reads the data lines of unnamed frames, as `onmessage` does, until a message is of that kind.
   */
  async listen(path: string): Promise<{ until: (isLast: (message: Json) => boolean) => Promise<Json[]> }> {
    const stop = new AbortController();
    const response = await fetch(`${this.base}${path}`, { signal: stop.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    const messages: Json[] = [];
    let rest = '';
    const read = async () => {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the stream ${path} has ended`);
      const frames = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) {
        expect(frame).not.toMatch(/^event:/m);
        const data = /^data: ?(.*)$/m.exec(frame)?.[1];
        if (data !== undefined) messages.push(JSON.parse(data));
      }
    };
    await read();
    const until = async (isLast: (message: Json) => boolean) => {
      while (!messages.some(isLast)) await read();
      stop.abort();
      return messages;
    };
    return { until };
  }
}

let server: TestApp;
let client: OriginalClient;
beforeAll(async () => {
  server = await startTestApp();
  client = new OriginalClient(server.url);
});
afterAll(() => server.close());

const csv = ['time,price,side', ...Array.from({ length: 60 }, (_, i) => `2026-01-${10 + (i % 20)},${i / 4},b`)].join(
  '\n',
);

describe('the routes of the original dashboard', () => {
  it('takes a CSV and shows it as pandas would', async () => {
    const uploaded = await client.upload('prices.csv', csv);
    expect(uploaded.status).toBe(200);
    expect(uploaded.body).toMatchObject({ success: true, preview: { filename: 'prices.csv', size: csv.length } });
    const { status, body } = await client.get('/api/preview_csv?filename=prices.csv');
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, filename: 'prices.csv' });
    expect(body.data_info).toMatchObject({
      data_type: 'time_series',
      row_count: 60,
      column_count: 3,
      shape: [60, 3],
      columns: ['time', 'price', 'side'],
      dtypes: { time: 'datetime64[ns]', price: 'float64', side: 'object' },
      missing_values: { time: 0, price: 0, side: 0 },
      numeric_columns: ['price'],
      categorical_columns: ['side'],
      datetime_columns: ['time'],
    });
    expect(body.data_info.sample_data).toHaveLength(5);
    expect(body.data_info.sample_data[1]).toMatchObject({ price: 0.25, side: 'b' });
    expect(body.data_info.summary_stats.price).toMatchObject({ count: 60, min: 0, max: 14.75, mean: 7.375 });
    expect(body.plot_data.index).toHaveLength(50);
    expect(body.plot_data.index[0]).toBe(10);
    expect(body.plot_data.price.slice(0, 2)).toEqual([2.5, 2.75]);
  });

  it('refuses a preview without a name and of an unknown one', async () => {
    expect(await client.get('/api/preview_csv')).toMatchObject({ status: 400, body: { success: false } });
    const unknown = await client.get('/api/preview_csv?filename=none.csv');
    expect(unknown).toMatchObject({ status: 404, body: { success: false } });
    expect(unknown.body.error).toContain('none.csv');
  });

  it('makes an order book of sample data, with or without a body', async () => {
    const { body } = await client.post('/api/generate_sample', { rows: 50, seed: 3 });
    expect(body).toMatchObject({ success: true, generated_file: body.filename });
    expect(body.preview).toHaveLength(10);
    expect(Object.keys(body.summary)).toContain('bid_price_1');
    const preview = await client.get(`/api/preview_csv?filename=${body.filename}`);
    expect(preview.body.data_info).toMatchObject({
      data_type: 'multi_level_order_book',
      order_book_info: { levels: 5 },
    });
    expect(await client.post('/api/generate_sample', { rows: 1 })).toMatchObject({ status: 400 });
  });

  it('is idle, and has nothing to stop, before a training', async () => {
    expect((await client.get('/api/training_status')).body).toEqual({ status: 'idle' });
    expect((await client.post('/api/stop_training')).body).toMatchObject({ success: false });
  });

  it('trains, streams, and lists what was saved', async () => {
    const progressStream = await client.listen('/events/progress');
    const trainingStream = await client.listen('/events/training');
    const progress = progressStream.until((m) => m.progress_percent === 100);
    const training = trainingStream.until((m) => m.type === 'training_complete');
    const started = await client.post('/api/start_training', {
      config: tinyConfig,
      data_source: 'prices.csv',
      epochs: 3,
    });
    expect(started).toMatchObject({ status: 200, body: { success: true, data_source: 'prices.csv' } });
    expect(started.body.pid).toBeGreaterThan(0);
    expect(started.body.run_id).toMatch(/^[0-9a-f-]{36}$/);
    const last = (await progress).at(-1);
    expect(last).toMatchObject({ type: 'progress', epoch: 3, progress_percent: 100 });
    const updates = (await training).filter((message) => message.type === 'training_update');
    expect(updates.map((message) => message.data.epoch)).toEqual([1, 2, 3]);
    expect(updates[0].data).toMatchObject({ total_epochs: 3, generator_loss: expect.any(Number) });
    const models = await vi.waitFor(async () => {
      const { body } = await client.get('/api/models');
      expect(body.length).toBeGreaterThan(0);
      return body;
    }, patience);
    expect(models[0]).toMatchObject({ epoch: 3, loss: expect.any(Number), date: expect.stringMatching(/Z$/) });
  });

  it('stops the training that runs', async () => {
    const { body } = await client.post('/api/start_training', { config: { ...tinyConfig, epochs: 100_000 } });
    expect(body.success).toBe(true);
    await vi.waitFor(async () => {
      const status = (await client.get('/api/training_status')).body;
      expect(status).toMatchObject({ status: 'running', run_id: body.run_id, total_epochs: 100_000 });
      expect(status.epoch).toBeGreaterThan(0);
    }, patience);
    expect((await client.post('/api/stop_training')).body).toMatchObject({ success: true });
    await vi.waitFor(async () => expect((await client.get('/api/training_status')).body.status).toBe('idle'), patience);
  });

  it('says with status 200 why a training cannot start', async () => {
    const unknown = await client.post('/api/start_training', { data_source: 'none.csv' });
    expect(unknown).toMatchObject({ status: 200, body: { success: false } });
    expect(unknown.body.error).toContain('none.csv');
    const wrong = await client.post('/api/start_training', { data_source: 'prices.csv', epochs: 0 });
    expect(wrong).toMatchObject({ status: 200, body: { success: false } });
    const config = await client.post('/api/start_training', { data_source: 'prices.csv', config: { speed: 1 } });
    expect(config.body.error).toContain('There is no setting "speed"');
  });

  describe('a trainer that pushes', () => {
    const update = (epoch: number, total = 3) => ({
      type: 'training_update',
      data: { epoch, total_epochs: total, generator_loss: 0.5 / epoch, discriminator_loss: 0.7, real_scores: null },
      timestamp: '2026-11-23T10:00:00',
    });
    const pushedRuns = async () => (await client.get('/api/v1/runs?search=Pushed&order=asc')).body.items;

    it('gets a run with history, live for who listens, that ends with its last epoch', async () => {
      const stream = await client.listen('/events/training');
      const heard = stream.until((m) => m.type === 'training_complete');
      const answer = await client.post('/training_data', update(1));
      expect(answer).toMatchObject({ status: 200, body: { status: 'success', channel: 'training' } });
      expect(answer.body.clients).toEqual(expect.any(Number));
      const progress = { type: 'progress', epoch: 2, progress_percent: 50, timestamp: 'now' };
      expect(await client.post('/progress_data', progress)).toMatchObject({ body: { channel: 'progress' } });
      await client.post('/training_data', update(2));
      await client.post('/training_data', update(3));
      await client.post('/progress_data', { type: 'progress', epoch: 3, progress_percent: 100 });
      const updates = (await heard).filter((message) => message.type === 'training_update');
      expect(updates.map((message) => message.data.epoch)).toEqual([1, 2, 3]);
      expect(updates[0].data).not.toHaveProperty('real_scores');
      const [run, ...others] = await pushedRuns();
      expect(others).toEqual([]);
      expect(run).toMatchObject({ origin: 'external', status: 'completed', epoch: 3, total_epochs: 3 });
      expect(run.progress_percent).toBe(100);
      const metrics = (await client.get(`/api/v1/runs/${run.id}/metrics?names=generator_loss`)).body;
      expect(metrics.series[0].last).toHaveLength(3);
    });

    it('gets another run when it begins again', async () => {
      await client.post('/training_data', update(1, 10));
      await client.post('/training_data', update(2, 10));
      await client.post('/training_data', update(1, 10));
      const runs = await pushedRuns();
      expect(runs.map(({ status }: Json) => status)).toEqual(['completed', 'stopped', 'running']);
    });

    it('hears what is wrong with a message', async () => {
      const answer = await client.post('/training_data', { type: 'training_update', data: { total_epochs: 3 } });
      expect(answer).toMatchObject({ status: 400, body: { status: 'error' } });
      expect(answer.body.message).toContain('data.epoch');
      expect(await client.post('/progress_data', { epoch: 1, progress_percent: 200 })).toMatchObject({ status: 400 });
      expect(await client.post('/progress_data')).toMatchObject({ status: 400, body: { status: 'error' } });
      const headers = { 'content-type': 'application/json' };
      const broken = await fetch(`${server.url}/training_data`, { method: 'POST', headers, body: '{"type":' });
      expect(broken.status).toBe(400);
      expect(await broken.json()).toMatchObject({ status: 'error', message: expect.stringContaining('JSON') });
    });
  });
});
