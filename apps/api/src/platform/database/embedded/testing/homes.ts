import { execFileSync, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../embedded-postgres.ts';
import type { EmbeddedPostgres } from '../embedded-postgres.ts';
import { isRunning, processesIn, waitUntil } from '../processes.ts';
import type { ServerUser } from '../processes.ts';

export interface Launched {
  pid: number;
  url: string;
  isAdopted: boolean;
}

export interface Launch {
  launcher: ChildProcess;
  said: Launched | { error: string };
}

/** Temporary homes of embedded servers; `clean` ends whatever still runs in them and removes them. */
export class Homes {
  readonly #folders: string[] = [];
  readonly #children: ChildProcess[] = [];

  /** A folder that the server's user may enter, with a space in its name. */
  create(): string {
    const folder = mkdtempSync(join(tmpdir(), 'embedded postgres '));
    chmodSync(folder, 0o755);
    this.#folders.push(folder);
    return folder;
  }

  /** A copy of a home whose server is stopped: to start from a database without the time that initdb takes. */
  copyOf(home: string): string {
    const copy = this.create();
    // As cp does it: with owners and modes, which PostgreSQL insists on.
    execFileSync('cp', ['-a', `${home}/.`, copy]);
    return copy;
  }

  /** Takes a folder that a spec made (or will make) into the care of `clean`. */
  adopt(folder: string): string {
    // First in, first cleaned: before the parents that were created here.
    this.#folders.unshift(folder);
    return folder;
  }

  /** Starts the server of `home` from a process of its own, which may be another user's. */
  async launch(home: string, binFolder?: string, user?: ServerUser): Promise<Launch> {
    const file = fileURLToPath(new URL('launcher.ts', import.meta.url));
    const launcher = fork(file, binFolder === undefined ? [home] : [home, binFolder], {
      execArgv: [],
      ...(user && { uid: user.uid, gid: user.gid }),
    });
    this.#children.push(launcher);
    const ended = once(launcher, 'exit').then(([code]) => Promise.reject(new Error(`the launcher ended: ${code}`)));
    const [said] = (await Promise.race([once(launcher, 'message'), ended])) as [Launched | { error: string }];
    ended.catch(() => undefined);
    return { launcher, said };
  }

  killLaunchers(): void {
    for (const child of this.#children.splice(0)) child.kill('SIGKILL');
  }

  async clean(): Promise<void> {
    this.killLaunchers();
    for (const folder of this.#folders.splice(0)) {
      const data = serverFolderOf(folder, 'data');
      if (existsSync(data)) await killAll(processesIn(realpathSync(data)));
      rmSync(serverFolderOf(folder), { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** The folder that belongs to the server, or a path in it. */
export function serverFolderOf(home: string, path = ''): string {
  const record = join(home, 'cluster.json');
  const { server_folder } = (existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : {}) as {
    server_folder?: string;
  };
  return join(server_folder ?? join(home, 'server'), path);
}

/** A home with a database and no running server. */
export async function createTemplate(homes: Homes, binFolder?: string): Promise<string> {
  const home = homes.create();
  await (await startIn(home, binFolder)).stop();
  return home;
}

export function startIn(home: string, binFolder?: string, log: string[] = []): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    home,
    log: (message) => log.push(message),
    ...(binFolder !== undefined && { binFolder }),
  });
}

/** The first column of the first row. */
export async function ask(url: string, statement: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

/** Kills as a power cut would: no process gets to do anything more. */
export async function killAll(pids: number[]): Promise<void> {
  for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  const areGone = await waitUntil(() => !pids.some(isRunning), { timeoutMs: 10_000 });
  if (!areGone) throw new Error(`processes ${pids.join(', ')} survived SIGKILL`);
}
