import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { insertRun } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import { EventPartitions } from './event-partitions';

const day = (text: string) => Date.parse(`${text}T12:00:00.000Z`);

describe('EventPartitions on a real Postgres', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let partitions: EventPartitions;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource());
    partitions = new EventPartitions(dataSource, { eventRetentionDays: 7 });
  });
  afterAll(() => close());
  beforeEach(() => dataSource.query('DELETE FROM run'));

  const insertEvent = (runId: string, seq: number, at: number) =>
    dataSource.query(
      `INSERT INTO run_event (run_id, seq, prev_seq, type, data, occurred_at) VALUES ($1, $2, 0, 'progress', '{}', $3)`,
      [runId, seq, new Date(at)],
    );

  async function tableOf(runId: string): Promise<string[]> {
    const rows = await dataSource.query<{ name: string }[]>(
      'SELECT tableoid::regclass::text AS name FROM run_event WHERE run_id = $1 ORDER BY seq',
      [runId],
    );
    return rows.map(({ name }) => name);
  }

  it('has a partition for today and the next days, however often it looks', async () => {
    const now = day('2026-03-01');
    await partitions.maintain(now);
    await partitions.maintain(now);
    const runId = randomUUID();
    await insertEvent(runId, 1, now);
    await insertEvent(runId, 2, now + 2 * 86_400_000);
    expect(await tableOf(runId)).toEqual(['run_event_2026_03_01', 'run_event_2026_03_03']);
  });

  it('moves events that came before their partition, and loses none', async () => {
    const runId = randomUUID();
    await insertEvent(runId, 1, day('2026-04-01'));
    expect(await tableOf(runId)).toEqual(['run_event_default']);
    await partitions.maintain(day('2026-04-01'));
    expect(await tableOf(runId)).toEqual(['run_event_2026_04_01']);
  });

  it('drops a day once every run of it has been over for the retention time', async () => {
    const runId = await insertRun(dataSource, { status: 'completed' });
    const setTimes = (created: number, ended: number | null) =>
      dataSource.query('UPDATE run SET created_at = $2, ended_at = $3 WHERE id = $1', [
        runId,
        new Date(created),
        ended && new Date(ended),
      ]);
    await partitions.maintain(day('2026-05-01'));
    await insertEvent(runId, 1, day('2026-05-01'));
    await setTimes(day('2026-05-01'), null);
    expect(await partitions.maintain(day('2026-06-01'))).not.toContain('run_event_2026_05_01');
    await setTimes(day('2026-05-01'), day('2026-05-28'));
    expect(await partitions.maintain(day('2026-06-02'))).not.toContain('run_event_2026_05_01');
    await setTimes(day('2026-05-01'), day('2026-05-20'));
    expect(await partitions.maintain(day('2026-06-03'))).toContain('run_event_2026_05_01');
  });

  it('keeps a day that a live run has events of, though the run was entered into the books later', async () => {
    const runId = await insertRun(dataSource);
    await dataSource.query('UPDATE run SET created_at = $2 WHERE id = $1', [runId, new Date(day('2026-07-01'))]);
    await partitions.maintain(day('2026-06-10'));
    await insertEvent(runId, 1, day('2026-06-10'));
    const dropped = await partitions.maintain(day('2026-07-01'));
    expect(dropped).not.toContain('run_event_2026_06_10');
    expect(dropped).toContain('run_event_2026_06_11');
  });

  it('forgets who wrote to a run once that has been over for a day', async () => {
    const now = day('2026-09-03');
    const runId = await insertRun(dataSource);
    await dataSource.query(
      'INSERT INTO run_writer (run_id, writer_id, batch, first_seq, written_at) VALUES ($1, $2, 7, 1, $3)',
      [runId, randomUUID(), new Date(day('2026-08-20'))],
    );
    const end = (at: number) => dataSource.query('UPDATE run SET ended_at = $2 WHERE id = $1', [runId, new Date(at)]);
    const writers = () => dataSource.query<unknown[]>('SELECT FROM run_writer WHERE run_id = $1', [runId]);
    await partitions.maintain(now);
    expect(await writers()).toHaveLength(1);
    await end(now - 3_600_000);
    await partitions.maintain(now);
    expect(await writers()).toHaveLength(1);
    await end(now - 2 * 86_400_000);
    await partitions.maintain(now);
    expect(await writers()).toHaveLength(0);
  });

  it('lets two processes tidy up at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => partitions.maintain(day('2026-08-01'))));
    const [row] = await dataSource.query<{ found: string | null }[]>(
      `SELECT to_regclass('run_event_2026_08_03') AS found`,
    );
    expect(row?.found).toBe('run_event_2026_08_03');
  });
});
