import { Injectable, Module } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { TestingModule } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventsModule } from '../../events/events.module';
import { APP_CONFIG, readConfig } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { ConfigModule } from '../../platform/configuration/config.module';
import { DatabaseModule } from '../../platform/database/database.module';
import { createTestDatabase } from '../../platform/database/testing/test-postgres';
import type { TestDatabase } from '../../platform/database/testing/test-postgres';
import { MetricsModule } from '../../platform/metrics/metrics.module';
import { JobQueue } from '../../platform/queue/job-queue';
import { defineQueue } from '../../platform/queue/queue-definition';
import { QueueModule } from '../../platform/queue/queue.module';
import { WorkerRegistry } from '../../workers/worker-registry';
import { WorkersModule } from '../../workers/workers.module';
import { RunLauncher } from '../run-launcher';
import { RunLogs } from '../run-logs.service';
import { RunEntity } from '../run.entity';
import { statusEvent } from '../run-events';
import { RunsRepository } from '../runs.repository';
import type { RunClaim } from '../runs.repository';
import { RunDispatcher } from './run-dispatcher';
import { RunQueue } from './run-queue';

/** Every run that a process has taken up, in order. */
const launches: { runId: string; by: string; attempt: number }[] = [];
/** Runs end at once, as long as nobody wants them to stay. */
let isEndless = false;

/** Takes the place of the launcher with its trainers: a run is at work until it is ended or handed over. */
@Injectable()
class StandInLauncher implements BeforeApplicationShutdown {
  private readonly working = new Map<string, () => Promise<void>>();

  constructor(
    private readonly runLogs: RunLogs,
    private readonly worker: WorkerRegistry,
    private readonly queue: RunQueue,
  ) {}

  async launch(claim: RunClaim, onEnded: () => void): Promise<void> {
    const { id, attempt } = claim.run;
    launches.push({ runId: id, by: this.worker.id, attempt });
    await this.runLogs.record(id, [statusEvent('starting', 'starts'), statusEvent('running', 'runs')], claim);
    this.working.set(id, async () => {
      await this.runLogs.record(id, [statusEvent('interrupted', 'handed over')], claim);
      await this.runLogs.record(id, [statusEvent('queued', 'waits again')]);
      await this.queue.enqueue(id);
    });
    if (isEndless) return;
    await this.runLogs.record(id, [statusEvent('completed', 'done')], claim);
    this.working.delete(id);
    onEnded();
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const handOver of this.working.values()) await handOver();
  }
}

@Module({
  imports: [
    ConfigModule,
    MetricsModule,
    DatabaseModule,
    QueueModule,
    WorkersModule,
    EventsModule,
    TypeOrmModule.forFeature([RunEntity]),
  ],
  providers: [RunsRepository, RunLogs, RunQueue, RunDispatcher, { provide: RunLauncher, useClass: StandInLauncher }],
})
class TestModule {}

describe('workers that take runs from one queue', () => {
  let database: TestDatabase;
  const processes: TestingModule[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    launches.length = 0;
    isEndless = false;
  });
  afterEach(async () => {
    for (const process of processes.splice(0)) await process.close();
    await database.drop();
  });

  interface Process {
    queue: RunQueue;
    worker: WorkerRegistry;
    dataSource: DataSource;
    stop: () => Promise<void>;
  }

  async function start(settings: Partial<AppConfig>): Promise<Process> {
    const config = { ...readConfig({ DATABASE_URL: database.url, DATA_DIR: 'unused' }), ...settings };
    const module = await Test.createTestingModule({ imports: [TestModule] })
      .overrideProvider(APP_CONFIG)
      .useValue(config)
      .compile();
    module.useLogger(false);
    await module.init();
    processes.push(module);
    const stop = async () => {
      processes.splice(processes.indexOf(module), 1);
      await module.close();
    };
    return {
      queue: module.get(RunQueue),
      worker: module.get(WorkerRegistry),
      dataSource: module.get(DataSource),
      stop,
    };
  }

  const web = () => start({ role: 'web' });
  const worker = (slots: number) => start({ role: 'worker', maxConcurrentRuns: slots });

  async function insertQueued(dataSource: DataSource, priority = 0): Promise<string> {
    const id = randomUUID();
    await dataSource.query(
      `INSERT INTO run (id, created_at, created_by, name, status, model, config, seed, total_epochs, priority)
       VALUES ($1, now(), 'test', 'a run', 'queued', 'wgan-gp', '{}', 1, 10, $2)`,
      [id, priority],
    );
    return id;
  }

  async function enqueued({ queue, dataSource }: Process, count: number, priority = 0): Promise<string[]> {
    const ids: string[] = [];
    for (let index = 0; index < count; index++) {
      const id = await insertQueued(dataSource, priority);
      await queue.enqueue(id);
      ids.push(id);
    }
    return ids;
  }

  async function statuses({ dataSource }: Process): Promise<Record<string, number>> {
    const rows = await dataSource.query<{ status: string; count: number }[]>(
      'SELECT status, count(*)::int AS count FROM run GROUP BY status',
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  async function waitingJobs({ dataSource }: Process): Promise<number | undefined> {
    const [row] = await dataSource.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM pgboss.job WHERE name = 'run'`,
    );
    return row?.count;
  }

  it('drain it together, and take no run twice', async () => {
    const server = await web();
    const ids = await enqueued(server, 20);
    await Promise.all([worker(3), worker(3)]);
    await vi.waitFor(async () => expect(await statuses(server)).toEqual({ completed: 20 }), 20_000);
    expect(launches.map(({ runId }) => runId).sort()).toEqual([...ids].sort());
    expect(launches.every(({ attempt }) => attempt === 1)).toBe(true);
    expect(await server.queue.places()).toEqual(new Map());
    // A job that healing gave a run while it was being taken is dropped when it comes up.
    await vi.waitFor(async () => expect(await waitingJobs(server)).toBe(0), 20_000);
  });

  it('take the highest priority first, then the order of queueing, also when a priority changes', async () => {
    const server = await web();
    const [low = ''] = await enqueued(server, 1, -5);
    const [first = '', second = '', raised = ''] = await enqueued(server, 3);
    const [high = ''] = await enqueued(server, 1, 50);
    await server.dataSource.query('UPDATE run SET priority = 100 WHERE id = $1', [raised]);
    await server.queue.reprioritise(raised, 100);
    const order = [raised, high, first, second, low];
    expect([...(await server.queue.places()).keys()]).toEqual(order);
    await worker(1);
    await vi.waitFor(() => expect(launches).toHaveLength(5), 20_000);
    expect(launches.map(({ runId }) => runId)).toEqual(order);
  });

  it('never start a run that was cancelled while it waited', async () => {
    const server = await web();
    const [cancelled = '', kept = ''] = await enqueued(server, 2);
    expect(await server.queue.cancel(cancelled)).toBe(true);
    expect(await server.queue.cancel(cancelled)).toBe(false);
    expect(await server.queue.cancel(randomUUID())).toBe(false);
    await worker(2);
    await vi.waitFor(async () => expect(await statuses(server)).toEqual({ completed: 1, stopped: 1 }), 20_000);
    expect(launches.map(({ runId }) => runId)).toEqual([kept]);
    expect(await server.queue.cancel(kept)).toBe(false);
  });

  it('start or cancel a run that both is asked of, never both', async () => {
    const server = await web();
    await worker(4);
    let cancelled = 0;
    for (let index = 0; index < 20; index++) {
      const id = await insertQueued(server.dataSource);
      const [, isCancelled] = await Promise.all([server.queue.enqueue(id), server.queue.cancel(id)]);
      if (isCancelled) cancelled++;
    }
    await vi.waitFor(async () => {
      const { completed = 0, stopped = 0, ...others } = await statuses(server);
      expect(others).toEqual({});
      expect([completed, stopped]).toEqual([launches.length, cancelled]);
      expect(launches.length + cancelled).toBe(20);
    }, 30_000);
  });

  it('take no more runs than they have slots for, and say when the next ones are expected', async () => {
    isEndless = true;
    const server = await web();
    const ids = await enqueued(server, 4);
    const { worker: registry } = await worker(2);
    await vi.waitFor(async () => expect(await statuses(server)).toEqual({ running: 2, queued: 2 }), 20_000);
    await server.dataSource.query('UPDATE run SET eta_seconds = 60 WHERE id = $1', [ids[0]]);
    const places = await server.queue.places();
    expect([...places.keys()]).toEqual(ids.slice(2));
    expect(places.get(ids[2] ?? '')?.expectedStartAt?.getTime()).toBeCloseTo(Date.now() + 60_000, -4);
    expect(places.get(ids[3] ?? '')).toEqual({ position: 2 });
    const listed = (await server.worker.list()).find(({ id }) => id === registry.id);
    expect(listed).toMatchObject({
      role: 'worker',
      slots: 2,
      is_alive: true,
      is_draining: false,
      process_id: process.pid,
    });
    expect(new Set(listed?.run_ids)).toEqual(new Set(ids.slice(0, 2)));
  });

  it('hand their runs over when they end', async () => {
    isEndless = true;
    const server = await web();
    const ids = await enqueued(server, 2);
    const first = await worker(2);
    await vi.waitFor(async () => expect(await statuses(server)).toEqual({ running: 2 }), 20_000);
    const second = await worker(2);
    await first.stop();
    await vi.waitFor(async () => expect(await statuses(server)).toEqual({ running: 2 }), 20_000);
    const rows = await server.dataSource.query<{ id: string; worker_id: string; attempt: number }[]>(
      'SELECT id, worker_id, attempt FROM run',
    );
    expect(rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const row of rows) expect(row).toMatchObject({ worker_id: second.worker.id, attempt: 2 });
    const workers = await server.worker.list();
    expect(workers.find(({ id }) => id === first.worker.id)).toMatchObject({
      is_alive: false,
      is_draining: true,
      run_ids: [],
    });
    expect(workers.find(({ id }) => id === server.worker.id)).toMatchObject({ role: 'web', slots: 0, is_alive: true });
  });

  it('find queued runs that have no job, and drop jobs whose run does not wait', async () => {
    const server = await web();
    const [withoutRow = ''] = await enqueued(server, 1);
    await server.dataSource.query('UPDATE run SET deleted_at = now() WHERE id = $1', [withoutRow]);
    await worker(1);
    const withoutJob = await insertQueued(server.dataSource);
    await vi.waitFor(() => expect(launches.map(({ runId }) => runId)).toEqual([withoutJob]), 10_000);
    // A job that healing gave a run while it was being taken is dropped when it comes up.
    await vi.waitFor(async () => expect(await waitingJobs(server)).toBe(0), 20_000);
  });

  it('go on past a job that was left over by a run at work', async () => {
    isEndless = true;
    const server = await worker(2);
    const [first = ''] = await enqueued(server, 1);
    await vi.waitFor(() => expect(launches.map(({ runId }) => runId)).toEqual([first]), 10_000);
    // As healing does where the run is taken between its two statements.
    const waitingRuns = defineQueue<{ runId: string }>('run', { retryLimit: 0 });
    await processes[0]?.get(JobQueue).send(waitingRuns, { runId: first }, { id: first, priority: 9 });
    const [second = ''] = await enqueued(server, 1);
    await vi.waitFor(() => expect(launches.map(({ runId }) => runId)).toEqual([first, second]), 10_000);
    // A job that healing gave a run while it was being taken is dropped when it comes up.
    await vi.waitFor(async () => expect(await waitingJobs(server)).toBe(0), 20_000);
  });

  it('give back a claim whose answer was lost on the way', async () => {
    const server = await worker(1);
    const id = await insertQueued(server.dataSource);
    const [key] = await server.dataSource.query<{ instance_key: string }[]>('SELECT instance_key FROM worker');
    await server.dataSource.query('UPDATE run SET owner = $2, worker_id = $3 WHERE id = $1 AND owner IS NULL', [
      id,
      key?.instance_key,
      server.worker.id,
    ]);
    await server.queue.heal();
    await vi.waitFor(() => expect(launches.map(({ runId }) => runId)).toEqual([id]), 10_000);
  });
});
