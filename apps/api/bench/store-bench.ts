import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { LogEntry } from '@gan-dashboard/shared-types';
import { LogStore } from '../src/history/log-store';
import { writeLines } from '../src/history/log-chunks';
import { MetricCompactor } from '../src/history/metric-compactor';
import { MetricStore } from '../src/history/metric-store';
import { databaseOptions } from '../src/platform/database/database.options';
import { startEmbeddedPostgres } from '../src/platform/database/embedded/embedded-postgres';
import type { EmbeddedPostgres } from '../src/platform/database/embedded/embedded-postgres';
import { insertRun } from '../src/testing/builders';

/**
 * The stores of history on a PostgreSQL of their own: the embedded one, or that of `BENCH_POSTGRES_BIN`, the folder of
 * `initdb` and `postgres`. Prints rows of a table; each figure is the best of `BENCH_ROUNDS` and, in brackets, all.
 */
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
/** Some of `write`, `chart` and `log`; default: all. */
const isAsked = (part: string) => process.env['BENCH_ONLY']?.split(',').includes(part) ?? true;
const binFolder = process.env['BENCH_POSTGRES_BIN'];
const keys = Array.from({ length: 10 }, (_, index) => `metric_${index}`);
const stepsOfRun = 1_000_000;
const stepsPerFlush = 100;
const writers = 8;
const ingestSeconds = 5;

const home = mkdtempSync(join(tmpdir(), 'gan-dashboard-bench-store-'));
chmodSync(home, 0o755);
process.once('exit', () => rmSync(home, { recursive: true, force: true }));

let { server, dataSource } = await open();

async function open(): Promise<{ server: EmbeddedPostgres; dataSource: DataSource }> {
  const server = await startEmbeddedPostgres({
    home,
    log: () => undefined,
    ...(binFolder !== undefined && { binFolder }),
  });
  return { server, dataSource: await new DataSource({ ...databaseOptions(server.url), logging: false }).initialize() };
}

async function stop(): Promise<void> {
  await dataSource.destroy();
  await server.stop();
}

function row(what: string, bar: string, result: string): void {
  console.log(`| ${what} | ${bar} | ${result} | ${loadavg()[0]?.toFixed(1)} |`);
}

const inMs = (values: readonly number[]) =>
  `**${Math.min(...values).toFixed(1)} ms** (${values.map((value) => value.toFixed(1)).join(', ')})`;
const inMillions = (values: readonly number[]) =>
  `**${(Math.max(...values) / 1e6).toFixed(2)} M/s** (${values.map((value) => (value / 1e6).toFixed(2)).join(', ')})`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

/** Wall times, which others' work makes longer, and processor time of this process and the server, which it hardly does. */
async function rowOfTimes(what: string, bar: string, work: () => Promise<unknown>): Promise<void> {
  const before = processorMs();
  const walls: number[] = [];
  for (let index = 0; index < rounds; index++) walls.push(await timed(work));
  row(what, bar, `${inMs(walls)}; processor ${((processorMs() - before) / rounds).toFixed(1)} ms`);
}

/** NaN where there is no /proc. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (
    (user + system) / 1_000 + [server.pid, ...childrenOf(server.pid)].reduce((sum, pid) => sum + runTimeMs(pid), 0)
  );
}

function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').map(Number) : [];
}

function runTimeMs(pid: number): number {
  const file = `/proc/${pid}/schedstat`;
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6 : NaN;
}

/** Values with all their bits, which no codec could shorten; times of steps of 4 to 11 ms. */
function flushOf(
  firstStep: number,
): { key: string; steps: number[]; times: number[]; epochs: number[]; values: number[] }[] {
  const steps = Array.from({ length: stepsPerFlush }, (_, index) => firstStep + index);
  const times = steps.map((step) => 1_795_428_000_000 + 7 * step + Math.floor(4 * Math.random()));
  const epochs = steps.map((step) => Math.floor(step / 500));
  return keys.map((key, index) => ({
    key,
    steps,
    times,
    epochs,
    values: steps.map((step) => Math.sin(step / 10_000 + index) + Math.random() / 7),
  }));
}

async function measureRun(): Promise<string> {
  const subject = await insertRun(dataSource);
  const [store, compactor] = [new MetricStore(dataSource), new MetricCompactor(dataSource)];
  let compaction = 0;
  for (let step = 0; step < stepsOfRun; step += stepsPerFlush) {
    await store.append(subject, flushOf(step));
    // As the jobs do it: when a chunk's worth is pending.
    if ((step / stepsPerFlush) % 50 === 49) compaction += await timed(() => compactor.compact(subject));
    if (step % 100_000 === 0) await dataSource.query('VACUUM metric_chunk, metric_axis, metric_segment');
  }
  compaction += await timed(() => compactor.compact(subject));
  const points = stepsOfRun * keys.length;
  row('compaction of a run at work, points', '-', `${(points / compaction / 1_000).toFixed(2)} M/s`);
  await dataSource.query('VACUUM metric_chunk, metric_axis, metric_segment');
  const [asLeft, whole] = [await bytesOf('metric_chunk', 'metric_axis'), await rewritten()];
  row(
    'bytes per point with indexes',
    '<= 10',
    `**${(whole / points).toFixed(2)}**; ${(asLeft / points).toFixed(2)} with free space`,
  );
  return subject;
}

/** Size of the rows without the space that replaced ones have left. */
async function rewritten(): Promise<number> {
  await dataSource.query('VACUUM FULL metric_chunk');
  await dataSource.query('VACUUM FULL metric_axis');
  return bytesOf('metric_chunk', 'metric_axis');
}

async function bytesOf(...tables: string[]): Promise<number> {
  const [size] = await dataSource.query<{ bytes: string }[]>(
    'SELECT sum(pg_total_relation_size(name::regclass)) AS bytes FROM unnest($1::text[]) name',
    [tables],
  );
  return Number(size?.bytes);
}

async function measureCharts(subject: string): Promise<void> {
  const store = new MetricStore(dataSource);
  const read = (query: { names?: string; from_step?: number; to_step?: number }) => () =>
    store.read(subject, { points: 1_000, ...query });
  const one = { names: 'metric_3' };
  const warmUp = async (query: object) => {
    for (let index = 0; index < 20; index++) await read(query)();
  };
  await warmUp(one);
  await rowOfTimes('chart of 1,000,000 steps, warm', '<= 5 ms', read(one));
  await warmUp({});
  await rowOfTimes('the same, 10 series at once', '-', read({}));
  const near = { ...one, from_step: 400_123, to_step: 600_122 };
  await rowOfTimes('200,000 steps of it, first and later reads', '-', read(near));
  const nearer = { ...one, from_step: 500_123, to_step: 505_122 };
  await rowOfTimes('5,000 steps of it, first and later reads', '-', read(nearer));
}

async function measureCold(subject: string): Promise<void> {
  const [chart, all]: number[][] = [[], []];
  let isDropped = true;
  for (let round = 0; round < rounds; round++) {
    for (const [list, names] of [
      [chart, 'metric_3'],
      [all, undefined],
    ] as const) {
      await stop();
      isDropped = dropCaches() && isDropped;
      ({ server, dataSource } = await open());
      const store = new MetricStore(dataSource);
      list?.push(await timed(() => store.read(subject, { points: 1_000, ...(names !== undefined && { names }) })));
    }
  }
  const how = isDropped ? 'server started anew, page cache of the system dropped' : 'server started anew';
  row(`chart of 1,000,000 steps, cold (${how})`, '<= 50 ms', inMs(chart ?? []));
  row('the same, 10 series at once', '-', inMs(all ?? []));
}

/** Only root may. */
function dropCaches(): boolean {
  try {
    execFileSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}

async function measureIngest(): Promise<void> {
  const store = new MetricStore(dataSource);
  const prepared = Array.from({ length: 50 }, (_, index) => flushOf(index * stepsPerFlush));
  const [rates, busy]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    await dataSource.query('TRUNCATE metric_segment');
    const before = performance.now();
    const end = before + ingestSeconds * 1_000;
    let flushes = 0;
    const busyBefore = processorMs();
    const write = async (): Promise<void> => {
      const subject = randomUUID();
      for (let index = 0; performance.now() < end; index++) {
        await store.append(subject, prepared[index % prepared.length] ?? []);
        flushes++;
      }
    };
    await Promise.all(Array.from({ length: writers }, write));
    busy.push((processorMs() - busyBefore) / (flushes * stepsPerFlush * keys.length));
    rates.push((flushes * stepsPerFlush * keys.length) / ((performance.now() - before) / 1_000));
  }
  row(
    'points written, 8 writers, 10 series x 100 steps a transaction',
    '>= 1 M/s',
    `${inMillions(rates)}; processor ${(1e3 * Math.min(...busy)).toFixed(2)} s per million`,
  );
  await dataSource.query('TRUNCATE metric_segment');
}

function linesFrom(first: number): LogEntry[] {
  return Array.from({ length: 1_000 }, (_, index) => {
    const line = first + index;
    const values = [Math.random(), Math.random(), Math.random()].map((value) => value.toFixed(6));
    return {
      message: `[epoch ${Math.floor(line / 500)}] step ${line} d_loss=${values[0]} g_loss=${values[1]} gp=${values[2]} lr=2.0e-4`,
      source: 'training_output',
      stream: 'stdout',
      level: 'info',
      line,
      timestamp: new Date(1_795_428_000_000 + 11 * line).toISOString(),
    };
  });
}

async function measureLog(): Promise<void> {
  const lines = 1_000_000;
  const runId = await insertRun(dataSource);
  const before = performance.now();
  for (let first = 1; first <= lines; first += 1_000) {
    await dataSource.transaction((manager) => writeLines(manager, runId, linesFrom(first)));
  }
  row('log lines written, 1,000 a transaction', '-', `${Math.round(lines / (performance.now() - before))} k/s`);
  await dataSource.query('VACUUM ANALYZE log_chunk');
  row('bytes per log line', '-', ((await bytesOf('log_chunk')) / lines).toFixed(1));
  const store = new LogStore(dataSource);
  const search = (text: string) => () => store.read(runId, { from_line: 1, limit: 500, search: text });
  await rowOfTimes('search of 1,000,000 lines, no hit', '<= 1 s', search('No Such Words'));
  await rowOfTimes('the same, one hit near the end', '<= 1 s', search('STEP 987654 '));
  await rowOfTimes('the same, 500 hits', '<= 1 s', search('9 d_loss=0.99'));
  await rowOfTimes('500 lines in the middle', '-', () => store.read(runId, { from_line: 500_000, limit: 500 }));
  await rowOfTimes('the last 200 lines', '-', () => store.read(runId, { from_line: -200, limit: 500 }));
}

const [version] = await dataSource.query<{ version: string }[]>('SELECT version()');
console.log(`${version?.version.split(' on ')[0]}\n\n| what | bar | measured | load |\n| --- | --- | --- | --- |`);
if (isAsked('write')) await measureIngest();
if (isAsked('log')) await measureLog();
if (isAsked('chart')) {
  const subject = await measureRun();
  await measureCharts(subject);
  await measureCold(subject);
}
await stop();
