import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { logLine, progress, statusOf, update } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import { EventLog } from './event-log';
import { RunLogWriter } from './run-log-writer';

describe('EventLog on a real Postgres', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let log: EventLog;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource());
    log = new EventLog(dataSource);
  });
  afterAll(() => close());

  async function writerOf(runId: string) {
    return new RunLogWriter({
      runId,
      position: await log.position(runId),
      log,
      onDurable: () => undefined,
      project: () => Promise.resolve(),
    });
  }

  it('gives back what was written, in order, by channel and by page', async () => {
    const runId = randomUUID();
    const writer = await writerOf(runId);
    const written = [statusOf(), progress(1), logLine(1), update(1), update(2)].map((event) => writer.record(event));
    await writer.flushed();
    expect(await log.readRun(runId, 0, { limit: 10 })).toEqual(written);
    expect(await log.readRun(runId, 0, { limit: 10, channels: ['logs'] })).toEqual([written[2]]);
    expect((await log.readRun(runId, 1, { limit: 2 })).map(({ seq }) => seq)).toEqual([2, 3]);
    expect(await log.firstSeq(runId)).toBe(1);
  });

  it('keeps an event once, however often its batch is written', async () => {
    const runId = randomUUID();
    const writer = await writerOf(runId);
    const message = writer.record(update(1));
    await writer.flushed();
    await log.append([message]);
    expect(await log.readRun(runId, 0, { limit: 10 })).toHaveLength(1);
  });

  it('tells the next writer of a run where to go on', async () => {
    const runId = randomUUID();
    const first = await writerOf(runId);
    for (const event of [update(1), progress(1), logLine(1)]) first.record(event);
    await first.flushed();
    expect(await log.position(runId)).toEqual({ lastSeq: 3, lastSeqOf: { training: 1, progress: 2, logs: 3 } });
  });

  it('writes nothing when what follows from the batch fails', async () => {
    const runId = randomUUID();
    const message = (await writerOf(runId)).record(update(1));
    await new Promise((resolve) => setImmediate(resolve));
    const other = { ...message, run_id: randomUUID() };
    await expect(log.append([other], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await log.readRun(other.run_id, 0, { limit: 10 })).toEqual([]);
  });

  it('finds every event behind a cursor, though a transaction that began earlier commits later', async () => {
    const late = dataSource.createQueryRunner();
    await late.connect();
    await late.startTransaction();
    await late.query('SELECT pg_current_xact_id()');
    const cursor = await log.horizon();
    const early = randomUUID();
    const writer = await writerOf(early);
    writer.record(update(1));
    await writer.flushed();
    const reached = (await log.advancedRuns(cursor.xmin)).horizon;
    const lateRun = randomUUID();
    await late.query(
      `INSERT INTO run_event (run_id, seq, prev_seq, type, data, occurred_at) VALUES ($1, 1, 0, 'progress', '{}', now())`,
      [lateRun],
    );
    await late.commitTransaction();
    await late.release();
    const { runs } = await log.advancedRuns(reached.xmin);
    expect(runs.map(({ runId }) => runId)).toContain(lateRun);
  });

  it('reads the whole log in the order of transactions, not of their digits, page by page', async () => {
    await dataSource.query('DELETE FROM run_event');
    const runId = randomUUID();
    for (const [index, xid] of ['998', '999', '1000', '1001'].entries()) {
      await dataSource.query(
        `INSERT INTO run_event (run_id, seq, prev_seq, type, data, occurred_at, xid)
         VALUES ($1, $2, 0, 'progress', '{}', now(), $3)`,
        [runId, index + 1, xid],
      );
    }
    const start = { xid: 0n, runId: '00000000-0000-0000-0000-000000000000', seq: -1 };
    const options = { below: 1_001n, limit: 2, channels: ['progress'] as const };
    const first = await log.readAll(start, options);
    const second = await log.readAll(first.last ?? start, options);
    expect([...first.messages, ...second.messages].map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect((await log.readNewest(999n, ['progress'])).map(({ seq }) => seq)).toEqual([2, 3, 4]);
  });
});
