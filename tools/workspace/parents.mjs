import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const everyMs = 200;

/**
 * Ends this process (SIGTERM to itself) when the npm that runs it is gone. npm passes a signal only to the shell
 * between it and this process, and the shell dies of it without a word; a killed npm passes nothing at all.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const watched = ancestorsUpToNpm();
  const timer = setInterval(() => {
    if (process.ppid === watched[0] && watched.every(isAlive)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, everyMs);
  timer.unref();
}

/** The parent, and the parent's parent where the parent is only the shell that runs the script for npm. */
function ancestorsUpToNpm() {
  const parent = process.ppid;
  const { ppid, command } = describe(parent);
  const isShell = command.includes(basename(process.argv[1]));
  return isShell && ppid > 0 ? [parent, ppid] : [parent];
}

function describe(pid) {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return { ppid: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), command };
    } catch {
      // It has ended already: the first look of the timer finds out.
      return { ppid: 0, command: '' };
    }
  }
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' });
  const [, ppid = '0', command = ''] = /^\s*(\d+)\s+(.*)/.exec(stdout ?? '') ?? [];
  return { ppid: Number(ppid), command };
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
