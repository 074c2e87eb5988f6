import { randomUUID } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventMessageSchema } from '@gan-dashboard/shared-types';
import { DatabaseSession } from '../platform/database/database-session';
import { ProblemFilter } from '../platform/http/problem.filter';
import { validationPipe } from '../platform/http/validation.pipe';
import { insertRun, logLine, progress, statusOf, update } from '../testing/builders';
import { SseReader } from '../testing/sse-reader';
import { createTestDataSource } from '../testing/test-data-source';
import { EventDoorbell } from './event-doorbell';
import { EventHub } from './event-hub';
import { EventLog } from './event-log';
import { EventReplay } from './event-replay';
import { EventStreamsService } from './event-streams.service';
import { EventTail } from './event-tail';
import { EventsController } from './events.controller';
import { RUN_DIRECTORY } from './run-directory';
import type { RunSnapshot } from './run-directory';
import { RunLogWriter } from './run-log-writer';

/** Two replicas over one database: what one of them writes, clients of both must see. */
describe('event streams over HTTP', () => {
  let dataSource: DataSource;
  let closeDatabase: () => Promise<void>;
  const runs = new Map<string, RunSnapshot>();
  const replicas: { app: NestExpressApplication; url: string }[] = [];
  let runId: string;
  let writer: RunLogWriter;

  async function startReplica() {
    const directory = {
      snapshot: (id: string) => Promise.resolve(runs.get(id)),
      active: () => Promise.resolve([...runs.values()].filter(({ status }) => status === 'running')),
    };
    const module = await Test.createTestingModule({
      controllers: [EventsController],
      providers: [
        { provide: DataSource, useValue: dataSource },
        { provide: RUN_DIRECTORY, useValue: directory },
        EventLog,
        EventHub,
        EventTail,
        EventDoorbell,
        DatabaseSession,
        EventReplay,
        EventStreamsService,
      ],
    }).compile();
    const app = module.createNestApplication<NestExpressApplication>();
    app.useGlobalPipes(validationPipe());
    app.useGlobalFilters(new ProblemFilter());
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as { port: number };
    return { app, url: `http://127.0.0.1:${port}` };
  }

  beforeAll(async () => {
    ({ dataSource, close: closeDatabase } = await createTestDataSource());
    replicas.push(await startReplica(), await startReplica());
  });
  afterAll(async () => {
    await Promise.all(replicas.map(({ app }) => app.close()));
    await closeDatabase();
  });
  beforeEach(async () => {
    runs.clear();
    ({ runId, writer } = await newRun());
  });

  const urlOf = (replica: number) => replicas[replica]?.url ?? '';

  async function newRun() {
    const id = await insertRun(dataSource);
    const app = replicas[0]?.app;
    if (!app) throw new Error('no replica');
    runs.set(id, { runId: id, status: 'running', message: 'at work', lastSeq: 0 });
    const newWriter = new RunLogWriter({
      runId: id,
      log: app.get(EventLog),
      onDurable: (messages) => {
        runs.set(id, { runId: id, status: 'running', message: 'at work', lastSeq: messages.at(-1)?.seq ?? 0 });
        app.get(EventHub).publish(messages);
      },
      project: () => Promise.resolve(),
    });
    return { runId: id, writer: newWriter };
  }

  async function write(count: number): Promise<void> {
    for (let index = 0; index < count; index++) writer.record(update(index + 1));
    await writer.flushed();
  }

  it('sends the headers of the contract and unnamed frames with an id', async () => {
    const stream = await SseReader.open(`${urlOf(0)}/events/training?run=${runId}`);
    await write(1);
    await stream.until(({ seqs }) => seqs.length === 1);
    expect(stream.response.status).toBe(200);
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    const last = stream.frames.at(-1);
    expect(last?.id).toBe(`${runId}:1`);
    expect(eventMessageSchema.parse(last?.message)).toMatchObject({ type: 'training_update', run_id: runId, seq: 1 });
    stream.close();
  });

  it('tells a first connection where the run stands, with a cursor to come back with', async () => {
    await write(3);
    const stream = await SseReader.open(`${urlOf(0)}/events/training?run=${runId}`);
    await stream.until(({ frames }) => frames.length > 0);
    expect(stream.frames[0]).toMatchObject({
      id: `${runId}:3`,
      message: { type: 'status_update', run_id: runId, data: { status: 'running' } },
    });
    stream.close();
  });

  it('says idle when no run is active', async () => {
    runs.clear();
    const stream = await SseReader.open(`${urlOf(0)}/events/training`);
    await stream.until(({ messages }) => messages.length > 0);
    expect(stream.messages[0]).toMatchObject({ type: 'status_update', data: { status: 'idle' } });
    stream.close();
  });

  it('carries each channel alone, and all of them on one connection', async () => {
    const open = (path: string) => SseReader.open(`${urlOf(0)}/events${path}`);
    const all = await open(`?run=${runId}&last_event_id=0`);
    const logs = await open(`/logs?run=${runId}&last_event_id=0`);
    for (const event of [statusOf(), progress(1), logLine(1), update(1), logLine(2)]) writer.record(event);
    await all.until(({ seqs }) => seqs.length === 5);
    await logs.until(({ seqs }) => seqs.length === 2);
    expect(all.seqs).toEqual([1, 2, 3, 4, 5]);
    expect(logs.messages.flatMap((message) => ('prev_seq' in message ? [message.prev_seq] : []))).toEqual([0, 3]);
    all.close();
    logs.close();
  });

  it('replays everything after a cursor, from a replica that never saw the run, and goes on live', async () => {
    await write(1_200);
    const stream = await SseReader.open(`${urlOf(1)}/events?run=${runId}`, { 'last-event-id': `${runId}:100` });
    await write(50);
    await stream.until(({ seqs }) => seqs.includes(1_250));
    expect(stream.seqs).toEqual(Array.from({ length: 1_150 }, (_, index) => index + 101));
    stream.close();
  });

  it('sends nothing again when this replica hears late of what it has replayed', async () => {
    await write(30);
    const stream = await SseReader.open(`${urlOf(1)}/events?run=${runId}`, { 'last-event-id': `${runId}:10` });
    await stream.until(({ seqs }) => seqs.includes(30));
    // As the tail does it when it comes to this run only now.
    const hub = replicas[1]?.app.get(EventHub);
    const log = replicas[1]?.app.get(EventLog);
    hub?.publish((await log?.readRun(runId, 0, { limit: 100 })) ?? []);
    await write(1);
    await stream.until(({ seqs }) => seqs.includes(31));
    expect(stream.seqs).toEqual(Array.from({ length: 21 }, (_, index) => index + 11));
    expect(stream.lastEventId).toBe(`${runId}:31`);
    stream.close();
  });

  it('lets the header win over the query', async () => {
    await write(5);
    const stream = await SseReader.open(`${urlOf(0)}/events?run=${runId}&last_event_id=0`, {
      'last-event-id': `${runId}:3`,
    });
    await stream.until(({ seqs }) => seqs.length === 2);
    expect(stream.seqs).toEqual([4, 5]);
    stream.close();
  });

  const seqsOf = ({ messages }: SseReader, id: string) =>
    messages.flatMap((message) => ('seq' in message && message.run_id === id ? [message.seq] : []));

  it('resumes a stream of many runs on the other replica without a hole', async () => {
    const first = await SseReader.open(`${urlOf(0)}/events`);
    await write(10);
    await first.until((reader) => seqsOf(reader, runId).length === 10 && reader.lastEventId !== undefined);
    const { lastEventId = '' } = first;
    first.close();
    await write(10);
    const other = await newRun();
    other.writer.record(statusOf());
    await other.writer.flushed();
    const second = await SseReader.open(`${urlOf(1)}/events`, { 'last-event-id': lastEventId });
    const received = (reader: SseReader) => new Set([...seqsOf(first, runId), ...seqsOf(reader, runId)]).size;
    await second.until((reader) => received(reader) === 20 && seqsOf(reader, other.runId).length > 0);
    expect(received(second)).toBe(20);
    second.close();
  });

  it('puts no id on the messages of many runs, and moves the cursor by frames of their own', async () => {
    const stream = await SseReader.open(`${urlOf(1)}/events/training`);
    await stream.until(({ lastEventId }) => lastEventId !== undefined);
    const before = stream.lastEventId;
    await write(3);
    await stream.until((reader) => seqsOf(reader, runId).length === 3 && reader.lastEventId !== before);
    expect(stream.frames.filter(({ id, message }) => id !== undefined && message !== undefined)).toEqual([]);
    stream.close();
  });

  it.each([
    ['of another run', () => `${randomUUID()}:3`],
    ['that is not a cursor', () => 'nonsense'],
    ['beyond the end', () => `${runId}:99`],
  ])('answers a cursor %s with replay_gap, not with silence or an error', async (_name, cursor) => {
    await write(4);
    const stream = await SseReader.open(`${urlOf(0)}/events?run=${runId}`, { 'last-event-id': cursor() });
    await stream.until(({ seqs }) => seqs.length === 4);
    expect(stream.messages[0]).toMatchObject({ type: 'replay_gap', data: { reason: 'unknown_cursor', next_seq: 1 } });
    expect(stream.seqs).toEqual([1, 2, 3, 4]);
    stream.close();
  });

  it('says from where it goes on when old events are no longer kept', async () => {
    await write(6);
    await dataSource.query('DELETE FROM run_event WHERE run_id = $1 AND seq <= 3', [runId]);
    const stream = await SseReader.open(`${urlOf(0)}/events?run=${runId}&last_event_id=0`);
    await stream.until(({ seqs }) => seqs.length === 3);
    expect(stream.messages[0]).toMatchObject({ type: 'replay_gap', data: { reason: 'expired', next_seq: 4 } });
    stream.close();
  });

  it('answers an unknown run and a bad query with a problem before the stream begins', async () => {
    const unknown = await fetch(`${urlOf(0)}/events/training?run=${randomUUID()}`);
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    const bad = await fetch(`${urlOf(0)}/events?channels=training,nothing`);
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({ errors: [{ path: 'channels.1' }] });
  });

  it('loses nothing while events arrive during connect, many times over', async () => {
    const writing = (async () => {
      for (let burst = 0; burst < 40; burst++) await write(5);
    })();
    const readers: SseReader[] = [];
    for (let index = 0; index < 20; index++) {
      readers.push(await SseReader.open(`${urlOf(index % 2)}/events?run=${runId}&last_event_id=0`));
    }
    await writing;
    for (const reader of readers) {
      await reader.until(({ seqs }) => new Set(seqs).size === 200);
      // At least once on the wire, exactly once and in order after the client's de-duplication.
      const firsts = reader.seqs.filter((seq, index, all) => all.indexOf(seq) === index);
      expect(firsts).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
      reader.close();
    }
  });

  it('ends a thousand open streams when the application closes', async () => {
    const replica = await startReplica();
    const streams = await Promise.all(
      Array.from({ length: 1_000 }, () => SseReader.open(`${replica.url}/events/training?run=${runId}`)),
    );
    await replica.app.close();
    for (const stream of streams) await stream.until(({ isEnded }) => isEnded);
    expect(streams.every(({ isEnded }) => isEnded)).toBe(true);
  });

  it('forgets a client that has left', async () => {
    const service = replicas[0]?.app.get(EventStreamsService);
    const before = service?.openStreams ?? 0;
    const stream = await SseReader.open(`${urlOf(0)}/events/training?run=${runId}`);
    expect(service?.openStreams).toBe(before + 1);
    stream.close();
    await expect.poll(() => service?.openStreams).toBe(before);
  });
});
