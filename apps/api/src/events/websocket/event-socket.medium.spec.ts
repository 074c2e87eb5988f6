import { once } from 'node:events';
import { connect } from 'node:net';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeRuns, WorkingRun, startEventServer } from '../../testing/event-server';
import type { EventServer } from '../../testing/event-server';
import { logLine } from '../../testing/builders';
import { SocketReader } from '../../testing/socket-reader';
import { createTestDataSource } from '../../testing/test-data-source';
import { EventHub } from '../event-hub';
import { EventSocketServer } from './event-socket-server';

describe('the WebSocket over HTTP and a real log', () => {
  let dataSource: DataSource;
  let closeDatabase: () => Promise<void>;
  let server: EventServer;
  let runs: FakeRuns;
  let run: WorkingRun;

  beforeAll(async () => {
    ({ dataSource, close: closeDatabase } = await createTestDataSource());
    runs = new FakeRuns();
    server = await startEventServer(dataSource, runs);
  });
  afterAll(async () => {
    await server.app.close();
    await closeDatabase();
  });
  beforeEach(() => {
    runs.all.clear();
    run = new WorkingRun(server, runs);
  });

  const open = (options = {}) => SocketReader.open(`${server.url}/ws`, options);
  const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, index) => index + from);

  it('acknowledges a subscription, tells where the run stands, then sends its events and cursors', async () => {
    const client = await open();
    client.send({ subscribe: ['training'], run: run.id, request_id: 'a' });
    await client.until(({ messages }) => messages.length >= 3);
    expect(client.messages.slice(0, 3)).toMatchObject([
      { type: 'ack', request_id: 'a', data: { subscriptions: [{ channels: ['training'], run: run.id }] } },
      { type: 'status_update', run_id: run.id, data: { status: 'running' } },
      { type: 'cursor', run_id: run.id, data: { channels: ['training'] } },
    ]);
    await run.write(3);
    await client.until((reader) => reader.cursorOf(run.id) === `${run.id}:3`);
    expect(client.seqsOf(run.id)).toEqual([1, 2, 3]);
    client.close();
  });

  it('resumes from a cursor, over pages of the log, and goes on live', async () => {
    await run.write(1_200);
    const client = await open();
    client.send({ subscribe: ['training', 'progress', 'logs'], run: run.id, last_event_id: `${run.id}:100` });
    await run.write(30);
    await client.until((reader) => reader.seqsOf(run.id).length === 1_130);
    expect(client.seqsOf(run.id)).toEqual(upTo(1_130, 101));
    client.close();
  });

  it('answers a cursor that is not of the run with replay_gap', async () => {
    await run.write(2);
    const client = await open();
    client.send({ subscribe: ['training'], run: run.id, last_event_id: 'nonsense' });
    await client.until((reader) => reader.seqsOf(run.id).length === 2);
    expect(client.messages[1]).toMatchObject({
      type: 'replay_gap',
      run_id: run.id,
      data: { reason: 'unknown_cursor' },
    });
    client.close();
  });

  it('carries several runs and channels at once, each with its own cursor', async () => {
    const other = new WorkingRun(server, runs);
    const client = await open();
    client.send({ subscribe: ['training'], run: run.id });
    client.send({ subscribe: ['logs'], run: other.id });
    await client.until((reader) => reader.answers().length === 2);
    await run.write(2);
    const writer = await other.open();
    writer.record(logLine(1));
    await other.write(1);
    await client.until(
      (reader) => reader.cursorOf(run.id) === `${run.id}:2` && reader.cursorOf(other.id) === `${other.id}:1`,
    );
    expect([client.seqsOf(run.id), client.seqsOf(other.id)]).toEqual([[1, 2], [1]]);
    client.close();
  });

  it('follows all runs, and resumes them from the cursor of the log', async () => {
    const first = await open();
    first.send({ subscribe: ['training'] });
    await run.write(5);
    await first.until((reader) => reader.seqsOf(run.id).length === 5);
    const told = first.messages.length;
    await first.until(({ messages }) => messages.slice(told).some(({ type }) => type === 'cursor'));
    const cursor = first.cursorOf(undefined);
    first.close();
    await run.write(5);
    const second = await open();
    second.send({ subscribe: ['training'], last_event_id: cursor });
    const received = () => new Set([...first.seqsOf(run.id), ...second.seqsOf(run.id)]);
    await second.until(() => received().size === 10);
    expect([...received()].sort((a, b) => a - b)).toEqual(upTo(10));
    second.close();
  });

  it('replaces a subscription of the same channels and run, and ends those it is told to', async () => {
    const client = await open();
    client.send({ subscribe: ['training', 'logs'], run: run.id });
    client.send({ subscribe: ['logs', 'training'], run: run.id });
    client.send({ subscribe: ['progress'], run: run.id });
    client.send({ unsubscribe: ['training', 'logs'], run: run.id });
    client.send({ unsubscribe: ['training', 'logs'], run: run.id });
    client.send({ unsubscribe: true });
    await client.until((reader) => reader.answers().length === 6);
    expect(
      client.answers().map(({ type, data }) => ('subscriptions' in data ? data.subscriptions.length : type)),
    ).toEqual([1, 1, 2, 1, 'error', 0]);
    client.close();
  });

  it('answers what it cannot use with an error that names the field, and keeps the connection', async () => {
    const client = await open();
    const cases: [string | Record<string, unknown>, string][] = [
      ['{', 'not JSON'],
      ['[]', 'exactly one of subscribe, unsubscribe, control'],
      [{ subscribe: ['training'], control: 'stop' }, 'subscribe and control'],
      [{ subscribe: ['nothing'], request_id: 'b' }, 'subscribe.0'],
      [{ subscribe: ['training'], lastEventId: '0' }, 'lastEventId'],
      [{ subscribe: ['training'], run: 'x' }, 'run'],
      [{ subscribe: ['training'], run: randomUUID() }, 'There is no run'],
      [{ control: 'hold', run: run.id }, 'control'],
    ];
    for (const [index, [message, detail]] of cases.entries()) {
      client.send(message);
      await client.until((reader) => reader.answers().length === index + 1);
      const answer = client.answers().at(-1);
      expect(answer?.type).toBe('error');
      expect(JSON.stringify(answer?.data)).toContain(detail.replaceAll('"', '\\"'));
    }
    expect(client.answers()[3]?.request_id).toBe('b');
    client.socket.send(Buffer.from([1, 2]), { binary: true });
    await client.until((reader) => reader.answers().length === cases.length + 1);
    expect(client.closed).toBeUndefined();
    client.close();
  });

  it('stops a run, and says why it cannot', async () => {
    const client = await open();
    client.send({ control: 'stop', run: run.id, request_id: '1' });
    client.send({ control: 'stop', run: run.id, request_id: '2' });
    await client.until((reader) => reader.answers().length === 2);
    expect(client.answers()).toMatchObject([
      { type: 'ack', request_id: '1', data: { control: 'stop', run: run.id, status: 'stopped' } },
      { type: 'error', request_id: '2', data: { status: 409, detail: 'The run is stopped.' } },
    ]);
    client.close();
  });

  it('bounds the subscriptions of a connection', async () => {
    const client = await open();
    for (let index = 0; index < 33; index++) {
      client.send({ subscribe: ['training'], run: new WorkingRun(server, runs).id });
    }
    await client.until((reader) => reader.answers().length === 33);
    expect(client.answers().at(-1)).toMatchObject({ type: 'error', data: { status: 429 } });
    client.close();
  });

  it('closes a connection that sends too much, or too large a message', async () => {
    const hasty = await open();
    for (let index = 0; index < 60; index++) hasty.send({ unsubscribe: true });
    expect(await hasty.untilClosed()).toMatchObject({ code: 1008 });
    expect(hasty.answers().at(-1)).toMatchObject({ type: 'error', data: { status: 429 } });
    const large = await open();
    large.send(`"${'x'.repeat(70_000)}"`);
    expect(await large.untilClosed()).toMatchObject({ code: 1009 });
  });

  it.each([
    ['no origin', {}, true],
    ['its own origin', { origin: 'http://dashboard.test:81', host: 'dashboard.test:81' }, true],
    ['its own origin behind a proxy', { origin: 'https://dash.test', 'x-forwarded-host': 'dash.test' }, true],
    ['another origin', { origin: 'https://evil.test' }, false],
    ['an opaque origin', { origin: 'null' }, false],
  ])('takes or refuses a connection with %s', async (_name, headers, isTaken) => {
    const opening = open({ headers });
    if (isTaken) (await opening).close();
    else await expect(opening).rejects.toThrow('403');
  });

  it('works below a base path, whether the proxy strips it or not', async () => {
    const below = await startEventServer(dataSource, runs, { basePath: '/tools/gan' });
    for (const path of ['/ws', '/tools/gan/ws']) (await SocketReader.open(`${below.url}${path}`)).close();
    await expect(SocketReader.open(`${below.url}/other/ws`)).rejects.toThrow('404');
    await below.app.close();
  });

  it('answers plain HTTP on its path, and leaves other upgrades to HTTP', async () => {
    const plain = await fetch(`${server.url}/ws`);
    expect([plain.status, plain.headers.get('upgrade')]).toEqual([426, 'websocket']);
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200 OK/);
    socket.destroy();
  });

  it('cuts off a client that does not read, which resumes without a hole', async () => {
    const strict = await startEventServer(dataSource, runs, {
      client: { highWaterBytes: 64 * 1024, drainDeadlineMs: 300 },
    });
    const writing = new WorkingRun(strict, runs);
    const slow = await SocketReader.open(`${strict.url}/ws`);
    slow.send({ subscribe: ['training'], run: writing.id, last_event_id: '0' });
    await slow.until((reader) => reader.answers().length === 1);
    slow.socket.pause();
    const large = Object.fromEntries(upTo(300).map((index) => [`metric_with_a_long_name_${index}`, index / 7]));
    const sockets = strict.app.get(EventSocketServer);
    // Which of the two comes first depends on how fast this machine writes.
    const { dropped } = strict.app.get(EventHub).stats;
    for (let batch = 0; dropped.websocket.slow + dropped.websocket.overrun === 0; batch++) {
      expect(batch).toBeLessThan(200);
      await writing.write(20, large);
    }
    slow.socket.resume();
    const { code } = await slow.untilClosed();

    expect(code).toBe(1013);
    await expect.poll(() => sockets.openConnections).toBe(0);
    const last = runs.all.get(writing.id)?.lastSeq;
    const again = await SocketReader.open(`${strict.url}/ws`);
    again.send({ subscribe: ['training'], run: writing.id, last_event_id: slow.cursorOf(writing.id) ?? '0' });
    const received = () => new Set([...slow.seqsOf(writing.id), ...again.seqsOf(writing.id)]);
    await again.until(() => received().size === last);
    again.close();
    await strict.app.close();
  });

  it('sends heartbeats, and cuts off a client that answers no ping', async () => {
    const quick = await startEventServer(dataSource, runs, { heartbeatMs: 150, pingMs: 250, pongMs: 100 });
    const dead = await SocketReader.open(`${quick.url}/ws`, { autoPong: false });
    expect(await dead.untilClosed()).toMatchObject({ code: 1006 });
    const alive = await SocketReader.open(`${quick.url}/ws`);
    await alive.until(({ messages }) => messages.filter(({ type }) => type === 'heartbeat').length === 8);
    expect(alive.messages[0]).toMatchObject({ type: 'heartbeat', data: { last_event_id: null } });
    alive.close();
    await quick.app.close();
  });

  it('ends a thousand connections when the application closes, in time', async () => {
    const replica = await startEventServer(dataSource, runs);
    const clients = await Promise.all(Array.from({ length: 1_000 }, () => SocketReader.open(`${replica.url}/ws`)));
    for (const client of clients) client.send({ subscribe: ['training'], run: run.id });
    for (const client of clients) await client.until((reader) => reader.answers().length === 1);
    // Some are dead and will not answer the close frame.
    for (const client of clients.slice(0, 50)) client.socket.pause();
    const start = performance.now();
    await replica.app.close();
    expect(performance.now() - start).toBeLessThan(20_000);
    for (const client of clients.slice(0, 50)) client.socket.terminate();
    const codes = await Promise.all(clients.slice(50).map(async (client) => (await client.untilClosed()).code));
    expect(new Set(codes)).toEqual(new Set([1012]));
  }, 60_000);

  it('refuses a handshake that is not one', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 400 Bad Request/);
    socket.destroy();
  });
});
