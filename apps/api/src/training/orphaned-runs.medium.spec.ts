import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DataSource } from 'typeorm';
import { AuditEntryEntity } from '../audit/audit-entry.entity';
import { AuditTrail } from '../audit/audit-trail';
import { EventDoorbell } from '../events/event-doorbell';
import { EventHub } from '../events/event-hub';
import { EventLog } from '../events/event-log';
import { DatabaseSession } from '../platform/database/database-session';
import { insertRun } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import { Interruptions } from './interruptions';
import { OrphanedRuns } from './orphaned-runs';
import type { RunQueue } from './queue/run-queue';
import { RunCommands } from './run-commands';
import { RunEntity } from './run.entity';
import { RunLogs } from './run-logs.service';
import { RunsRepository } from './runs.repository';

/** A process that looks for orphans, on a session of its own. */
class Searcher {
  readonly session: DatabaseSession;
  readonly commands: RunCommands;
  readonly enqueued: string[] = [];
  private readonly orphans: OrphanedRuns;

  constructor(dataSource: DataSource) {
    this.session = new DatabaseSession(dataSource);
    const audit = new AuditTrail(dataSource.getRepository(AuditEntryEntity));
    this.commands = new RunCommands(dataSource, this.session, audit, { controlWaitMs: 5_000 });
    const logs = new RunLogs(new EventLog(dataSource), new EventHub(), new EventDoorbell(this.session));
    const queue: Pick<RunQueue, 'enqueue'> = {
      enqueue: (runId) => Promise.resolve(void this.enqueued.push(runId)),
    };
    const runs = new RunsRepository(dataSource.getRepository(RunEntity));
    const interruptions = new Interruptions(runs, queue as RunQueue, this.commands, audit);
    this.orphans = new OrphanedRuns(dataSource, this.session, logs, interruptions, this.commands);
  }

  /** The first look suspects, the second one acts. */
  async lookTwice(): Promise<void> {
    await this.orphans.look();
    await this.orphans.look();
  }
}

interface Row {
  status: string;
  owner: string | null;
  error: string | null;
  ended_at: Date | null;
  fence: string;
}

describe('OrphanedRuns on a real Postgres', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let owner: DatabaseSession;
  let searcher: Searcher;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource([RunEntity, AuditEntryEntity]));
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
    searcher = new Searcher(dataSource);
    await Promise.all([owner.onApplicationBootstrap(), searcher.session.onApplicationBootstrap()]);
  });
  afterEach(() => Promise.all([owner.onApplicationShutdown(), searcher.session.onApplicationShutdown()]));

  const rowOf = async (runId: string): Promise<Row> => {
    const [row] = await dataSource.query<Row[]>('SELECT * FROM run WHERE id = $1', [runId]);
    if (!row) throw new Error('no such run');
    return row;
  };

  const ownedRun = async (values: { status: string; policy?: string; fruitless?: number }): Promise<string> => {
    const runId = await insertRun(dataSource, { status: values.status });
    await dataSource.query(
      'UPDATE run SET owner = $2, fence = 1, on_interruption = $3, fruitless_attempts = $4 WHERE id = $1',
      [runId, owner.instanceKey, values.policy ?? 'auto', values.fruitless ?? 1],
    );
    return runId;
  };

  const statusesOf = async (runId: string) =>
    (await new EventLog(dataSource).readRun(runId, 0, { limit: 10 })).flatMap((message) =>
      message.type === 'status_update' ? [message.data.status] : [],
    );

  it('leaves a run alone as long as its process lives', async () => {
    const runId = await ownedRun({ status: 'running' });
    await searcher.lookTwice();
    expect(await rowOf(runId)).toMatchObject({ status: 'running', owner: String(owner.instanceKey), fence: '1' });
  });

  it.each(['starting', 'running', 'paused'])('queues a run that was %s again, with its history', async (status) => {
    const runId = await ownedRun({ status });
    await owner.onApplicationShutdown();
    await searcher.lookTwice();
    expect(await rowOf(runId)).toMatchObject({ status: 'queued', owner: null, fence: '2', ended_at: null });
    expect(await statusesOf(runId)).toEqual(['interrupted', 'queued']);
    expect(searcher.enqueued.filter((id) => id === runId)).toHaveLength(1);
    const actions = await dataSource.query<{ actor: string; action: string }[]>(
      'SELECT actor, action FROM audit_entry WHERE run_id = $1 ORDER BY id',
      [runId],
    );
    const paused = status === 'paused' ? [{ actor: 'server', action: 'run.pause' }] : [];
    expect(actions).toEqual([
      { actor: 'server', action: 'run.interrupt' },
      { actor: 'server', action: 'run.resume' },
      ...paused,
    ]);
  });

  it.each([
    ['ask', 1, 'Resume it'],
    ['never', 1, 'Fork or retry it'],
    ['auto', 3, '3 attempts in a row'],
  ] as const)('leaves it interrupted where the policy is %s after %s attempts', async (policy, fruitless, words) => {
    const runId = await ownedRun({ status: 'running', policy, fruitless });
    await owner.onApplicationShutdown();
    await searcher.lookTwice();
    expect(await rowOf(runId)).toMatchObject({
      status: 'interrupted',
      owner: null,
      error: expect.stringContaining(words),
      ended_at: expect.any(Date),
    });
    expect(searcher.enqueued).toEqual([]);
  });

  it('ends a run that was being stopped as stopped', async () => {
    const stopping = await ownedRun({ status: 'stopping' });
    const asked = await ownedRun({ status: 'running' });
    const command = await searcher.commands.ask(asked, 'stop', 'ann');
    await owner.onApplicationShutdown();
    await searcher.lookTwice();
    expect((await rowOf(stopping)).status).toBe('stopped');
    expect(await statusesOf(asked)).toEqual(['stopping', 'stopped']);
    expect(await searcher.commands.answerTo(command)).toEqual({ error: expect.stringContaining('ended') });
  });

  it('answers what was asked of a run whose process is gone', async () => {
    const runId = await ownedRun({ status: 'running' });
    const command = await searcher.commands.ask(runId, 'checkpoint', 'ann');
    const answer = searcher.commands.answerTo(command);
    await owner.onApplicationShutdown();
    await searcher.lookTwice();
    expect(await answer).toEqual({ error: expect.stringContaining('was not done') });
  });

  it('lets go of a run that was claimed and never started, and of one that was about to be moved', async () => {
    const [queued, failed] = [await ownedRun({ status: 'queued' }), await ownedRun({ status: 'failed' })];
    await owner.onApplicationShutdown();
    await searcher.lookTwice();
    expect(await rowOf(queued)).toMatchObject({ status: 'queued', owner: null });
    expect(await rowOf(failed)).toMatchObject({ status: 'failed', owner: null });
  });

  it('takes a run once, though several processes look at the same time', async () => {
    const runId = await ownedRun({ status: 'running' });
    await owner.onApplicationShutdown();
    const others = [new Searcher(dataSource), new Searcher(dataSource)];
    await Promise.all(others.map(({ session }) => session.onApplicationBootstrap()));
    await Promise.all([searcher, ...others].map((one) => one.lookTwice()));
    expect(await statusesOf(runId)).toEqual(['interrupted', 'queued']);
    expect([searcher, ...others].flatMap(({ enqueued }) => enqueued)).toEqual([runId]);
    await Promise.all(others.map(({ session }) => session.onApplicationShutdown()));
  });

  it('finds a run again whose finder died before it said what had happened', async () => {
    const runId = await ownedRun({ status: 'running' });
    await dataSource.query('UPDATE run SET owner = $2, fence = 2 WHERE id = $1', [runId, randomKey()]);
    await searcher.lookTwice();
    expect(await rowOf(runId)).toMatchObject({ status: 'queued', fence: '3' });
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
  });
});

/** The lock of a process that never was. */
function randomKey(): number {
  return parseInt(randomUUID().slice(0, 8), 16);
}
