import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DataSource } from 'typeorm';
import { databaseOptions } from '../src/platform/database/database.options';
import { startEmbeddedPostgres } from '../src/platform/database/embedded/embedded-postgres';

/** The list of runs over HTTP, with many runs in the database. Prints rows of a table: median and slowest of the rounds. */
const main = process.argv[2] ?? '';
const runCount = Number(process.env['BENCH_RUNS'] ?? 10_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 20);
const queries = {
  'newest 50': '',
  'newest 500': 'limit=500',
  'by status': 'status=failed',
  queued: 'status=queued',
  'by tag and model': 'tag=group-7&model=ctgan',
  'by part of the name': 'search=run%20number%2099',
  'by name': 'sort=name&order=asc',
  'by progress': 'sort=progress_percent',
  'by end': 'sort=ended_at',
  'the last page': `cursor=${runCount - 50}`,
};

const home = mkdtempSync(join(tmpdir(), 'gan-dashboard-bench-runs-'));
chmodSync(home, 0o755);
const server = await startEmbeddedPostgres({ home: join(home, 'db'), log: () => undefined });
const dataSource = await new DataSource({ ...databaseOptions(server.url), logging: false }).initialize();

/** 200 of them wait in the queue, for no worker is there; the others have ended in one way or another. */
async function insertRuns(): Promise<void> {
  await dataSource.query(
    `INSERT INTO run (id, created_at, created_by, name, status, model, config, seed, total_epochs, epoch, tags, summary,
       progress_percent, started_at, ended_at, queued_at)
     SELECT gen_random_uuid(), now() - make_interval(secs => n), 'bench', 'run number ' || n,
       CASE WHEN n <= 200 THEN 'queued' ELSE (ARRAY['completed', 'completed', 'failed', 'stopped'])[1 + n % 4] END,
       (ARRAY['wgan-gp', 'ctgan', 'gan'])[1 + n % 3],
       jsonb_build_object('epochs', 300, 'batch_size', 500, 'generator_layers', jsonb_build_array(256, 256)),
       n, 300, n % 300, jsonb_build_array('group-' || n % 50, 'bench'),
       (SELECT jsonb_object_agg('metric_' || m, random()) FROM generate_series(1, 12) m),
       n % 101, now() - make_interval(secs => n), CASE WHEN n > 200 THEN now() - make_interval(secs => n - 60) END,
       CASE WHEN n <= 200 THEN now() - make_interval(secs => n) END
     FROM generate_series(1, $1::int) n`,
    [runCount],
  );
  await dataSource.query('ANALYZE run');
}

async function startServer(): Promise<{ url: string; stop: () => void }> {
  const own = { ROLE: 'web', PORT: '0', DATA_DIR: join(home, 'data'), DATABASE_URL: server.url, LOG_LEVEL: 'error' };
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /is ready: (http\S+)\//.exec(line)?.[1];
    if (url !== undefined) return { url, stop: () => void child.kill('SIGKILL') };
  }
  throw new Error('the server did not start');
}

async function ask(url: string, query: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(`${url}/api/v1/runs?${query}`);
  const { items } = (await response.json()) as { items: unknown[] };
  if (!response.ok || items.length === 0) throw new Error(`${query}: ${response.status}, ${items.length} runs`);
  return performance.now() - start;
}

await insertRuns();
const web = await startServer();
try {
  console.log(`| ${runCount.toLocaleString('en')} runs | bar | median | slowest of ${rounds} | load |`);
  console.log('| --- | --- | --- | --- | --- |');
  for (const [what, query] of Object.entries(queries)) {
    await ask(web.url, query);
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) times.push(await ask(web.url, query));
    times.sort((a, b) => a - b);
    const shown = [times[Math.floor(rounds / 2)], times.at(-1)].map((ms) => `${(ms ?? 0).toFixed(1)} ms`);
    console.log(`| ${what} | < 50 ms | ${shown.join(' | ')} | ${loadavg()[0]?.toFixed(1)} |`);
  }
} finally {
  web.stop();
  await dataSource.destroy();
  await server.stop();
  rmSync(home, { recursive: true, force: true });
}
