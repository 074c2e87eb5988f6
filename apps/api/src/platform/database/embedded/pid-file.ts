import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError, orDatabaseUrl } from './embedded-postgres-error.ts';
import { commandLine, isRunning, processesIn, waitUntil, workingFolder } from './processes.ts';

const backendsPatienceMs = 30_000;

/** What postmaster.pid says; `port` is 0 for the moment in which the file has only its first lines. */
export function readPidFile(dataDir: string): { pid: number; port: number } | undefined {
  const file = pidFile(dataDir);
  if (!existsSync(file)) return undefined;
  // Lines: process id, data directory, start time, port, … (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_*).
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  // A standalone backend writes its process id with a minus sign.
  return pid ? { pid: Math.abs(pid), port: Number(lines[3]) || 0 } : undefined;
}

/** Whether `pid` is a living PostgreSQL of this data directory, and not an unrelated process with a reused number. */
export function isServerOf(pid: number, dataDir: string): boolean {
  if (!isRunning(pid)) return false;
  if (workingFolder(pid) === realpathSync(dataDir)) return true;
  const command = commandLine(pid);
  // Where the command line cannot be read, a living process is taken for the server: never start a second one.
  return command === '' || (/postgres/i.test(command) && command.includes(dataDir));
}

/**
 * Clears the way after a server that did not shut down. Waits for its backends: they still hold the shared memory
 * that postmaster.pid names, and PostgreSQL itself relies on that file to keep a second server out.
 *
 * @throws EmbeddedPostgresError when processes of the old server stay.
 */
export async function clearStalePidFile(dataDir: string, pid: number): Promise<void> {
  const folder = realpathSync(dataDir);
  if (!(await waitUntil(() => processesIn(folder).length === 0, { timeoutMs: backendsPatienceMs }))) {
    throw new EmbeddedPostgresError(
      `Processes of an earlier PostgreSQL server still use ${dataDir}: ${processesIn(folder).join(', ')}. ` +
        `End them, ${orDatabaseUrl}.`,
    );
  }
  // Of a pid that nobody has PostgreSQL clears the file itself; of a reused one or a zombie's it would not.
  if (readPidFile(dataDir)?.pid === pid) rmSync(pidFile(dataDir), { force: true });
}

const pidFile = (dataDir: string): string => join(dataDir, 'postmaster.pid');
