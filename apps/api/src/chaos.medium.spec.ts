import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunMessage } from '@gan-dashboard/shared-types';
import { EventLog } from './events/event-log';
import { RunLogWriter } from './events/run-log-writer';
import { databaseOptions } from './platform/database/database.options';
import { startEmbeddedPostgres } from './platform/database/embedded/embedded-postgres';
import type { EmbeddedPostgres } from './platform/database/embedded/embedded-postgres';
import { insertRun, logLine, progress, update } from './testing/builders';
import { randomNumbers } from './testing/random-numbers';
import { ServerProcess, lastingPort } from './testing/server-process';
import { Viewer } from './testing/viewer';
import { projectRun } from './training/run-projection';

const runCount = 10;
const clientCount = 60;
/** Of each run: the process that works on it, and another that has something to say of it too. */
const writersPerRun = 2;
const eventsPerWriter = 300;
const eventsPerRun = writersPerRun * eventsPerWriter;
/** What each writer writes a second, as long as nothing is in the way. */
const eventsPerSecond = 10;

describe('chaos: two replicas, a database that is killed, clients that come and go', () => {
  let home: string;
  let database: EmbeddedPostgres;
  let dataSource: DataSource;
  let otherDataSource: DataSource;
  const replicas: ServerProcess[] = [];

  beforeAll(async () => {
    // The writers' words about the database that is killed here.
    Logger.overrideLogger(false);
    home = await mkdtemp(join(tmpdir(), 'gan-dashboard-chaos-'));
    await chmod(home, 0o755);
    database = await startEmbeddedPostgres({
      home: join(home, 'postgres'),
      log: () => undefined,
      port: await lastingPort(),
    });
    dataSource = await new DataSource(databaseOptions(database.url)).initialize();
    otherDataSource = await new DataSource(databaseOptions(database.url)).initialize();
    for (const name of ['one', 'two']) {
      const environment = { DATABASE_URL: database.url, DATA_DIR: join(home, name), LOG_LEVEL: 'error' };
      const replica = new ServerProcess(await lastingPort(), environment);
      await replica.start();
      replicas.push(replica);
    }
  }, 60_000);

  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.kill('SIGKILL')));
    await Promise.all([dataSource.destroy(), otherDataSource.destroy()]);
    await database.stop();
    await rm(home, { recursive: true, force: true });
  });

  /** As `pg_ctl stop -m immediate`, and after a while started again where it was. */
  async function crashDatabase(awayMs: number): Promise<void> {
    const { port } = new URL(database.url);
    process.kill(database.pid, 'SIGQUIT');
    await delay(awayMs);
    await database.stop();
    database = await startEmbeddedPostgres({ home: join(home, 'postgres'), log: () => undefined, port: Number(port) });
  }

  it('shows every client every event once and in order', { timeout: 180_000 }, async () => {
    const runIds = await Promise.all(Array.from({ length: runCount }, () => insertRun(dataSource)));
    const logs = [new EventLog(dataSource), new EventLog(otherDataSource)];
    let written = 0;
    const onDurable = (messages: RunMessage[]) => (written += messages.length);
    const writers = runIds.flatMap((runId) =>
      logs.map((log, index) => {
        const owner = index === 0 ? { fence: 0 } : {};
        return new RunLogWriter({ runId, log, onDurable, project: projectRun, ...owner });
      }),
    );
    let isOver = false;
    const random = randomNumbers(20_261_123);
    const viewers = Array.from(
      { length: clientCount },
      (_, index) =>
        new Viewer({ servers: replicas, runId: index % 3 === 0 ? undefined : runIds[index % runCount], random }),
    );
    const watching = viewers.map((viewer) => viewer.watch(() => isOver));
    const writing = writers.map(async (writer) => {
      for (let index = 1; index <= eventsPerWriter; index++) {
        writer.record(
          [update(index), progress((index / eventsPerWriter) * 100), logLine(index)][index % 3] ?? update(index),
        );
        await delay(1_000 / eventsPerSecond);
      }
      await writer.flushed();
    });
    const total = runCount * eventsPerRun;
    const reached = (share: number) =>
      vi.waitFor(() => expect(written).toBeGreaterThan(share * total), { timeout: 90_000 });
    await reached(0.15);
    await crashDatabase(3_000);
    await reached(0.4);
    await replicas[0]?.kill('SIGKILL');
    await reached(0.55);
    await replicas[0]?.start();
    await crashDatabase(500);
    await Promise.all(writing);
    expect(written).toBe(total);
    const expected = (index: number) => (index % 3 === 0 ? total : eventsPerRun);
    expect(viewers.flatMap(({ faults }) => faults)).toEqual([]);
    await vi.waitFor(
      () => expect(viewers.map(({ seen }) => seen)).toEqual(viewers.map((_, index) => expected(index))),
      {
        timeout: 30_000,
        interval: 250,
      },
    );
    isOver = true;
    await Promise.all(watching);
    expect(viewers.flatMap(({ faults }) => faults)).toEqual([]);
    const sum = (read: (viewer: Viewer) => number) => viewers.reduce((all, viewer) => all + read(viewer), 0);
    expect(sum(({ reconnects }) => reconnects)).toBeGreaterThan(clientCount * 3);
    console.log(
      `chaos: ${total} events, ${sum(({ received }) => received)} received, ${sum(({ repeated }) => repeated)} of them ` +
        `repeated, ${sum(({ reconnects }) => reconnects)} reconnects`,
    );
  });
});
