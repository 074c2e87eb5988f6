import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const writtenWithinMs = 5_000;

/**
 * Runs `work` while no other process holds `file`. Waits for a living holder as long as it lives; takes over the lock
 * of one that has ended.
 */
export async function withLock(file, work, { everyMs = 200, tell = console.log } = {}) {
  mkdirSync(dirname(file), { recursive: true });
  let hasTold = false;
  while (!create(file)) {
    removeIfStale(file);
    const holder = read(file);
    if (holder && !hasTold) {
      hasTold = true;
      tell(`Waiting for process ${holder.pid}, which is installing or building.`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function create(file) {
  let handle;
  try {
    handle = openSync(file, 'wx');
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeSync(handle, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  closeSync(handle);
  return true;
}

/** Only who creates the `.steal` file removes a stale lock: nobody removes the lock that another has just taken. */
function removeIfStale(file) {
  if (!isStale(file)) return;
  const steal = `${file}.steal`;
  if (!create(steal)) {
    if (isStale(steal)) rmSync(steal, { force: true });
    return;
  }
  if (isStale(file)) rmSync(file, { force: true });
  rmSync(steal, { force: true });
}

function isStale(file) {
  const holder = read(file);
  if (holder) return !isAlive(holder.pid) || startOf(holder.pid) !== holder.started;
  // Empty for the moment between its creation and its first write, or for ever.
  const status = statSync(file, { throwIfNoEntry: false });
  return status !== undefined && Date.now() - status.mtimeMs > writtenWithinMs;
}

function read(file) {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8'));
    return typeof holder?.pid === 'number' ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Tells a process from a later one with the same number: clock ticks since boot; '' where there is no /proc. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
