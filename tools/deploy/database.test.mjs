import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./database.mjs', import.meta.url));
/** Finds the server by the variables alone, as every client of PostgreSQL does. */
const client = `import { Client } from 'pg';
const client = new Client();
await client.connect();
console.log((await client.query(process.argv[1])).rows.map((row) => Object.values(row).join()).join());
await client.end();`;

describe('npm run database', () => {
  let folder;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gan-dashboard-database-'));
    await chmod(folder, 0o755);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (args, environment = {}) =>
    new Promise((resolve) => {
      const env = { ...process.env, DATABASE_URL: '', DATA_DIR: folder, ...environment };
      execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });
  const ask = (sql) => run([process.execPath, '--input-type=module', '-e', client, sql]);

  it('lets a client find the embedded database, and what it did is there the next time', async () => {
    const first = await ask('CREATE TABLE note AS SELECT 42 AS number');
    assert.equal(first.code, 0, first.stderr);
    const { stdout, stderr } = await ask('SELECT number, current_database() FROM note');
    assert.equal(stdout, '42,gan_dashboard\n', stderr);
    assert.match(stderr, /stopped PostgreSQL/);
  });

  it('ends as the client does', async () => {
    assert.equal((await run([process.execPath, '-e', 'process.exit(3)'])).code, 3);
    const { code, stderr } = await run(['no-such-client']);
    assert.equal(code, 1);
    assert.match(stderr, /no-such-client cannot be run/);
  });

  it('leaves a database of your own to you', async () => {
    const { code, stderr } = await run(['psql'], { DATABASE_URL: 'postgres://nowhere/x' });
    assert.equal(code, 1);
    assert.match(stderr, /DATABASE_URL is set/);
  });
});
