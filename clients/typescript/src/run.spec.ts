import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileSpool } from './file-spool.ts';
import { init, withRun } from './index.ts';
import { MemorySpool } from './spool.ts';

interface Received {
  path: string;
  headers: IncomingMessage['headers'];
  lines: { type: string; client_seq?: number; data?: Record<string, unknown> }[];
}

/** Answers as the dashboard does, and keeps what it was told. */
class FakeDashboard {
  readonly received: Received[] = [];
  status = 200;
  answer: Record<string, unknown> = {};
  private server: Server | undefined;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get events() {
    return this.received.flatMap(({ path, lines }) => (path.includes('/events') ? lines : []));
  }

  async open(): Promise<void> {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const lines = body
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line));
        if (this.status === 200) this.received.push({ path: request.url ?? '', headers: request.headers, lines });
        response.statusCode = this.status;
        response.end(JSON.stringify({ id: 'the-run', ...this.answer }));
      });
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

describe('a run', () => {
  let dashboard: FakeDashboard;
  let spoolFolder: string;
  const problems: string[] = [];
  const onProblem = (message: string) => problems.push(message);

  beforeEach(async () => {
    problems.length = 0;
    spoolFolder = mkdtempSync(join(tmpdir(), 'gan-dashboard-spool-js-'));
    dashboard = new FakeDashboard();
    await dashboard.open();
  });
  afterEach(async () => {
    await dashboard.close();
    rmSync(spoolFolder, { recursive: true, force: true });
  });
  const begin = (options: object = {}) => init({ url: `${dashboard.url}/`, spoolFolder, onProblem, ...options });

  it('reports metrics, progress and lines in order, each with its number', async () => {
    const run = await begin({ name: 'mine', totalEpochs: 4, config: { rate: 1 } });
    run.log({ generator_loss: 0.5, discriminator_loss: NaN, score: -Infinity }, { epoch: 2 });
    run.log({ loss: 1 });
    run.logLine('one\n\ntwo', 'warning');
    run.progress(130, { step: 3, totalSteps: 9 });
    expect(await run.finish()).toBe(true);
    const [made] = dashboard.received;
    expect(made).toMatchObject({
      path: '/api/v1/runs',
      lines: [{ origin: 'external', name: 'mine', total_epochs: 4 }],
    });
    expect(made?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(run.id).toBe('the-run');
    expect(dashboard.events.map(({ type, client_seq, data }) => [client_seq, type, data])).toEqual([
      [
        1,
        'training_update',
        { generator_loss: 0.5, discriminator_loss: 'NaN', score: '-Infinity', epoch: 2, total_epochs: 4, step: 2 },
      ],
      [2, 'progress', { epoch: 2, total_epochs: 4, progress_percent: 50 }],
      [3, 'training_update', { loss: 1, step: 2 }],
      [4, 'log_entry', { message: 'one', level: 'warning' }],
      [5, 'log_entry', { message: 'two', level: 'warning' }],
      [6, 'progress', { step: 3, total_steps: 9, progress_percent: 100 }],
      [7, 'training_complete', { status: 'completed' }],
    ]);
    expect(problems).toEqual([]);
    expect(readdirSync(spoolFolder)).toEqual([]);
  });

  it('keeps what cannot be sent until the server is there again', async () => {
    await dashboard.close();
    const run = await begin();
    for (let step = 1; step <= 1_200; step++) run.log({ loss: step }, { step });
    await dashboard.open();
    expect(await run.finish('stopped', { withinMs: 20_000 })).toBe(true);
    expect(dashboard.events.map(({ client_seq }) => client_seq)).toEqual(
      Array.from({ length: 1_201 }, (_, i) => i + 1),
    );
  });

  it('tries again after an error of the server, and gives up when it is refused', async () => {
    dashboard.status = 503;
    const run = await begin();
    run.log({ loss: 1 });
    expect(await run.finish('completed', { withinMs: 100 })).toBe(false);
    expect(problems).toEqual([expect.stringContaining('not everything')]);
    expect(readdirSync(spoolFolder)).toHaveLength(2);
    dashboard.status = 422;
    const refused = await begin();
    expect(await refused.finish()).toBe(false);
    expect(problems.join()).toContain('the server answered 422');
  });

  it('hears that it is to stop, and gives signs of life', async () => {
    dashboard.answer = { control: 'stop', rejected: [{ line: 1, message: 'data.loss: wrong' }] };
    const onStop = vi.fn();
    const run = await begin({ heartbeatMs: 20, onStop });
    await vi.waitFor(() => expect(run.shouldStop).toBe(true));
    expect(dashboard.events[0]).toEqual({ type: 'heartbeat' });
    await vi.waitFor(() => expect(dashboard.events.length).toBeGreaterThan(2));
    expect(onStop).toHaveBeenCalledTimes(1);
    await run.finish('stopped');
    expect(problems[0]).toContain('data.loss: wrong');
  });

  it('never throws into the training', async () => {
    const run = await begin({ spoolFolder: null });
    run.log({ note: 'text' } as unknown as Record<string, number>);
    run.logLine('x'.repeat(300_000));
    await run.finish();
    run.log({ loss: 1 });
    expect(problems).toEqual([
      'the metric note is no number and is left out',
      expect.stringContaining('200000 are taken'),
      expect.stringContaining('the run is finished'),
    ]);
  });

  it('ends as its work does', async () => {
    const work = withRun({ url: dashboard.url, spoolFolder, onProblem }, () => Promise.reject(new Error('no data')));
    await expect(work).rejects.toThrow('no data');
    expect(dashboard.events.at(-1)?.data).toEqual({ status: 'failed', error: 'Error: no data' });
    expect(await withRun({ url: dashboard.url, spoolFolder, onProblem }, () => Promise.resolve(7))).toBe(7);
    expect(dashboard.events.at(-1)?.data).toEqual({ status: 'completed' });
  });

  it('sends what a process has left behind that is gone, as a replay', async () => {
    const id = '11111111-1111-4111-8111-111111111111';
    // No process has so high a number.
    writeFileSync(
      join(spoolFolder, `${id}.4194999.json`),
      JSON.stringify({ url: dashboard.url, request: {}, runId: 'old', sent: 24 }),
    );
    writeFileSync(join(spoolFolder, `${id}.jsonl`), `${'{"type":"a","x":"00000"}'.slice(0, 23)}\n`);
    appendFileSync(join(spoolFolder, `${id}.jsonl`), '{"type":"kept","client_seq":2}\n{"type":"half');
    const run = await begin();
    await vi.waitFor(() => expect(dashboard.received.some(({ path }) => path.includes('/old/'))).toBe(true));
    const [sent] = dashboard.received.filter(({ path }) => path.includes('/old/'));
    expect(sent?.path).toBe(`/api/v1/runs/old/events?client_id=${id}&replay=true`);
    expect(sent?.lines).toEqual([{ type: 'kept', client_seq: 2 }]);
    await run.finish();
    await vi.waitFor(() => expect(readdirSync(spoolFolder)).toEqual([]));
  });
});

describe('spools', () => {
  it('in memory refuse what is too much, and cut batches by lines', () => {
    const spool = new MemorySpool('http://x', {}, { limit: 3 });
    for (const line of ['a', 'b', 'c']) spool.append(line);
    expect(() => spool.append('d')).toThrow('3 events wait');
    expect(spool.nextBatch()).toBe('a\nb\nc\n');
    spool.batchArrived();
    expect(spool.hasUnsent).toBe(false);
    expect(spool.nextBatch()).toBe('');
  });

  it('on disk give 500 lines at a time, and start anew when much was sent', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gan-dashboard-spool-js-'));
    const spool = FileSpool.create(folder, 'http://x', {});
    const line = 'ä'.repeat(5_000);
    for (let index = 0; index < 600; index++) spool.append(line);
    const sizes: number[] = [];
    while (spool.hasUnsent) {
      sizes.push(spool.nextBatch().split('\n').length - 1);
      spool.batchArrived();
    }
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(600);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    spool.append('again');
    expect(spool.nextBatch()).toBe('again\n');
    spool.close(true);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
