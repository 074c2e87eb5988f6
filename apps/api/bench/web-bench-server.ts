import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DataSource } from 'typeorm';
import { MetricCompactor } from '../src/history/metric-compactor';
import { MetricStore } from '../src/history/metric-store';
import { databaseOptions } from '../src/platform/database/database.options';
import { startEmbeddedPostgres } from '../src/platform/database/embedded/embedded-postgres';

/**
 * The server of `npm run bench:web`, on a database of its own with a run of a million steps and a hundred runs to
 * compare. Writes one line of JSON, `{ url, longRun, compared }`, and ends when its input does.
 */
const main = process.argv[2] ?? '';
const longSteps = Number(process.env['BENCH_STEPS'] ?? 1_000_000);
const comparedCount = 100;
const comparedSteps = 100;
const stepsPerFlush = 1_000;
const flushesPerCompaction = 5;
const keys = [
  ...['generator_loss', 'discriminator_loss', 'real_scores', 'fake_scores', 'gradient_norm', 'gradient_penalty'],
  ...['learning_rate', 'steps_per_second', 'quality_score', 'cpu_percent', 'memory_bytes', 'worker_cpu_percent'],
];

const home = mkdtempSync(join(tmpdir(), 'gan-dashboard-bench-web-'));
chmodSync(home, 0o755);
const postgres = await startEmbeddedPostgres({ home: join(home, 'db'), log: () => undefined });
const dataSource = await new DataSource({ ...databaseOptions(postgres.url), logging: false }).initialize();
const [store, compactor] = [new MetricStore(dataSource), new MetricCompactor(dataSource)];

/** As `count` steps from `first` on, 10 ms each; values with all their bits. */
function pointsOf(names: readonly string[], first: number, count: number) {
  const steps = Array.from({ length: count }, (_, index) => first + index);
  const times = steps.map((step) => 1_795_428_000_000 + 10 * step);
  const epochs = steps.map((step) => Math.floor(step / 500) + 1);
  return names.map((key, index) => ({
    ...{ key, steps, times, epochs },
    values: steps.map((step) => Math.sin(step / 10_000 + index) + Math.random() / 7),
  }));
}

async function insertRun(name: string, config: object, seed: number): Promise<string> {
  const summary = Object.fromEntries(keys.slice(0, 9).map((key) => [key, Math.random()]));
  const id = randomUUID();
  await dataSource.query(
    `INSERT INTO run (id, created_at, created_by, name, status, model, config, seed, total_epochs, epoch, summary,
       progress_percent, started_at, ended_at)
     VALUES ($1, now(), 'bench', $2, 'completed', 'wgan-gp', $3, $4, 300, 300, $5, 100, now() - interval '1 hour', now())`,
    [id, name, config, seed, summary],
  );
  return id;
}

async function longRun(): Promise<string> {
  const id = await insertRun('a million steps', { epochs: 2_000 }, 1);
  for (let first = 1, flush = 1; first <= longSteps; first += stepsPerFlush, flush++) {
    await store.append(id, pointsOf(keys.slice(0, 4), first, stepsPerFlush));
    if (flush % flushesPerCompaction === 0) await compactor.compact(id);
  }
  await compactor.compact(id);
  return id;
}

async function comparedRuns(): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < comparedCount; number++) {
    const settings = {
      lr: [0.001, 0.0005, 0.0002, 0.0001][number % 4],
      batch_size: 500,
      latent_dim: 64 + (number % 2),
    };
    const id = await insertRun(`sweep ${number}`, { ...settings, epochs: 300, pac: 10 }, Math.floor(number / 4));
    await store.append(id, pointsOf(keys, 1, comparedSteps));
    await compactor.compact(id);
    ids.push(id);
  }
  return ids;
}

async function startServer() {
  const own = { ROLE: 'web', PORT: '0', DATA_DIR: join(home, 'data'), DATABASE_URL: postgres.url, LOG_LEVEL: 'error' };
  const child = spawn(process.execPath, ['--max-semi-space-size=4', main], {
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /is ready: (http\S+)/.exec(line)?.[1];
    if (url !== undefined) return { url, child };
  }
  throw new Error('the server ended before it was ready');
}

try {
  const seeded = { longRun: await longRun(), compared: await comparedRuns() };
  await dataSource.query('VACUUM ANALYZE');
  const { url, child } = await startServer();
  console.log(JSON.stringify({ url, ...seeded }));
  process.stdin.resume();
  await once(process.stdin, 'end');
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
} finally {
  await dataSource.destroy();
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
}
