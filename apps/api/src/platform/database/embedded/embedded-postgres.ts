import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { installedPackage, majorOf, usableBinaries } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { initialise, openCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { ensureDatabase, urlOf } from './connection.ts';
import { DatabaseUsers } from './database-users.ts';
import { explained } from './embedded-postgres-error.ts';
import { findRunning, launch, shutDown } from './postmaster.ts';
import type { Postmaster } from './postmaster.ts';
import { withStartLock } from './start-lock.ts';

export { EmbeddedPostgresError } from './embedded-postgres-error.ts';

export interface EmbeddedPostgresOptions {
  /** Folder of the database, its password, its log; created if missing. On a disk of this machine, not a network share. */
  home: string;
  /** Told what was created, adopted or moved, never the password. */
  log: (message: string) => void;
  /** The folder of initdb and postgres; default: the installed `@embedded-postgres/<platform>` package. */
  binFolder?: string;
  /** Tried before any other port: after a crash the clients find the server where it was. */
  port?: number;
}

export interface EmbeddedPostgres {
  /** Connection string, password included: not for a log. */
  url: string;
  /** Process id of the postmaster. */
  pid: number;
  /** The server ran already: another process started it, or one that was killed left it behind. */
  isAdopted: boolean;
  /** Major version of the server, e.g. 18. */
  major: number;
  /**
   * Ends this process's use of the server. The last living user shuts it down (fast shutdown) and returns when it is
   * gone; while another process uses it, it stays. May be called twice. Call it after everything else has ended.
   */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL server of `home`, or adopts the one that runs there. Creates the database at the first start.
 *
 * @throws EmbeddedPostgresError when there can be no server; its message says why and what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    mkdirSync(options.home, { recursive: true });
    const home = realpathSync(options.home);
    return await withStartLock(lockOf(home), options.log, () => start({ ...options, home }));
  } catch (error) {
    throw explained(error);
  }
}

const lockOf = (home: string): string => join(home, 'start.lock');

async function start({ home, log, binFolder, port }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(home, log);
  const copyTo = join(cluster.serverFolder, 'binaries');
  const binaries: Binaries =
    binFolder === undefined
      ? await usableBinaries(installedPackage(), { copyTo, user: cluster.user, log })
      : { folder: binFolder, major: await majorOf(binFolder, cluster.user) };
  await initialise(cluster, binaries, log);
  const running = await findRunning(cluster);
  const server = running ?? (await launch(cluster, binaries, port));
  await ensureDatabase(cluster, server.port);
  const how = running ? 'adopted the running' : 'started';
  log(`${how} PostgreSQL ${binaries.major}, process ${server.pid}, port ${server.port}`);
  return handle(server, cluster, { binaries, log, isAdopted: running !== undefined });
}

function handle(
  server: Postmaster,
  cluster: Cluster,
  { binaries, log, isAdopted }: { binaries: Binaries; log: (message: string) => void; isAdopted: boolean },
): EmbeddedPostgres {
  const users = new DatabaseUsers(cluster.home);
  const name = users.join();
  const leave = async (): Promise<void> => {
    users.leave(name);
    const others = users.living();
    if (others.length === 0) {
      await shutDown(cluster, binaries);
      log('stopped PostgreSQL');
    } else {
      log(`PostgreSQL keeps running: process ${others.join(', ')} uses it`);
    }
  };
  let stopping: Promise<void> | undefined;
  return {
    url: urlOf(cluster, server.port),
    pid: server.pid,
    isAdopted,
    major: binaries.major,
    stop: () => (stopping ??= withStartLock(lockOf(cluster.home), log, leave)),
  };
}
