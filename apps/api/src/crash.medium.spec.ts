import { readFileSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { datasetSchema } from '@gan-dashboard/shared-types';
import type { Run, RunMessage } from '@gan-dashboard/shared-types';
import { startEmbeddedPostgres } from './platform/database/embedded/embedded-postgres';
import type { EmbeddedPostgres } from './platform/database/embedded/embedded-postgres';
import { isInstanceAlive } from './platform/database/instance-locks';
import { ApiClient } from './testing/api-client';
import { randomNumbers } from './testing/random-numbers';
import { ServerProcess, lastingPort } from './testing/server-process';
import { quick } from './testing/small-runs';
import { Viewer } from './testing/viewer';
import { activeStatuses, workingStatuses } from './training/run-states';

const killCount = Number(process.env['CRASH_KILLS'] ?? 50);
const seed = Number(process.env['CRASH_SEED'] ?? 20_261_123);
/** Runs that wait or are at work while there are kills. */
const activeRuns = 3;
const config = { ...quick, epochs: 60, checkpoint_every: 1 };
/** Longest that a run may be at work according to the books while its process is gone. */
const longestOrphanSeconds = 30;
/** After a start of the database its locks say nothing for a while: nobody kills one every few seconds. */
const databaseRestMs = 20_000;

type Victim = 'trainer' | 'server' | 'database';

/** The trainer processes of this test's servers, known by their folder for temporary files, with their parents. */
function trainersOf(temporary: string): { pid: number; parent: number }[] {
  const worker = process.env['TRAINER_WORKER'] ?? '';
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const isTrainer = readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(worker);
      if (!isTrainer || !readFileSync(`/proc/${name}/environ`, 'utf8').includes(`TMPDIR=${temporary}`)) return [];
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
      return [{ pid: Number(name), parent }];
    } catch {
      // It has ended in the meantime.
      return [];
    }
  });
}

describe.skipIf(process.platform !== 'linux')(
  'crashes: trainers, servers and the database are killed at random',
  () => {
    const random = randomNumbers(seed);
    const servers: ServerProcess[] = [];
    let home: string;
    let database: EmbeddedPostgres;
    let databaseStartedAt = 0;

    const startDatabase = async (port: number) => {
      database = await startEmbeddedPostgres({ home: join(home, 'postgres'), log: () => undefined, port });
      expect(new URL(database.url).port).toBe(String(port));
      databaseStartedAt = performance.now();
    };

    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'gan-dashboard-crash-'));
      await chmod(home, 0o755);
      await mkdir(join(home, 'temporary'));
      await startDatabase(await lastingPort());
      const environment = {
        DATABASE_URL: database.url,
        DATA_DIR: join(home, 'data'),
        TMPDIR: join(home, 'temporary'),
        LOG_LEVEL: 'error',
        MAX_CONCURRENT_RUNS: '1',
      };
      for (let index = 0; index < 2; index++) servers.push(new ServerProcess(await lastingPort(), environment));
      for (const server of servers) await server.start();
    }, 90_000);

    afterAll(async () => {
      await Promise.all(servers.map((server) => server.kill('SIGKILL')));
      await database.stop();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    });

    /** Asks any server: none is being killed meanwhile, but its database may just have come back. */
    const api = async <Answer>(ask: (client: ApiClient) => Promise<Answer>): Promise<Answer> =>
      vi.waitFor(
        () => {
          for (const server of servers) server.expectAlive();
          return ask(new ApiClient(servers[Math.floor(random() * servers.length)]?.url ?? ''));
        },
        { timeout: 60_000, interval: 100 },
      );

    /** @returns undefined while the database is away */
    async function rows<Row>(statement: string, parameters: unknown[]): Promise<Row[] | undefined> {
      const client = new Client({ connectionString: database.url, connectionTimeoutMillis: 5_000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.query(statement, parameters)).rows as Row[];
      } catch {
        return undefined;
      } finally {
        await client.end().catch(() => undefined);
      }
    }

    async function generate(): Promise<string> {
      const { id } = await api(async (client) => {
        const response = await client.post('/datasets/generate', { kind: 'yield_curve', rows: 500, seed: 1 });
        expect(response.status).toBe(201);
        return datasetSchema.parse(await response.json());
      });
      await api(async (client) => {
        const dataset = datasetSchema.parse(await (await client.request(`/datasets/${id}`)).json());
        expect(dataset.status).toBe('ready');
      });
      return id;
    }

    /** The rule of three is tested elsewhere: here runs are killed as often as they have got on since. */
    const noRunIsInDanger = () =>
      vi.waitFor(
        async () => {
          const found = await rows('SELECT id FROM run WHERE status = ANY ($1) AND fruitless_attempts >= 2', [
            activeStatuses,
          ]);
          expect(found).toEqual([]);
        },
        { timeout: 60_000, interval: 200 },
      );

    function choose(): Victim {
      const share = random();
      if (share < 0.5) return 'trainer';
      const isRested = performance.now() - databaseStartedAt > databaseRestMs;
      return share > 0.8 && isRested ? 'database' : 'server';
    }

    /** @returns what was killed */
    async function kill(victim: Victim): Promise<Victim> {
      if (victim === 'database') {
        const { port } = new URL(database.url);
        process.kill(database.pid, 'SIGKILL');
        await delay(1_500 * random());
        await database.stop();
        await startDatabase(Number(port));
        return victim;
      }
      await noRunIsInDanger();
      const parents = servers.flatMap(({ pid }) => pid ?? []);
      const trainer = trainersOf(join(home, 'temporary')).find(({ parent }) => parents.includes(parent));
      if (victim === 'trainer' && trainer) {
        process.kill(trainer.pid, 'SIGKILL');
        return victim;
      }
      const server = servers[Math.floor(random() * servers.length)];
      await server?.kill('SIGKILL');
      await delay(1_000 * random());
      await server?.start();
      return 'server';
    }

    /** Watches until it is over how long runs are at work in the books while their owner's lock is free. */
    async function longestOrphan(isOver: () => boolean): Promise<number> {
      const since = new Map<string, number>();
      let longest = 0;
      while (!isOver()) {
        const orphans = await rows<{ id: string }>(
          `SELECT id FROM run WHERE status = ANY ($1) AND (owner IS NULL OR NOT ${isInstanceAlive('run.owner')})`,
          [workingStatuses],
        );
        const now = performance.now();
        if (orphans) {
          const ids = orphans.map(({ id }) => id);
          for (const id of since.keys()) if (!ids.includes(id)) since.delete(id);
          for (const id of ids) since.set(id, since.get(id) ?? now);
          longest = Math.max(longest, ...[...since.values()].map((start) => (now - start) / 1_000));
        }
        await delay(500);
      }
      return longest;
    }

    it('loses no event that anybody saw, and ends every run by itself', { timeout: 600_000 }, async () => {
      console.log(`crash: CRASH_SEED=${seed} CRASH_KILLS=${killCount}`);
      const datasetId = await generate();
      const runIds: string[] = [];
      const seen = new Map<string, RunMessage>();
      let isOver = false;
      const onMessage = (message: RunMessage) => {
        const place = `${message.run_id}:${message.seq}`;
        expect(seen.get(place) ?? message).toEqual(message);
        seen.set(place, message);
      };
      const viewers = Array.from({ length: 4 }, () => new Viewer({ servers, random, onMessage }));
      const watching = viewers.map((viewer) => viewer.watch(() => isOver));
      const watchingOrphans = longestOrphan(() => isOver);
      const counts: Record<Victim, number> = { trainer: 0, server: 0, database: 0 };
      const start = performance.now();
      for (let killed = 0; killed < killCount; killed++) {
        const active =
          (await rows('SELECT id FROM run WHERE status = ANY ($1)', [activeStatuses]))?.length ?? activeRuns;
        for (let missing = activeRuns - active; missing > 0; missing--) {
          const run = await api((client) => client.startRun(datasetId, config, runIds.length));
          runIds.push(run.id);
        }
        await delay(2_500 * random());
        counts[await kill(choose())]++;
      }
      const killedFor = (performance.now() - start) / 1_000;
      const ended: Run[] = [];
      for (const id of runIds)
        ended.push(await api((client) => client.untilStatus(id, 'completed', 'failed', 'interrupted')));
      expect(ended.filter(({ status }) => status !== 'completed')).toEqual([]);
      for (const run of ended) {
        expect(run).toMatchObject({ epoch: config.epochs, total_epochs: config.epochs, progress_percent: 100 });
        const events = await api((client) => client.events(run.id));
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
        expect(events.at(-1)?.seq).toBe(run.last_seq);
        expect(events.filter(({ type }) => type === 'training_complete')).toHaveLength(1);
        const percents = events.flatMap((message) => (message.type === 'progress' ? [message.progress_percent] : []));
        expect(percents).toEqual([...percents].sort((one, other) => one - other));
        for (const event of events) expect(seen.get(`${run.id}:${event.seq}`) ?? event).toEqual(event);
      }
      const all = ended.reduce((sum, run) => sum + run.last_seq, 0);
      await vi.waitFor(() => expect(viewers.map((viewer) => viewer.seen)).toEqual(viewers.map(() => all)), {
        timeout: 30_000,
        interval: 250,
      });
      isOver = true;
      await Promise.all(watching);
      expect(viewers.flatMap(({ faults }) => faults)).toEqual([]);
      expect(await watchingOrphans).toBeLessThan(longestOrphanSeconds);
      // Trainers of killed servers end by themselves.
      const parents = servers.flatMap(({ pid }) => pid ?? []);
      await vi.waitFor(
        () => expect(trainersOf(join(home, 'temporary')).filter(({ parent }) => !parents.includes(parent))).toEqual([]),
        {
          timeout: 20_000,
        },
      );
      const attempts = ended.reduce((sum, run) => sum + run.attempt, 0);
      console.log(
        `crash: ${JSON.stringify(counts)} killed in ${killedFor.toFixed(0)} s; ${ended.length} runs completed in ` +
          `${attempts} attempts with ${all} events; longest without a process ${(await watchingOrphans).toFixed(1)} s`,
      );
    });
  },
);
