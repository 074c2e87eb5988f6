import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isRunning, processesIn, waitUntil } from './processes';
import { ask, createTemplate, Homes, killAll, serverFolderOf, startIn } from './testing/homes';

const debianBin = '/usr/lib/postgresql/15/bin';
const servers = [
  { name: 'PostgreSQL 18 (embedded)', major: 18, binFolder: undefined },
  { name: `PostgreSQL 15 (skipped unless ${debianBin} exists)`, major: 15, binFolder: debianBin },
];

const templates = new Homes();
afterAll(() => templates.clean());
const homes = new Homes();
afterEach(() => homes.clean());

for (const { name, major, binFolder } of servers) {
  describe.skipIf(binFolder !== undefined && !existsSync(binFolder))(name, { timeout: 120_000 }, () => {
    let template: string;
    beforeAll(async () => {
      template = await createTemplate(templates, binFolder);
    }, 120_000);

    it('creates a database, answers queries, stops, and has the data at the next start', async () => {
      const home = homes.create();
      const first = await startIn(home, binFolder);
      expect(first).toMatchObject({ major, isAdopted: false });
      expect(await ask(first.url, 'show server_encoding')).toBe('UTF8');
      await ask(first.url, 'create table kept as select 7 as id');
      await first.stop();
      expect(isRunning(first.pid)).toBe(false);

      const second = await startIn(home, binFolder);
      expect(second).toMatchObject({ isAdopted: false });
      expect(await ask(second.url, 'select id from kept')).toBe(7);
      await second.stop();
    });

    it('listens on the loopback address only, without a socket file', async () => {
      const server = await startIn(homes.copyOf(template), binFolder);
      expect(await ask(server.url, 'show listen_addresses')).toBe('127.0.0.1');
      expect(await ask(server.url, 'show unix_socket_directories')).toBe('');
      expect(await ask(server.url, 'show max_connections')).toBe('100');
      expect(await ask(server.url, 'show timezone')).toBe('UTC');
      await server.stop();
    });

    it('keeps the password in a file for its owner alone, and out of the log', async () => {
      const home = homes.copyOf(template);
      const log: string[] = [];
      const server = await startIn(home, binFolder, log);
      const password = new URL(server.url).password;
      expect(password.length).toBeGreaterThanOrEqual(32);
      expect(statSync(join(home, 'cluster.json')).mode & 0o777).toBe(0o600);
      expect(log.join('\n') + readFileSync(join(home, 'postgres.log'), 'utf8')).not.toContain(password);
      await server.stop();
    });

    it('lets a second process adopt the server, which the last user stops', async () => {
      const home = homes.copyOf(template);
      const { launcher, said } = await homes.launch(home, binFolder);
      const second = await startIn(home, binFolder);
      expect(second).toMatchObject({ isAdopted: true, pid: (said as { pid: number }).pid });

      const exit = once(launcher, 'exit');
      launcher.send('stop');
      await exit;
      expect(await ask(second.url, 'select 1')).toBe(1);
      await second.stop();
      expect(isRunning(second.pid)).toBe(false);
    });

    it('does not stop the server that another living process uses', async () => {
      const home = homes.copyOf(template);
      const first = await startIn(home, binFolder);
      const { said } = await homes.launch(home, binFolder);
      expect(said).toMatchObject({ isAdopted: true, pid: first.pid });
      await first.stop();
      expect(await ask(first.url, 'select 1')).toBe(1);
    });

    it('adopts the server of a process that was killed, and stops it', async () => {
      const home = homes.copyOf(template);
      const { launcher, said } = await homes.launch(home, binFolder);
      const exit = once(launcher, 'exit');
      launcher.kill('SIGKILL');
      await exit;
      const server = await startIn(home, binFolder);
      expect(server).toMatchObject({ isAdopted: true, pid: (said as { pid: number }).pid });
      await server.stop();
      expect(isRunning(server.pid)).toBe(false);
    });

    it('starts one server for many that start at once', async () => {
      const home = homes.create();
      const here = [startIn(home, binFolder), startIn(home, binFolder)];
      const there = [homes.launch(home, binFolder), homes.launch(home, binFolder)];
      const started = [...(await Promise.all(here)), ...(await Promise.all(there)).map(({ said }) => said)];
      expect(started.filter((it) => 'isAdopted' in it && !it.isAdopted)).toHaveLength(1);
      expect(new Set(started.map((it) => 'pid' in it && it.pid)).size).toBe(1);
    });

    it('recovers what was committed when the postmaster alone is killed', async () => {
      const home = homes.copyOf(template);
      const first = await startIn(home, binFolder);
      await ask(first.url, 'create table kept as select generate_series(1, 1000) as id');
      process.kill(first.pid, 'SIGKILL');
      const second = await startIn(home, binFolder);
      expect(second).toMatchObject({ isAdopted: false });
      expect(await ask(second.url, 'select count(*)::int from kept')).toBe(1000);
      await second.stop();
    });

    it('is not fooled by a postmaster.pid whose number another process has now', async () => {
      const home = homes.copyOf(template);
      const first = await startIn(home, binFolder);
      await killAll(processesIn(serverFolderOf(home, 'data')));
      const file = serverFolderOf(home, 'data/postmaster.pid');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)));
      const second = await startIn(home, binFolder);
      expect(second).toMatchObject({ isAdopted: false });
      expect(second.pid).not.toBe(first.pid);
      await second.stop();
    });

    it('clears what an interrupted initdb left behind', async () => {
      const home = homes.create();
      for (const folder of ['data/base', 'initdb-1']) {
        mkdirSync(join(home, 'server', folder), { recursive: true });
        writeFileSync(join(home, 'server', folder, 'half'), '');
      }
      const server = await startIn(home, binFolder);
      expect(await ask(server.url, 'select 1')).toBe(1);
      expect(existsSync(join(home, 'server/initdb-1'))).toBe(false);
      await server.stop();
    });

    it('survives a kill in the midst of its first start', async () => {
      const home = homes.create();
      const launching = homes.launch(home, binFolder);
      launching.catch(() => undefined);
      const isCreating = () => processesIn(join(home, 'server')).length > 0;
      expect(await waitUntil(isCreating, { timeoutMs: 30_000, everyMs: 5 })).toBe(true);
      homes.killLaunchers();
      const server = await startIn(home, binFolder);
      expect(await ask(server.url, 'select 1')).toBe(1);
      await server.stop();
    });
  });
}
