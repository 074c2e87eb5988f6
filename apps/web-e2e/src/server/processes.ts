import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** Together with the pid it names a process for good: pids are used again. */
  readonly started: string;
  readonly command: string;
}

/** The processes of this machine that run; those that only wait to be collected by their parent are left out. */
export function listProcesses(): ProcessInfo[] {
  return process.platform === 'linux' ? listByProc() : listByPs();
}

function listByProc(): ProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readProc)
    .filter((info) => info !== undefined);
}

function readProc(name: string): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    // proc(5): the name in parentheses may itself hold spaces and parentheses; state, ppid … starttime follow it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid: Number(name), parent: Number(fields[1]), started: fields[19] ?? '', command };
  } catch {
    return undefined; // It ended while it was being read.
  }
}

function listByPs(): ProcessInfo[] {
  const output = execFileSync('ps', ['-axo', 'pid=,ppid=,stat=,lstart=,command='], { encoding: 'utf8' });
  return output.split('\n').flatMap((line) => {
    const [, pid, parent, state, started, command] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w+ +\w+ +\d+ +[\d:]+ +\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || parent === undefined || started === undefined || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), started, command: command ?? '' }];
  });
}

/** All processes below one, with it itself. */
export function processTree(pid: number, processes: readonly ProcessInfo[] = listProcesses()): ProcessInfo[] {
  const self = processes.filter((info) => info.pid === pid);
  const children = processes.filter((info) => info.parent === pid);
  return [...self, ...children.flatMap((child) => processTree(child.pid, processes))];
}

/** Those of the given processes that still run. */
export function stillRunning(processes: readonly ProcessInfo[]): ProcessInfo[] {
  const now = new Set(listProcesses().map((info) => `${info.pid} ${info.started}`));
  return processes.filter((info) => now.has(`${info.pid} ${info.started}`));
}
