import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { channelOf } from '@gan-dashboard/shared-types';
import type { Channel, NewRunEvent, RunMessage } from '@gan-dashboard/shared-types';
import { insertRun, logLine, progress, statusOf, update } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import type { EventBatch } from './append-statement';
import { EventLog } from './event-log';
import { FencedError, RunMissingError } from './refused-write';
import { RunLogWriter } from './run-log-writer';

describe('EventLog on a real Postgres', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let log: EventLog;
  let runId: string;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource());
    log = new EventLog(dataSource);
  });
  afterAll(() => close());
  beforeEach(async () => {
    runId = await insertRun(dataSource);
  });

  const batchOf = (events: NewRunEvent[], values: Partial<EventBatch> = {}): EventBatch => ({
    runId,
    writerId: randomUUID(),
    batch: 1,
    events,
    ...values,
  });
  const setFence = (fence: number) => dataSource.query('UPDATE run SET fence = $2 WHERE id = $1', [runId, fence]);
  const readAllOf = (id: string) => log.readRun(id, 0, { limit: 10_000 });

  /** Another process: connections of its own. */
  const connectAgain = () => new DataSource({ ...dataSource.options, migrationsRun: false }).initialize();

  /** No hole, no double, each channel's events linked, log lines numbered, and the run's row where its log is. */
  async function expectSound(id: string, count: number): Promise<void> {
    const messages = await readAllOf(id);
    expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    const lastOf: Record<Channel, number> = { training: 0, progress: 0, logs: 0 };
    let lines = 0;
    for (const message of messages) {
      const channel = channelOf(message.type);
      expect(message.prev_seq).toBe(lastOf[channel]);
      lastOf[channel] = message.seq;
      if (message.type === 'log_entry') expect(message.data.line).toBe(++lines);
    }
    const [row] = await dataSource.query<Record<string, unknown>[]>(
      `SELECT last_seq::int, last_training_seq::int AS training, last_progress_seq::int AS progress,
         last_logs_seq::int AS logs, last_line FROM run WHERE id = $1`,
      [id],
    );
    expect(row).toEqual({ last_seq: count, ...lastOf, last_line: lines });
  }

  it('gives back what was written, in order, by channel and by page', async () => {
    const written = await log.append(batchOf([statusOf(), progress(1), logLine(1), update(1), logLine(2)]));
    expect(written.map(({ seq, prev_seq }) => [seq, prev_seq])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 1],
      [5, 3],
    ]);
    expect(await log.readRun(runId, 0, { limit: 10 })).toEqual(written);
    expect(await log.readRun(runId, 0, { limit: 10, channels: ['logs'] })).toEqual([written[2], written[4]]);
    expect((await log.readRun(runId, 1, { limit: 2 })).map(({ seq }) => seq)).toEqual([2, 3]);
    expect(await log.extent(runId)).toEqual({ firstSeq: 1, lastSeq: 5 });
  });

  it('goes on where the log stands, whoever wrote before', async () => {
    await log.append(batchOf([update(1), progress(1), logLine(1)]));
    const [written] = await log.append(batchOf([logLine(2)]));
    expect(written).toMatchObject({ seq: 4, prev_seq: 3, data: { line: 2 } });
    await log.append(batchOf([update(2), logLine(3)]));
    await expectSound(runId, 6);
  });

  it('keeps what log lines say as it is, whatever characters they have', async () => {
    const texts = ['', '"}', '{"line":9}', 'Zeile: ä 日本 🙂\\', '\u0001\t\u2028'];
    await log.append(batchOf(texts.map((text) => logLine(0, text))));
    const read = await readAllOf(runId);
    expect(
      read.map((message) => (message.type === 'log_entry' ? [message.data.line, message.data.message] : [])),
    ).toEqual(texts.map((text, index) => [index + 1, text]));
  });

  it('knows where the log of a run ends though nothing of it is kept any more', async () => {
    await log.append(batchOf([update(1), update(2)]));
    await dataSource.query('DELETE FROM run_event WHERE run_id = $1', [runId]);
    expect(await log.extent(runId)).toEqual({ firstSeq: 3, lastSeq: 2 });
    expect(await log.append(batchOf([update(3)]))).toMatchObject([{ seq: 3, prev_seq: 2 }]);
  });

  it('writes nothing when what follows from the batch fails', async () => {
    await expect(log.append(batchOf([update(1)]), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readAllOf(runId)).toEqual([]);
    await log.append(batchOf([update(1)]));
    await expectSound(runId, 1);
  });

  it('takes one round trip between the beginning and the end of the transaction', async () => {
    const query = vi.spyOn(Client.prototype, 'query');
    await log.append(batchOf([update(1), logLine(1)]));
    const statements = query.mock.calls.map(([statement]: unknown[]) =>
      typeof statement === 'string' ? statement : (statement as { name: string }).name,
    );
    expect(statements).toEqual(['START TRANSACTION', 'append_run_events', 'COMMIT']);
    query.mockRestore();
  });

  describe('a batch that is sent again', () => {
    it('keeps its places and changes nothing, though others have written since', async () => {
      const batch = batchOf([update(1), logLine(1), update(2)]);
      let projected = 0;
      const project = () => Promise.resolve(void projected++);
      const first = await log.append(batch, project);
      await log.append(batchOf([update(3), logLine(2)]));
      expect(await log.append(batch, project)).toEqual(first);
      expect(projected).toBe(1);
      await expectSound(runId, 5);
    });

    it('is known when the commit came through and its answer was lost', async () => {
      const failing = new EventLog(dataSource);
      const append = failing.append.bind(failing);
      let isLost = true;
      failing.append = async (...args) => {
        const messages = await append(...args);
        if (!isLost) return messages;
        isLost = false;
        await log.append(batchOf([update(9)]));
        throw new Error('Connection terminated unexpectedly');
      };
      const durable: RunMessage[] = [];
      const onDurable = (messages: RunMessage[]) => durable.push(...messages);
      const writer = new RunLogWriter({ runId, log: failing, onDurable, project: () => Promise.resolve() });
      await writer.write([update(1), logLine(1)]);
      await writer.write([update(2)]);
      expect(durable.map(({ seq }) => seq)).toEqual([1, 2, 4]);
      expect(durable.slice(0, 2)).toEqual((await readAllOf(runId)).slice(0, 2));
      await expectSound(runId, 4);
    });

    it('waits for its first try, which has lost its client and not yet its transaction', async () => {
      const batch = batchOf([update(1)]);
      const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>();
      const { promise: hasWritten, resolve: written } = Promise.withResolvers<void>();
      const first = log.append(batch, () => {
        written();
        return mayCommit;
      });
      await hasWritten;
      const second = log.append(batch);
      await expect
        .poll(() => dataSource.query<unknown[]>(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`))
        .toHaveLength(1);
      commit();
      expect(await second).toEqual(await first);
      await expectSound(runId, 1);
    });
  });

  describe('an owner', () => {
    it('writes as long as nobody has taken the run up after it', async () => {
      await setFence(3);
      await log.append(batchOf([update(1)], { fence: 3 }));
      await setFence(4);
      const late = log.append(batchOf([update(2)], { fence: 3 }));
      await expect(late).rejects.toThrow(FencedError);
      await expect(late).rejects.toThrow('fence 4, this writer has 3');
      await log.append(batchOf([update(3)], { fence: 4 }));
      await log.append(batchOf([update(4)]));
      await expectSound(runId, 3);
    });

    it('is refused by a claim that was made while it waited for its turn', async () => {
      const claim = dataSource.createQueryRunner();
      await claim.startTransaction();
      await claim.query('UPDATE run SET fence = fence + 1 WHERE id = $1', [runId]);
      const late = log.append(batchOf([update(1)], { fence: 0 }));
      const refused = expect(late).rejects.toThrow(FencedError);
      await expect
        .poll(() => dataSource.query<unknown[]>(`SELECT FROM pg_stat_activity WHERE wait_event = 'transactionid'`))
        .toHaveLength(1);
      await claim.commitTransaction();
      await claim.release();
      await refused;
      expect(await readAllOf(runId)).toEqual([]);
    });

    it('is told that the run is not there, or was deleted', async () => {
      await expect(log.append(batchOf([update(1)], { runId: randomUUID() }))).rejects.toThrow(RunMissingError);
      await dataSource.query('UPDATE run SET deleted_at = now() WHERE id = $1', [runId]);
      await expect(log.append(batchOf([update(1)], { fence: 0 }))).rejects.toThrow('does not exist, or was deleted');
    });
  });

  it('numbers the events of many writers in several processes without a hole, a double or a lost link', async () => {
    const other = await connectAgain();
    const logs = [log, new EventLog(other)];
    const other_run = await insertRun(dataSource);
    const kinds = [update, progress, logLine];
    const writing = Array.from({ length: 12 }, async (_, writer) => {
      const writerId = randomUUID();
      for (let batch = 1; batch <= 40; batch++) {
        const events = Array.from({ length: 1 + ((writer + batch) % 4) }, (_event, index) =>
          (kinds[(writer * 7 + batch + index) % 3] ?? update)(1 + ((batch + index) % 99)),
        );
        const target = writer % 3 === 0 && batch % 2 === 0 ? other_run : runId;
        await logs[writer % 2]?.append(batchOf(events, { writerId, batch, runId: target }));
      }
    });
    await Promise.all(writing);
    const counts = await dataSource.query<{ run_id: string; count: string }[]>(
      'SELECT run_id, count(*) FROM run_event WHERE run_id = ANY ($1) GROUP BY run_id',
      [[runId, other_run]],
    );
    for (const { run_id, count } of counts) await expectSound(run_id, Number(count));
    expect(counts.reduce((sum, { count }) => sum + Number(count), 0)).toBe(1_200);
    // Streams of many runs read the log in the order of the transactions.
    const [disorder] = await dataSource.query<{ count: string }[]>(
      `SELECT count(*) FROM (SELECT xid, lag(xid) OVER (PARTITION BY run_id ORDER BY seq) AS before FROM run_event
         WHERE run_id = ANY ($1)) e WHERE xid < before`,
      [[runId, other_run]],
    );
    expect(Number(disorder?.count)).toBe(0);
    await other.destroy();
  });

  it('finds every event behind a cursor, though a transaction that began earlier commits later', async () => {
    const late = dataSource.createQueryRunner();
    await late.connect();
    await late.startTransaction();
    await late.query('SELECT pg_current_xact_id()');
    const cursor = await log.horizon();
    await log.append(batchOf([update(1)]));
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
