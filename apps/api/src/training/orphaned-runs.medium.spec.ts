import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DataSource } from 'typeorm';
import { EventDoorbell } from '../events/event-doorbell';
import { EventHub } from '../events/event-hub';
import { EventLog } from '../events/event-log';
import { DatabaseSession } from '../platform/database/database-session';
import { insertRun } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import { OrphanedRuns } from './orphaned-runs';
import { RunEntity } from './run.entity';
import { RunLogs } from './run-logs.service';

describe('OrphanedRuns on a real Postgres', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let owner: DatabaseSession;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource([RunEntity]));
    // Locks count only once the server has been up for a while, so that all processes are back after a restart.
    await vi.waitFor(
      async () => {
        const [row] = await dataSource.query<{ up: boolean }[]>(
          `SELECT now() - pg_postmaster_start_time() > interval '10 seconds' AS up`,
        );
        if (!row?.up) throw new Error('the server has just started');
      },
      { timeout: 20_000, interval: 200 },
    );
  }, 30_000);
  afterAll(() => close());
  beforeEach(async () => {
    owner = new DatabaseSession(dataSource);
    await owner.onApplicationBootstrap();
  });

  async function check(): Promise<void> {
    const session = new DatabaseSession(dataSource);
    const logs = new RunLogs(new EventLog(dataSource), new EventHub(), new EventDoorbell(session));
    const orphans = new OrphanedRuns(dataSource, logs);
    await orphans.onApplicationBootstrap();
    await orphans.onApplicationShutdown();
  }

  const rowOf = async (runId: string) => {
    const [row] = await dataSource.query<
      { status: string; owner: string | null; error: string | null; ended_at: Date | null }[]
    >('SELECT status, owner, error, ended_at FROM run WHERE id = $1', [runId]);
    return row;
  };

  const own = (runId: string) =>
    dataSource.query('UPDATE run SET owner = $2 WHERE id = $1', [runId, owner.instanceKey]);

  it('leaves a run alone as long as its process lives', async () => {
    const runId = await insertRun(dataSource, { status: 'running' });
    await own(runId);
    await check();
    expect((await rowOf(runId))?.status).toBe('running');
    await owner.onApplicationShutdown();
  });

  it('marks it interrupted, with the reason, once the process is gone', async () => {
    const runId = await insertRun(dataSource, { status: 'running' });
    await own(runId);
    await owner.onApplicationShutdown();
    await check();
    expect(await rowOf(runId)).toMatchObject({
      status: 'interrupted',
      owner: null,
      error: expect.stringContaining('ended'),
    });
    expect((await rowOf(runId))?.ended_at).not.toBeNull();
  });

  it('puts a run that was claimed and never started back into the queue', async () => {
    const runId = await insertRun(dataSource, { status: 'queued' });
    await own(runId);
    await owner.onApplicationShutdown();
    await check();
    expect(await rowOf(runId)).toMatchObject({ status: 'queued', owner: null });
  });

  it('takes a run once, though several processes look at the same time', async () => {
    const runId = await insertRun(dataSource, { status: 'running' });
    await own(runId);
    await owner.onApplicationShutdown();
    await Promise.all([check(), check(), check()]);
    const events = await new EventLog(dataSource).readRun(runId, 0, { limit: 10 });
    expect(events).toHaveLength(1);
  });

  it('comes back by itself when the connection is cut', async () => {
    // Returns once the backend has ended, and with it the lock.
    const [row] = await dataSource.query<{ ended: boolean }[]>(
      `SELECT bool_and(pg_terminate_backend(pid, 5000)) AS ended FROM pg_stat_activity
       WHERE application_name = 'gan-dashboard session' AND datname = current_database()`,
    );
    expect(row?.ended).toBe(true);
    const isHeld = async () => {
      const [lock] = await dataSource.query<{ held: boolean }[]>(
        `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
           AND ((classid::bigint << 32) | objid::bigint) = $1) AS held`,
        [owner.instanceKey],
      );
      return lock?.held;
    };
    await expect.poll(isHeld).toBe(true);
    expect(owner.isConnected).toBe(true);
    await owner.onApplicationShutdown();
  });
});
