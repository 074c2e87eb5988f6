import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedPostgresError } from './embedded-postgres';
import { canEnter, isRoot } from './server-user';
import { ask, createTemplate, Homes, serverFolderOf, startIn } from './testing/homes';

const templates = new Homes();
let template: string;
beforeAll(async () => {
  template = await createTemplate(templates);
}, 120_000);
afterAll(() => templates.clean());
const homes = new Homes();
afterEach(() => homes.clean());

async function failure(home: string, binFolder?: string): Promise<EmbeddedPostgresError> {
  const error: unknown = await startIn(home, binFolder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EmbeddedPostgresError);
  expect((error as Error).message).toContain('DATABASE_URL');
  return error as EmbeddedPostgresError;
}

describe('startEmbeddedPostgres', { timeout: 120_000 }, () => {
  it('names both versions when the data is of another major version', async () => {
    const home = homes.copyOf(template);
    writeFileSync(serverFolderOf(home, 'data/PG_VERSION'), '14\n');
    expect((await failure(home)).message).toMatch(/made by PostgreSQL 14, but the server here is PostgreSQL 18/);
    expect(existsSync(serverFolderOf(home, 'data/base'))).toBe(true);
  });

  it('never replaces a database whose password file is lost', async () => {
    const home = homes.copyOf(template);
    rmSync(join(home, 'cluster.json'));
    expect((await failure(home)).message).toMatch(/cluster\.json is missing or unreadable/);
    expect(existsSync(serverFolderOf(home, 'data/PG_VERSION'))).toBe(true);
  });

  it('says so when a database is damaged', async () => {
    const home = homes.copyOf(template);
    rmSync(serverFolderOf(home, 'data/global/pg_control'));
    expect((await failure(home)).message).toMatch(/damaged: global\/pg_control is missing/);
  });

  it('gives the words of the server that does not start', async () => {
    const home = homes.copyOf(template);
    writeFileSync(serverFolderOf(home, 'data/postgresql.conf'), 'no_such_setting = 1\n');
    expect((await failure(home)).message).toMatch(/did not start[^]*no_such_setting/);
  });

  it('rejects, and does not crash, when the programs are missing', async () => {
    const home = homes.create();
    expect((await failure(home, join(home, 'nothing-here'))).message).toMatch(/Cannot start .*nothing-here/);
  });

  it('rejects when a file stands where the home should be', async () => {
    const file = join(homes.create(), 'file');
    writeFileSync(file, '');
    expect((await failure(join(file, 'home'))).message).toMatch(/a file is in the way/);
  });

  it('ignores a LANG that names no locale of this system', async () => {
    const lang = process.env['LANG'];
    process.env['LANG'] = 'xx_XX.nothing';
    try {
      const server = await startIn(homes.copyOf(template));
      expect(await ask(server.url, `select lower('É')`)).toBe('é');
      await server.stop();
    } finally {
      if (lang === undefined) delete process.env['LANG'];
      else process.env['LANG'] = lang;
    }
  });

  it('takes over the lock of a process that is gone', async () => {
    const home = homes.create();
    // Process 1 lives, but not since the moment that this lock names.
    writeFileSync(join(home, 'start.lock'), JSON.stringify({ pid: 1, identity: 'an earlier boot' }));
    const server = await startIn(home);
    expect(existsSync(join(home, 'start.lock'))).toBe(false);
    await server.stop();
  });

  describe.skipIf(!isRoot())('as root', () => {
    it('keeps the database elsewhere when the server user cannot enter the home', async () => {
      const closed = homes.create();
      mkdirSync(join(closed, 'root-only'), { mode: 0o700 });
      const home = homes.adopt(join(closed, 'root-only/home'));
      const log: string[] = [];
      const server = await startIn(home, undefined, log);
      expect(log[0]).toMatch(/cannot enter .*root-only\/home; the database is kept in \/var\/lib\/gan-dashboard\//);
      expect(await ask(server.url, 'show data_directory')).toBe(serverFolderOf(home, 'data'));
      await server.stop();
      const again = await startIn(home);
      expect(await ask(again.url, 'show data_directory')).toBe(serverFolderOf(home, 'data'));
      await again.stop();
    });

    it('says what is missing to a user without a name', async (context) => {
      const nameless = { uid: 54_321, gid: 54_321, name: 'nobody known' };
      if (!(await canEnter(import.meta.dirname, nameless))) context.skip('this checkout is closed to other users');
      const home = homes.create();
      chownSync(home, nameless.uid, nameless.gid);
      const { said } = await homes.launch(home, undefined, nameless);
      expect(said).toMatchObject({ error: expect.stringMatching(/uid 54321\) has no entry in \/etc\/passwd/) });
    });
  });

  it('records nothing of a failed start as a user of the server', async () => {
    const home = homes.copyOf(template);
    const version = readFileSync(serverFolderOf(home, 'data/PG_VERSION'));
    writeFileSync(serverFolderOf(home, 'data/PG_VERSION'), '14\n');
    await failure(home);
    writeFileSync(serverFolderOf(home, 'data/PG_VERSION'), version);
    const server = await startIn(home);
    await server.stop();
    await expect(ask(server.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });
});
