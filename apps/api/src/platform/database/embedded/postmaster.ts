import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { executable } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { probe } from './connection.ts';
import type { Answer } from './connection.ts';
import { cannotStart, EmbeddedPostgresError, orDatabaseUrl, serverFailure } from './embedded-postgres-error.ts';
import { clearStalePidFile, isServerOf, readPidFile } from './pid-file.ts';
import { isRunning, run, serverEnvironment, waitUntil } from './processes.ts';

/** A running server. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** Recovery after a crash may replay much; as long as the server says that it is at it, it is waited for. */
const recoveryPatienceMs = 10 * 60_000;
const silencePatienceMs = 60_000;
const fastShutdownPatienceMs = 60_000;
const immediateShutdownPatienceMs = 10_000;
const portAttempts = 5;
const keptLogBytes = 5_000_000;

/**
 * The server that already runs on this cluster, once it answers: left behind by a process that was killed, or
 * started by another living one. Undefined: none runs, and the way is clear to start one.
 *
 * @throws EmbeddedPostgresError when one runs but cannot be used.
 */
export async function findRunning(cluster: Cluster): Promise<Postmaster | undefined> {
  const running = readPidFile(cluster.dataDir);
  if (!running) return undefined;
  if (!isServerOf(running.pid, cluster.dataDir)) {
    await clearStalePidFile(cluster.dataDir, running.pid);
    return undefined;
  }
  const answer = await waitFor(async () => {
    if (!isServerOf(running.pid, cluster.dataDir)) return 'gone';
    // The port stands in the file only some time after its creation.
    running.port = readPidFile(cluster.dataDir)?.port ?? running.port;
    return running.port ? await probe(cluster, running.port) : 'none';
  });
  if (answer === 'ours') return running;
  if (answer === 'gone') return findRunning(cluster);
  const why = answer === 'refused' ? 'does not accept the password of' : 'does not answer for';
  throw new EmbeddedPostgresError(
    `A PostgreSQL server (process ${running.pid}) already runs on ${cluster.dataDir}, but ${why} ` +
      `${cluster.home}/cluster.json. Stop it (kill -INT ${running.pid}) and start again, ${orDatabaseUrl}.`,
  );
}

/** Starts a server on the cluster and waits until it answers, through crash recovery if need be. */
export async function launch(cluster: Cluster, binaries: Binaries, preferredPort?: number): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    const port = attempt === 1 && preferredPort !== undefined ? preferredPort : await freePort();
    const { pid, failure } = await launchOn(port, cluster, binaries);
    if (failure === undefined) return { pid, port };
    // Another program may have taken the port between the look and the start.
    if (attempt < portAttempts && failure.includes('could not bind')) continue;
    throw serverFailure(`The embedded PostgreSQL did not start on ${cluster.dataDir}`, failure);
  }
}

/** Stops the server that runs on the cluster, whichever process started it; returns when it is gone. */
export async function shutDown(cluster: Cluster, binaries: Binaries): Promise<void> {
  const running = readPidFile(cluster.dataDir);
  if (!running || !isServerOf(running.pid, cluster.dataDir)) return;
  const isGone = (timeoutMs: number) => waitUntil(() => !isRunning(running.pid), { timeoutMs });
  await interrupt(running.pid, cluster, binaries);
  if (await isGone(fastShutdownPatienceMs)) return;
  // An immediate shutdown loses nothing that was committed: the next start recovers it from the write-ahead log.
  if (isRunning(running.pid)) process.kill(running.pid, 'SIGQUIT');
  if (await isGone(immediateShutdownPatienceMs)) return;
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL (process ${running.pid}) does not stop. Look into ${cluster.home}/postgres.log and end it by hand.`,
  );
}

interface Launched {
  pid: number;
  /** What the server last said when it did not come up. */
  failure?: string;
}

async function launchOn(port: number, cluster: Cluster, binaries: Binaries): Promise<Launched> {
  const logFile = join(cluster.home, 'postgres.log');
  const logStart = rotate(logFile);
  const child = spawnServer(port, cluster, { file: executable(binaries.folder, 'postgres'), logFile });
  let spawnError: Error | undefined;
  let hasExited = false;
  child.once('error', (error) => (spawnError = error));
  child.once('exit', () => (hasExited = true));
  child.unref();
  const ask = (): Promise<Answer | 'gone'> =>
    spawnError || hasExited ? Promise.resolve('gone') : probe(cluster, port);
  const answer = await waitFor(ask);
  const { pid } = child;
  if (spawnError || pid === undefined) {
    throw cannotStart(child.spawnfile, spawnError ?? new Error('no process'), cluster.user?.name);
  }
  if (answer === 'ours' && isRunning(pid)) return { pid };
  if (isRunning(pid)) process.kill(pid, 'SIGQUIT');
  const said = readFileSync(logFile).subarray(logStart).toString('utf8');
  return { pid, failure: said || `it did not answer on port ${port} (last: ${answer})` };
}

function spawnServer(port: number, cluster: Cluster, files: { file: string; logFile: string }): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    // A socket in /tmp would clash with other servers and be open to every local user.
    unix_socket_directories: '',
    max_connections: '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const args = ['-D', cluster.dataDir, '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const log = openSync(files.logFile, 'a', 0o600);
  try {
    return spawn(files.file, args, {
      cwd: cluster.serverFolder,
      env: serverEnvironment(),
      stdio: ['ignore', log, log],
      // A session of its own: the terminal's Ctrl-C reaches this process only, which stops the server last.
      detached: true,
      windowsHide: true,
      ...(cluster.user && { uid: cluster.user.uid, gid: cluster.user.gid }),
    });
  } finally {
    closeSync(log);
  }
}

/** Asks until the answer is final or patience ends; returns the last answer. */
async function waitFor(ask: () => Promise<Answer | 'gone'>): Promise<Answer | 'gone'> {
  let lastSign = performance.now();
  let answer: Answer | 'gone' = 'none';
  const isOver = async (): Promise<boolean> => {
    answer = await ask();
    if (answer === 'starting') lastSign = performance.now();
    const isFinal = answer === 'ours' || answer === 'gone' || answer === 'refused';
    return isFinal || performance.now() - lastSign > silencePatienceMs;
  };
  await waitUntil(isOver, { timeoutMs: recoveryPatienceMs });
  return answer;
}

/** A "fast" shutdown: disconnects everybody, writes a checkpoint, ends. */
async function interrupt(pid: number, cluster: Cluster, binaries: Binaries): Promise<void> {
  if (process.platform !== 'win32') {
    process.kill(pid, 'SIGINT');
    return;
  }
  // Windows has no signals; pg_ctl speaks to the server through a named pipe.
  const { code, output } = await run(executable(binaries.folder, 'pg_ctl'), [
    'stop',
    '-D',
    cluster.dataDir,
    '-m',
    'fast',
  ]);
  if (code !== 0) throw serverFailure(`pg_ctl could not stop process ${pid}`, output);
}

/** A free port of the loopback interface, as the system picks it. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close((error) => (error ? reject(error) : resolve(port)));
    });
  });
}

/** Keeps one old log of the server; returns where in the current one the next server's words begin. */
function rotate(logFile: string): number {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size < keptLogBytes) return size;
  renameSync(logFile, `${logFile}.1`);
  return 0;
}
