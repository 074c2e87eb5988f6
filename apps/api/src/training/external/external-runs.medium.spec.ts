import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { externalEventsAnswerSchema, metricHistorySchema, runSchema } from '@gan-dashboard/shared-types';
import type { ExternalEventsAnswer, Run } from '@gan-dashboard/shared-types';
import { ApiClient } from '../../testing/api-client';
import { SseReader } from '../../testing/sse-reader';
import { startTestApp } from '../../testing/test-app';
import type { TestApp } from '../../testing/test-app';

const update = (step: number, values: object = {}) => ({
  type: 'training_update',
  data: { epoch: step, total_epochs: 10, step, generator_loss: 1 / step },
  ...values,
});

let server: TestApp;
let api: ApiClient;

const make = async (values: object = {}): Promise<Run> => {
  const response = await api.post('/runs', { origin: 'external', ...values });
  expect(response.status).toBe(201);
  return runSchema.parse(await response.json());
};
const postLines = async (id: string, lines: readonly unknown[], query = ''): Promise<ExternalEventsAnswer> => {
  const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const headers = { 'content-type': 'application/x-ndjson' };
  const response = await api.request(`/runs/${id}/events${query}`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  return externalEventsAnswerSchema.parse(await response.json());
};
const stepsOf = async (id: string) =>
  (await api.events(id)).flatMap((message) => (message.type === 'training_update' ? [message.data.step] : []));

describe('runs from outside', () => {
  beforeAll(async () => {
    server = await startTestApp();
    api = new ApiClient(server.url);
  }, 60_000);
  afterAll(() => server.close());

  it('are at work at once, need no data set, and stream like any other', async () => {
    const run = await make({ name: 'mine', model: 'my-gan', config: { rate: 1 }, total_epochs: 10, tags: ['a'] });
    expect(run).toMatchObject({
      origin: 'external',
      status: 'running',
      name: 'mine',
      model: 'my-gan',
      dataset_id: null,
      seed: null,
      total_epochs: 10,
    });
    const stream = await SseReader.open(`${server.url}/events?run=${run.id}&last_event_id=0`);
    const answer = await postLines(run.id, [
      { type: 'training_start', data: { parameters: { generator: 12 } } },
      update(1),
      '{"type":"training_update","data":{"epoch":2,"step":2,"generator_loss":NaN}}',
      { type: 'progress', epoch: 2, progress_percent: 20 },
      { type: 'log_entry', data: { message: 'hello' } },
      { type: 'training_complete', data: { status: 'completed' } },
    ]);
    expect(answer).toEqual({ accepted: 6, duplicates: 0, rejected: [], rejected_count: 0, status: 'completed' });
    await stream.until((reader) => reader.seqs.length >= 8);
    stream.close();
    expect(stream.seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const ended = await api.run(run.id);
    expect(ended).toMatchObject({ status: 'completed', epoch: 2, progress_percent: 20, error: null });
    expect(ended.summary).toEqual({ generator_loss: 'NaN' });
    const { series } = metricHistorySchema.parse(await (await api.request(`/runs/${run.id}/metrics`)).json());
    expect(series.map(({ name, step }) => [name, step])).toEqual([['generator_loss', [1, 2]]]);
  });

  it('take what is right of a post and name what is not, by line and field', async () => {
    const { id } = await make();
    const answer = await postLines(id, [
      update(1),
      '{"type":',
      { ...update(2), data: { step: 2, loss: 'x' } },
      '',
      update(3),
    ]);
    expect(answer).toMatchObject({
      accepted: 2,
      rejected: [
        { line: 2, message: expect.stringContaining('no JSON') },
        { line: 3, message: expect.stringContaining('data.loss') },
      ],
      rejected_count: 2,
      status: 'running',
    });
    expect(await stepsOf(id)).toEqual([1, 3]);
    const array = await api.post(`/runs/${id}/events`, [update(4), { type: 'no' }]);
    expect(await array.json()).toMatchObject({ accepted: 1, rejected: [{ line: 2 }] });
  });

  it('refuse bodies of another kind, unknown runs and runs of the dashboard', async () => {
    const { id } = await make();
    const text = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' };
    expect((await api.request(`/runs/${id}/events`, text)).status).toBe(415);
    expect((await api.post(`/runs/${id}/events`, { type: 'heartbeat' })).status).toBe(400);
    expect((await api.post('/runs/11111111-1111-4111-8111-111111111111/events', [])).status).toBe(404);
  });

  it('record what is sent again only once, however it is cut, at the same time or later', async () => {
    const { id } = await make();
    const lines = Array.from({ length: 40 }, (_, index) => update(index + 1, { client_seq: index + 1 }));
    const query = '?client_id=training-host-1';
    const answers = await Promise.all([
      postLines(id, lines.slice(0, 20), query),
      postLines(id, lines.slice(0, 25), query),
      postLines(id, lines.slice(0, 10), query),
    ]);
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(25);
    expect(await postLines(id, lines, query)).toMatchObject({ accepted: 15, duplicates: 25 });
    expect(await stepsOf(id)).toEqual(lines.map((_, index) => index + 1));
    const other = await postLines(id, [update(99, { client_seq: 1 })], '?client_id=another');
    expect(other).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await postLines(id, [update(100)], query)).toMatchObject({
      rejected: [{ message: expect.stringContaining('client_seq') }],
    });
  });

  it('are read while they arrive', async () => {
    const { id } = await make();
    const body = httpRequest(`${server.url}/api/v1/runs/${id}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const answered = once(body, 'response');
    for (const step of [1, 2, 3]) {
      body.write(`${JSON.stringify(update(step))}\n`);
      await vi.waitFor(async () => expect(await stepsOf(id)).toHaveLength(step));
    }
    body.end();
    const [response] = (await answered) as [NodeJS.ReadableStream];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    expect(JSON.parse(text)).toMatchObject({ accepted: 3 });
  });

  it('hear with the next answer that they are to stop, and refuse what they cannot do', async () => {
    const { id } = await make();
    expect((await api.post(`/runs/${id}/stop`, {})).status).toBe(202);
    expect((await api.run(id)).status).toBe('stopping');
    expect(await postLines(id, [update(1)])).toMatchObject({ accepted: 1, status: 'stopping', control: 'stop' });
    const end = await postLines(id, [{ type: 'training_complete', data: { status: 'stopped' } }]);
    expect(end).toMatchObject({ status: 'stopped' });
    expect(end.control).toBeUndefined();
    expect(await postLines(id, [update(2)])).toMatchObject({
      accepted: 0,
      rejected: [{ message: expect.stringContaining('has ended') }],
    });
    for (const command of ['stop', 'pause', 'resume', 'checkpoint', 'fork', 'retry']) {
      expect((await api.post(`/runs/${id}/${command}`, {})).status, command).toBe(409);
    }
  });
});

describe('a program that goes silent', () => {
  beforeAll(async () => {
    server = await startTestApp({ externalRunSilenceMs: 2_000 });
    api = new ApiClient(server.url);
  }, 60_000);
  afterAll(() => server.close());

  it(
    'is interrupted; heartbeats keep a run alive; it comes back when it reports again',
    { timeout: 60_000 },
    async () => {
      const silent = await make();
      const alive = await make();
      const beats: Promise<unknown>[] = [];
      const beating = setInterval(() => beats.push(postLines(alive.id, [{ type: 'heartbeat' }])), 200);
      const interrupted = await api.untilStatus(silent.id, 'interrupted');
      expect(interrupted.error).toContain('said nothing for 2 s');
      expect((await api.run(alive.id)).status).toBe('running');
      clearInterval(beating);
      await Promise.all(beats);
      expect(await postLines(silent.id, [update(1)], '?replay=true')).toMatchObject({
        accepted: 1,
        status: 'interrupted',
      });
      expect(await postLines(silent.id, [update(2)])).toMatchObject({ accepted: 1, status: 'running' });
      expect(await api.run(silent.id)).toMatchObject({ status: 'running', error: null, ended_at: null });
      expect(await stepsOf(silent.id)).toEqual([1, 2]);
    },
  );
});
