import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { EmbeddedPostgresError, orDatabaseUrl } from './embedded-postgres-error.ts';
import { processIdentity, waitUntil } from './processes.ts';

const patienceMs = 10 * 60_000;
/** A lock without readable content is one that is being written, unless it has been so for this long. */
const unreadableAfterMs = 5_000;

interface Holder {
  pid: number;
  identity: string;
}

/**
 * Runs `work` while no other process or task holds `file`. A lock whose process has ended is taken over.
 *
 * @throws EmbeddedPostgresError when a living process keeps the lock for ten minutes.
 */
export async function withStartLock<T>(
  file: string,
  log: (message: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  let hasTold = false;
  const isHeld = await waitUntil(
    () => {
      if (create(file)) return true;
      removeIfStale(file);
      const holder = read(file);
      if (holder && holder.pid !== process.pid && !hasTold) {
        hasTold = true;
        log(`process ${holder.pid} is starting or stopping this database; waiting for it`);
      }
      return false;
    },
    { timeoutMs: patienceMs, everyMs: 50 },
  );
  if (!isHeld) {
    const holder = read(file);
    throw new EmbeddedPostgresError(
      `Process ${holder?.pid ?? '?'} has held ${file} for ten minutes. End that process, ${orDatabaseUrl}.`,
    );
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function create(file: string): boolean {
  let handle: number;
  try {
    handle = openSync(file, 'wx', 0o644);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    const holder: Holder = { pid: process.pid, identity: processIdentity(process.pid) ?? '' };
    writeSync(handle, JSON.stringify(holder));
  } finally {
    closeSync(handle);
  }
  return true;
}

/** Only the process that creates the `.steal` file removes a stale lock, so that nobody removes a fresh one. */
function removeIfStale(file: string): void {
  if (!isStale(file)) return;
  const steal = `${file}.steal`;
  if (!create(steal)) {
    if (isStale(steal)) rmSync(steal, { force: true });
    return;
  }
  try {
    if (isStale(file)) rmSync(file, { force: true });
  } finally {
    rmSync(steal, { force: true });
  }
}

function isStale(file: string): boolean {
  const holder = read(file);
  if (holder) return processIdentity(holder.pid) !== holder.identity;
  const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
  return Date.now() - mtimeMs > unreadableAfterMs;
}

function read(file: string): Holder | undefined {
  try {
    const { pid, identity } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return typeof pid === 'number' && typeof identity === 'string' ? { pid, identity } : undefined;
  } catch {
    // Gone meanwhile, or not yet written: isStale tells the two apart by age.
    return undefined;
  }
}
