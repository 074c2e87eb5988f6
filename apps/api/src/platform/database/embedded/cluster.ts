import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { executable } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError, orDatabaseUrl, serverFailure } from './embedded-postgres-error.ts';
import { processesIn, run, waitUntil } from './processes.ts';
import type { ServerUser } from './processes.ts';
import { canEnter, checkHasName, serverUser } from './server-user.ts';

/** The name of both the superuser and the database. */
export const owner = 'gan_dashboard';

/** Where root puts the data when the server's user cannot enter the home (a project under /root). */
const fallbackParent = '/var/lib/gan-dashboard';

const initdbPatienceMs = 60_000;

/** One database cluster: its folders, the user it runs as, and its password. */
export interface Cluster {
  home: string;
  /** Belongs to the server's user: the data directory and whatever the server must be able to read. */
  serverFolder: string;
  dataDir: string;
  password: string;
  user: ServerUser | undefined;
}

interface ClusterRecord {
  password: string;
  /** Absolute; absent: `server` in the home, so that a home may be moved. */
  server_folder?: string;
}

/** Reads the cluster of `home`, or decides where a new one will be; creates its folders but no database. */
export async function openCluster(home: string, log: (message: string) => void): Promise<Cluster> {
  const file = join(home, 'cluster.json');
  let record = readRecord(file);
  let serverFolder = record?.server_folder ?? join(home, 'server');
  let user = await serverUser(join(serverFolder, 'data'));
  if (!record) {
    checkNotOrphaned(serverFolder, file);
    record = { password: randomBytes(24).toString('base64url') };
    if (user && !(await canEnter(home, user))) {
      serverFolder = join(fallbackParent, randomBytes(6).toString('hex'));
      record.server_folder = serverFolder;
      log(`user ${user.name} cannot enter ${home}; the database is kept in ${serverFolder}`);
      user = await serverUser(serverFolder);
    }
    writeWhole(file, JSON.stringify(record, null, 2));
  }
  await createFolder(serverFolder, user);
  return { home, serverFolder, dataDir: join(serverFolder, 'data'), password: record.password, user };
}

/**
 * Creates the database unless it exists. initdb works in a folder beside it, which takes the name `data` only when
 * whole: an initdb that was cut short leaves nothing behind that could be taken for a database.
 */
export async function initialise(cluster: Cluster, binaries: Binaries, log: (message: string) => void): Promise<void> {
  const { serverFolder, dataDir } = cluster;
  await removeLeftovers(serverFolder);
  const existing = versionOf(dataDir);
  if (existing !== undefined) return checkMajor(dataDir, existing, binaries);
  checkHasName();
  const half = join(serverFolder, `initdb-${process.pid}`);
  const passwordFile = join(serverFolder, `initdb-${process.pid}-password`);
  try {
    writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
    if (cluster.user) chownSync(passwordFile, cluster.user.uid, cluster.user.gid);
    await initdb(cluster, binaries, ['-D', half, `--pwfile=${passwordFile}`]);
    // Without PG_VERSION it is what an interrupted initdb of an older layout left: there is no data in it.
    rmSync(dataDir, { recursive: true, force: true });
    renameSync(half, dataDir);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(half, { recursive: true, force: true });
  }
  log(`created a PostgreSQL ${binaries.major} database in ${dataDir}`);
}

/** Of a start that was killed in the midst of initdb, which itself may still be running. */
async function removeLeftovers(serverFolder: string): Promise<void> {
  const leftovers = readdirSync(serverFolder).filter((name) => name.startsWith('initdb-'));
  if (leftovers.length === 0) return;
  const hasEnded = () => processesIn(serverFolder).length === 0;
  if (!(await waitUntil(hasEnded, { timeoutMs: initdbPatienceMs }))) {
    throw new EmbeddedPostgresError(
      `An earlier initdb (process ${processesIn(serverFolder).join(', ')}) still runs in ${serverFolder}. End it, ${orDatabaseUrl}.`,
    );
  }
  for (const name of leftovers) rmSync(join(serverFolder, name), { recursive: true, force: true });
}

/** Same bytes order, same `lower()` on every system: the builtin locale (17 and newer), else the C library's C.UTF-8. */
async function initdb(cluster: Cluster, { folder, major }: Binaries, args: string[]): Promise<void> {
  const common = [...args, '-U', owner, '-A', 'scram-sha-256', '-E', 'UTF8', '--no-instructions'];
  const locales =
    major >= 17
      ? [['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']]
      : [['--locale=C.UTF-8'], ['--locale=C']];
  let output = '';
  for (const locale of locales) {
    const finished = await run(executable(folder, 'initdb'), [...common, ...locale], {
      user: cluster.user,
      cwd: cluster.serverFolder,
    });
    if (finished.code === 0) return;
    output = finished.output;
    if (!output.includes('invalid locale')) break;
  }
  throw serverFailure(`initdb could not create a database in ${cluster.serverFolder}`, output);
}

function checkMajor(dataDir: string, existing: number, binaries: Binaries): void {
  if (existing !== binaries.major) {
    throw new EmbeddedPostgresError(
      `The database in ${dataDir} was made by PostgreSQL ${existing}, but the server here is PostgreSQL ${binaries.major}. ` +
        `Run PostgreSQL ${existing} on it, dump and restore it, choose another DATA_DIR, ${orDatabaseUrl}.`,
    );
  }
  if (existsSync(join(dataDir, 'global', 'pg_control'))) return;
  throw new EmbeddedPostgresError(
    `The database in ${dataDir} is damaged: global/pg_control is missing. Restore a backup, move the folder away, ${orDatabaseUrl}.`,
  );
}

/** The major version of a data directory; undefined: it holds no database. */
function versionOf(dataDir: string): number | undefined {
  const file = join(dataDir, 'PG_VERSION');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined;
}

function checkNotOrphaned(serverFolder: string, file: string): void {
  if (versionOf(join(serverFolder, 'data')) === undefined) return;
  throw new EmbeddedPostgresError(
    `There is a database in ${serverFolder}, but its password file ${file} is missing or unreadable. ` +
      `Restore that file, move the folder away, ${orDatabaseUrl}.`,
  );
}

function readRecord(file: string): ClusterRecord | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  try {
    const { password, server_folder } = JSON.parse(text) as Partial<ClusterRecord>;
    if (typeof password !== 'string') return undefined;
    return typeof server_folder === 'string' ? { password, server_folder } : { password };
  } catch {
    // Not JSON: checkNotOrphaned reports it where a database depends on it, else it is written anew.
    return undefined;
  }
}

/** Only its owner may read it; it appears whole or not at all. */
function writeWhole(file: string, text: string): void {
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}

async function createFolder(folder: string, user: ServerUser | undefined): Promise<void> {
  if (user && folder.startsWith(fallbackParent)) {
    mkdirSync(fallbackParent, { recursive: true });
    chmodSync(fallbackParent, 0o755);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!user) return;
  chownSync(folder, user.uid, user.gid);
  if (await canEnter(folder, user)) return;
  throw new EmbeddedPostgresError(
    `PostgreSQL runs as user ${user.name} here, who cannot enter ${folder}. Give that user access to its parent ` +
      `folders, choose another DATA_DIR, ${orDatabaseUrl}.`,
  );
}
