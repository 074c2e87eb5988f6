import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../configuration/app-config';
import { DatabaseServer } from './database-server';
import { isRunning } from './embedded/processes';

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

describe('DatabaseServer', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-db-'));
    // The server's own user must reach it when the tests run as root.
    await chmod(folder, 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it(
    'starts an embedded server that was killed again, on the same port, with everything in it',
    { timeout: 60_000 },
    async () => {
      const server = new DatabaseServer(readConfig({ DATA_DIR: folder }));
      const url = await server.url();
      await ask(url, 'CREATE TABLE mark AS SELECT 7 AS value');
      const [row] = (await ask(url, `SELECT pg_read_file('postmaster.pid') AS text`)) as { text: string }[];
      const pid = Number(row?.text.split('\n')[0]);
      process.kill(pid, 'SIGKILL');
      const rows = await vi.waitFor(() => ask(url, 'SELECT value FROM mark'), { timeout: 40_000, interval: 200 });
      expect(rows).toEqual([{ value: 7 }]);
      expect(await server.url()).toBe(url);
      const [again] = (await ask(url, `SELECT pg_read_file('postmaster.pid') AS text`)) as { text: string }[];
      await server.stop();
      expect(isRunning(Number(again?.text.split('\n')[0]))).toBe(false);
    },
  );

  it('leaves a server that DATABASE_URL names alone', async () => {
    const server = new DatabaseServer(readConfig({ DATA_DIR: folder, DATABASE_URL: 'postgres://a@127.0.0.1:1/b' }));
    expect(await server.url()).toBe('postgres://a@127.0.0.1:1/b');
    await server.stop();
  });
});
