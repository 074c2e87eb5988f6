import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APP_CONFIG, readConfig } from '../configuration/app-config';
import type { Role } from '../configuration/app-config';
import { ConfigModule } from '../configuration/config.module';
import { DatabaseModule } from '../database/database.module';
import { startEmbeddedPostgres } from '../database/embedded/embedded-postgres';
import { createTestDatabase } from '../database/testing/test-postgres';
import type { TestDatabase } from '../database/testing/test-postgres';
import { JobQueue } from './job-queue';
import { defineQueue } from './queue-definition';
import { QueueModule } from './queue.module';

@Module({ imports: [ConfigModule, DatabaseModule, QueueModule] })
class TestModule {}

const greetings = defineQueue<{ name: string }>('greetings', { retryDelay: 0 });

describe('the job queue', () => {
  let database: TestDatabase;
  const processes: TestingModule[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const process of processes.splice(0)) await process.close();
    await database.drop();
  });

  /** One process of the dashboard, as far as its queue is concerned. */
  async function start(
    role: Role = 'all',
    url = database.url,
  ): Promise<{ queue: JobQueue; dataSource: DataSource; stop: () => Promise<void> }> {
    const config = { ...readConfig({ DATABASE_URL: url }), role };
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
    return { queue: module.get(JobQueue), dataSource: module.get(DataSource), stop };
  }

  it('gives each job to one of several processes', async () => {
    const [web, one, two] = [await start('web'), await start('worker'), await start('all')];
    const done: string[] = [];
    for (const { queue } of [web, one, two]) {
      await queue.work(greetings, ({ data }) => Promise.resolve(void done.push(data.name)), { concurrency: 2 });
    }
    const names = Array.from({ length: 30 }, (_, index) => `job ${index}`);
    for (const name of names) await web.queue.send(greetings, { name });
    await vi.waitFor(() => expect([...done].sort()).toEqual([...names].sort()), 30_000);
  });

  it('wakes the worker, which would otherwise look every two seconds', async () => {
    const [web, { queue }] = [await start('web'), await start('worker')];
    const done: string[] = [];
    await queue.work(greetings, ({ data }) => Promise.resolve(void done.push(data.name)));
    const waits: number[] = [];
    for (const name of ['one', 'two', 'three', 'four', 'five']) {
      const before = performance.now();
      await web.queue.send(greetings, { name });
      await vi.waitFor(() => expect(done).toContain(name), { timeout: 10_000, interval: 5 });
      waits.push(performance.now() - before);
    }
    // By its looks alone it would see one job every two seconds; the median forgives a machine that was busy once.
    expect(waits.sort((a, b) => a - b)[2]).toBeLessThan(1_500);
  });

  it('takes no job in a process of the role web', async () => {
    const { queue, dataSource } = await start('web');
    await queue.work(greetings, () => Promise.reject(new Error('a web process has taken a job')));
    await queue.send(greetings, { name: 'anybody' });
    const job = await dataSource.transaction((manager) => queue.take(greetings, manager));
    expect(job?.data).toEqual({ name: 'anybody' });
  });

  it('sends with the transaction of the caller, or not at all', async () => {
    const { queue, dataSource } = await start();
    const done: string[] = [];
    await queue.work(greetings, ({ data }) => Promise.resolve(void done.push(data.name)));
    const failing = dataSource.transaction(async (manager) => {
      await queue.send(greetings, { name: 'undone' }, { manager });
      throw new Error('the rest went wrong');
    });
    await expect(failing).rejects.toThrow('the rest went wrong');
    await dataSource.transaction((manager) => queue.send(greetings, { name: 'committed' }, { manager }));
    await vi.waitFor(() => expect(done).toEqual(['committed']), 10_000);
    await expect(queue.send(greetings, { name: 'x' }, { manager: dataSource.manager })).rejects.toThrow('transaction');
  });

  it('takes the highest priority first, and gives a job back when the transaction fails', async () => {
    const { queue, dataSource } = await start();
    const ids: string[] = [];
    for (const [name, priority] of [
      ['low', -1],
      ['first', 0],
      ['second', 0],
      ['raised', 0],
    ] as const) {
      ids.push((await queue.send(greetings, { name }, { priority })) ?? '');
    }
    await queue.prioritise(greetings, ids[3] ?? '', { priority: 5 });
    await queue.remove(greetings, ids[2] ?? '');
    const taking = dataSource.transaction(async (manager) => {
      expect((await queue.take(greetings, manager))?.data.name).toBe('raised');
      throw new Error('the process has second thoughts');
    });
    await expect(taking).rejects.toThrow('second thoughts');
    const take = () => dataSource.transaction((manager) => queue.take(greetings, manager));
    const taken = [await take(), await take(), await take(), await take()].map((job) => job?.data.name);
    expect(taken).toEqual(['raised', 'first', 'low', undefined]);
  });

  it('holds one job per id, and per key where the queue says so', async () => {
    const { queue } = await start('web');
    const compaction = defineQueue<{ series: number }>('compaction', { policy: 'short' });
    const id = 'b9a8c62e-58f5-4b5c-9c58-6c7ca0d0e5ad';
    expect(await queue.send(greetings, { name: 'a' }, { id })).toBe(id);
    expect(await queue.send(greetings, { name: 'a' }, { id })).toBeUndefined();
    expect(await queue.send(compaction, { series: 1 }, { singletonKey: '1' })).toBeDefined();
    expect(await queue.send(compaction, { series: 1 }, { singletonKey: '1' })).toBeUndefined();
    expect(await queue.send(compaction, { series: 2 }, { singletonKey: '2' })).toBeDefined();
  });

  it('tries a job that failed again', async () => {
    const { queue } = await start();
    const tries: number[] = [];
    await queue.work(greetings, ({ retryCount }) => {
      tries.push(retryCount);
      return retryCount === 0 ? Promise.reject(new Error('not yet')) : Promise.resolve();
    });
    await queue.send(greetings, { name: 'patience' });
    await vi.waitFor(() => expect(tries).toEqual([0, 1]), 20_000);
  });

  it('goes on after the database has thrown every connection out', async () => {
    const { queue, dataSource } = await start();
    const done: string[] = [];
    await queue.work(greetings, ({ data }) => Promise.resolve(void done.push(data.name)));
    for (const name of ['one', 'two', 'three']) {
      await dataSource
        .query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()')
        .catch(() => undefined);
      await vi.waitFor(() => queue.send(greetings, { name }), 10_000);
      await vi.waitFor(() => expect(done).toContain(name), 15_000);
    }
    expect(done).toEqual(['one', 'two', 'three']);
  });

  it('leaves a waiting job for the process that comes next', async () => {
    const first = await start();
    await first.queue.send(greetings, { name: 'later' });
    await first.stop();
    const second = await start();
    const done: string[] = [];
    await second.queue.work(greetings, ({ data }) => Promise.resolve(void done.push(data.name)));
    await vi.waitFor(() => expect(done).toEqual(['later']), 10_000);
  });

  it('gives a job whose process was killed to another one', { timeout: 90_000 }, async () => {
    const { queue, dataSource } = await start('web');
    const id = await queue.send(greetings, { name: 'orphan' });
    // As the killed process has left it: at work, and without a heartbeat since.
    await dataSource.query(
      `UPDATE pgboss.job SET state = 'active', started_on = now() - interval '1 minute',
         heartbeat_on = now() - interval '1 minute' WHERE name = $1 AND id = $2`,
      [greetings.name, id],
    );
    const other = await start('worker');
    const done: number[] = [];
    await other.queue.work(greetings, ({ retryCount }) => Promise.resolve(void done.push(retryCount)));
    await vi.waitFor(() => expect(done).toEqual([1]), 80_000);
  });

  it('goes on after the database was away', { timeout: 150_000 }, async () => {
    const home = await mkdtemp(join(tmpdir(), 'gan-dashboard-queue-'));
    await chmod(home, 0o755);
    const launch = (port?: number) =>
      startEmbeddedPostgres({ home, log: () => undefined, ...(port === undefined ? {} : { port }) });
    let server = await launch();
    try {
      const { queue, stop } = await start('all', server.url);
      const done: string[] = [];
      await queue.work(greetings, ({ data }) => Promise.resolve(void done.push(data.name)));
      process.kill(server.pid, 'SIGQUIT');
      // The server takes a moment to end: what it still accepts has to be done, too.
      const accepted: string[] = [];
      const sendAnother = async () => {
        const name = `before ${accepted.length}`;
        await queue.send(greetings, { name });
        accepted.push(name);
      };
      await vi.waitFor(() => expect(sendAnother()).rejects.toThrow(), 20_000);
      await server.stop();
      server = await launch(Number(new URL(server.url).port));
      await vi.waitFor(() => queue.send(greetings, { name: 'back' }), 30_000);
      await vi.waitFor(() => expect(done).toEqual(expect.arrayContaining([...accepted, 'back'])), 60_000);
      await stop();
    } finally {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    }
  });
});
