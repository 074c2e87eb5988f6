import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { generatorOf } from '../generators/generators';
import { TableFixture } from '../testing/table-fixture';
import { DuckDbSession } from './duckdb-session';
import type { TableJob } from './table-protocol';
import { runTableJob, TableJobCancelled } from './table-process';

// Each job is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });
let fixture: TableFixture;
beforeEach(() => {
  fixture = new TableFixture();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await fixture.close();
});

const job = (): TableJob => ({ job: 'import', folder: fixture.folder, memory_mb: 256, threads: 1 });
const never = () => new AbortController().signal;

/** Puts another program in the place of the table process. */
function replaceWorker(source: string): void {
  const path = join(fixture.folder, 'worker.mjs');
  writeFileSync(path, source);
  vi.stubEnv('TABLE_WORKER', path);
}

describe('a table process that misbehaves costs one job', () => {
  it.each([
    ['crashes', 'process.once("message", () => process.abort())', /was ended by SIGABRT before it was done/],
    ['exits', 'process.once("message", () => process.exit(3))', /ended with exit code 3 before it was done/],
    ['is killed', 'process.once("message", () => process.kill(process.pid, "SIGKILL"))', /lower TABLE_MEMORY_MB/],
    [
      'answers nonsense',
      'process.once("message", () => process.send({ kind: "perhaps" }, () => process.exit(0)))',
      /answered with something unknown/,
    ],
  ])('and %s', async (_name, source, reason) => {
    replaceWorker(source);
    await expect(runTableJob(job(), { timeLimitMs: 60_000, signal: never() })).rejects.toThrow(reason);
  });

  it('is killed when it goes on after its time limit and does not listen', async () => {
    replaceWorker('process.on("message", () => undefined); setInterval(() => undefined, 1000);');
    const running = runTableJob(job(), { timeLimitMs: 100, signal: never() });
    await expect(running).rejects.toThrow(/stopped after its time limit/);
  });

  it('gets no secret of the environment', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://secret');
    replaceWorker(
      'process.once("message", () => process.send({ kind: "done", result: Object.keys(process.env) }, () => process.exit()))',
    );
    const names = await runTableJob(job(), { timeLimitMs: 60_000, signal: never() });
    expect(names).toContain('PATH');
    expect(names).not.toContain('DATABASE_URL');
  });
});

describe('the table service', () => {
  const jobsFolder = () => join(fixture.folder, 'table-jobs');

  it('gives up a running import, and leaves nothing of it', async () => {
    const { chunks } = generatorOf('treasury_orderbook', { rows: 60_000, seed: 1 });
    const csvPath = join(fixture.folder, 'given.csv');
    writeFileSync(csvPath, Buffer.concat([...chunks]));
    const stop = new AbortController();
    const { tables, parquetPath } = fixture;
    const importing = tables.importCsv({ csvPath, parquetPath, signal: stop.signal });
    const ended = expect(importing).rejects.toThrow(TableJobCancelled);
    await vi.waitFor(() => {
      const [folder = ''] = readdirSync(jobsFolder());
      expect(readdirSync(join(jobsFolder(), folder))).toContain('raw.parquet');
    }, 30_000);
    stop.abort();
    await ended;
    expect(readdirSync(jobsFolder())).toEqual([]);
  });

  it('says without paths why a job failed', async () => {
    const columns = [{ name: 'n', type: 'integer' as const, role: 'numeric' as const, missing: 0, distinct: 1 }];
    const csvPath = join(fixture.folder, 'sample.csv');
    writeFileSync(csvPath, 'n\n1\noops\n');
    const writing = fixture.tables.csvToParquet({ csvPath, parquetPath: fixture.parquetPath, columns });
    await expect(writing).rejects.toThrow(/oops/);
    await expect(writing).rejects.not.toThrow(fixture.folder);
  });

  it('writes samples as Parquet that reads back the same', async () => {
    const csvPath = join(fixture.folder, 'sample.csv');
    writeFileSync(csvPath, 'n,x,t,d,flag\n1,1.5,"a, ""b""",01/31/2024,true\n,,,,\n3,-2e-3, c,12/01/2024,false\n');
    const base = { role: 'excluded' as const, missing: 0, distinct: 0 };
    const columns = [
      { ...base, name: 'n', type: 'integer' as const },
      { ...base, name: 'x "y"', type: 'number' as const },
      { ...base, name: 't', type: 'text' as const },
      { ...base, name: 'd', type: 'date' as const, datetime_format: '%m/%d/%Y' },
      { ...base, name: 'flag', type: 'boolean' as const },
    ];
    const { tables, parquetPath } = fixture;
    expect(await tables.csvToParquet({ csvPath, parquetPath, columns })).toBe(3);
    expect((await tables.preview(parquetPath, columns, 10)).rows).toEqual([
      [1, 1.5, 'a, "b"', '2024-01-31', true],
      [null, null, null, null, null],
      [3, -0.002, ' c', '2024-12-01', false],
    ]);
  });

  it('thins a long table to at most 500 points, evenly', async () => {
    const { chunks } = generatorOf('yield_curve', { rows: 1_203, seed: 2 });
    const { columns } = await fixture.importText(Buffer.concat([...chunks]));
    const { plot, rows, total_rows } = await fixture.tables.preview(fixture.parquetPath, columns, 7);
    expect([rows.length, total_rows]).toEqual([7, 1_203]);
    expect(plot.x).toHaveLength(401);
    expect(plot.x_name).toBe('date');
    expect(plot.series.map(({ name }) => name)).toEqual(['1M', '3M', '6M', '1Y', '2Y']);
    expect(plot.series.every(({ values }) => values.length === 401)).toBe(true);
  });
});

describe('what a table process can reach', () => {
  it.each([
    ['read a file elsewhere', `SELECT * FROM read_csv('/etc/passwd')`],
    ['climb out of its folder', (folder: string) => `SELECT * FROM read_text('${folder}/../../etc/passwd')`],
    ['write elsewhere', `COPY (SELECT 1) TO '/tmp/written-by-a-table-process.csv'`],
    ['attach a database', `ATTACH '/tmp/other.db'`],
    ['load an extension', `INSTALL httpfs`],
    ['reach the network', `SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')`],
    ['loosen its settings', `SET enable_external_access = true`],
    ['raise its memory', `SET memory_limit = '100GB'`],
  ])('cannot %s', async (_name, statement) => {
    const session = await DuckDbSession.open({ folder: fixture.folder, memory_mb: 128, threads: 1 });
    const sql = typeof statement === 'string' ? statement : statement(fixture.folder);
    await expect(session.run(sql)).rejects.toThrow(/Permission Error|locked|Invalid Input Error|disabled/);
  });
});
