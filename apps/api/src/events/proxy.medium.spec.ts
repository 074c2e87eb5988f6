import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeRuns, WorkingRun, startEventServer } from '../testing/event-server';
import type { EventServer } from '../testing/event-server';
import { findNginx, freePort, startNginx } from '../testing/nginx';
import { SocketReader } from '../testing/socket-reader';
import { SseReader } from '../testing/sse-reader';
import { createTestDataSource } from '../testing/test-data-source';

const nginx = await findNginx();
if ('reason' in nginx) console.warn(`the tests behind nginx are skipped: ${nginx.reason}`);

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

function report(proxy: string, figures: Record<string, number[]>): void {
  const texts = Object.entries(figures).map(
    ([name, values]) => `${name} median ${median(values).toFixed(1)} ms, longest ${Math.max(...values).toFixed(1)} ms`,
  );
  console.info(`nginx ${proxy}: ${texts.join('; ')}`);
}

/** Stands for the 15 s of production, and the read timeouts below for nginx's: a test need not wait that long. */
const heartbeatMs = 300;

describe.skipIf('reason' in nginx)('streams behind nginx', () => {
  let dataSource: DataSource;
  let closeDatabase: () => Promise<void>;
  let server: EventServer;
  let silentServer: EventServer;
  let stopNginx: () => Promise<void> = () => Promise.resolve();
  const ports: Record<'stock' | 'gzip' | 'impatient' | 'silent' | 'socket', number> = {
    stock: 0,
    gzip: 0,
    impatient: 0,
    silent: 0,
    socket: 0,
  };
  const runs = new FakeRuns();
  /** When each event of the run was committed. */
  const committed = new Map<number, number>();
  let run: WorkingRun;

  const url = (proxy: keyof typeof ports) => `http://127.0.0.1:${ports[proxy]}`;

  beforeAll(async () => {
    if ('reason' in nginx) return;
    ({ dataSource, close: closeDatabase } = await createTestDataSource());
    server = await startEventServer(dataSource, runs, { heartbeatMs });
    silentServer = await startEventServer(dataSource, runs);
    for (const name of Object.keys(ports) as (keyof typeof ports)[]) ports[name] = await freePort();
    const pass = `proxy_pass ${server.url};`;
    const upgrade =
      'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
    const { stop } = await startNginx(nginx.path, [
      { port: ports.stock, location: pass },
      { port: ports.gzip, directives: 'gzip on; gzip_types text/event-stream;', location: pass },
      { port: ports.impatient, directives: 'proxy_read_timeout 1s;', location: pass },
      { port: ports.silent, directives: 'proxy_read_timeout 1s;', location: `proxy_pass ${silentServer.url};` },
      {
        port: ports.socket,
        directives: 'proxy_read_timeout 1s;',
        location: `${pass} ${upgrade} proxy_set_header Host $http_host;`,
      },
    ]);
    stopNginx = stop;
  }, 150_000);
  afterAll(async () => {
    await stopNginx();
    await Promise.all([server.app.close(), silentServer.app.close()]);
    await closeDatabase();
  });
  beforeEach(() => {
    committed.clear();
    run = new WorkingRun(server, runs, (messages) => {
      for (const { seq } of messages) committed.set(seq, performance.now());
    });
  });

  /** Delay of each of 30 events from its commit to its arrival, in ms; the next is written when the last has come. */
  async function delays(arrival: (seq: number) => Promise<void>): Promise<number[]> {
    const measured: number[] = [];
    for (let seq = 1; seq <= 30; seq++) {
      await run.write(1);
      await arrival(seq);
      measured.push(performance.now() - (committed.get(seq) ?? NaN));
    }
    return measured;
  }

  // Medians: what the proxy does is the same for every event, what a busy machine does is not.
  it.each(['stock', 'gzip', 'impatient'] as const)('come at once through a proxy that is %s', async (proxy) => {
    const firstByte: number[] = [];
    for (let index = 0; index < 5; index++) {
      const start = performance.now();
      const stream = await SseReader.open(`${url(proxy)}/events/training?run=${run.id}`);
      await stream.until(({ frames }) => frames.length > 0);
      firstByte.push(performance.now() - start);
      stream.close();
    }
    const stream = await SseReader.open(`${url(proxy)}/events/training?run=${run.id}`, { 'accept-encoding': 'gzip' });
    expect(stream.headers.get('content-encoding')).toBe(proxy === 'gzip' ? 'gzip' : null);
    const measured = await delays((seq) => stream.until(({ seqs }) => seqs.includes(seq)));
    expect(stream.seqs).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    report(proxy, { firstByte, event: measured });
    expect(median(firstByte)).toBeLessThan(100);
    expect(median(measured)).toBeLessThan(50);
    stream.close();
  });

  it('stay open by their heartbeats when the proxy waits no longer than a second', async () => {
    const stream = await SseReader.open(`${url('impatient')}/events/training?run=${run.id}`);
    const beats = ({ messages }: SseReader) => messages.filter(({ type }) => type === 'heartbeat').length;
    await stream.until((reader) => beats(reader) >= 8);
    await run.write(1);
    await stream.until(({ seqs }) => seqs.length === 1);
    expect(stream.isEnded).toBe(false);
    stream.close();
  });

  it('would end without them', async () => {
    const stream = await SseReader.open(`${url('silent')}/events/training?run=${run.id}`);
    await expect(stream.until(() => false)).rejects.toThrow('the stream ended');
  });

  it('carry a WebSocket, which stays open by its heartbeats', async () => {
    const origin = url('socket');
    const client = await SocketReader.open(`${origin}/ws`, { origin });
    client.send({ subscribe: ['training'], run: run.id });
    await client.until((reader) => reader.messages.filter(({ type }) => type === 'heartbeat').length >= 8);
    const measured = await delays((seq) => client.until((reader) => reader.seqsOf(run.id).includes(seq)));
    report('socket', { event: measured });
    expect(median(measured)).toBeLessThan(50);
    client.close();
  });
});
