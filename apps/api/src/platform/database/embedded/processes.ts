import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { cannotStart } from './embedded-postgres-error.ts';

/** The user that a server program runs as; undefined: the user of this process. */
export interface ServerUser {
  uid: number;
  gid: number;
  name: string;
}

export interface Finished {
  code: number | null;
  output: string;
}

/** Locale and time zone are fixed: a missing or unknown LANG of the caller must not reach the server. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env;
  return {
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(PATH !== undefined && { PATH }),
    ...(SystemRoot !== undefined && { SystemRoot }),
    ...(TEMP !== undefined && { TEMP }),
  };
}

/**
 * Runs a program to its end, without a shell.
 *
 * @throws EmbeddedPostgresError when it cannot be started at all.
 */
export function run(
  command: string,
  args: string[],
  options: { user?: ServerUser | undefined; cwd?: string } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const { user, cwd } = options;
    const child = spawn(command, args, {
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(user && { uid: user.uid, gid: user.gid }),
      ...(cwd !== undefined && { cwd }),
    });
    let output = '';
    const collect = (chunk: Buffer) => (output += chunk.toString('utf8'));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (cause) => reject(cannotStart(command, cause, user?.name)));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/**
 * Names a running process so that a later process with the same number is told apart: its start time
 * (Linux: clock ticks since this boot). Undefined: no such process, or only a zombie of it is left.
 */
export function processIdentity(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') return linuxIdentity(pid);
  if (!respondsToSignals(pid)) return undefined;
  if (process.platform === 'win32') return String(pid);
  const listed = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const line = listed.stdout?.trim() ?? '';
  return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
}

export function isRunning(pid: number): boolean {
  return processIdentity(pid) !== undefined;
}

function linuxIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command stands in brackets and may itself hold spaces and brackets: count from the last one (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    // The process ended between two reads, or never was.
    return undefined;
  }
}

function respondsToSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The processes whose working directory is `folder` (its real path). Every PostgreSQL process works in its data
 * directory, so this finds backends that outlived their postmaster. Linux only; elsewhere empty.
 */
export function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && workingFolder(pid) === folder && isRunning(pid));
}

export function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // Ended meanwhile, or the process of a user whose folders we may not see.
    return undefined;
  }
}

/** The command line of a process, or '' where it cannot be read. */
export function commandLine(pid: number): string {
  if (process.platform === 'win32') return '';
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Asks `condition` every `everyMs` until it holds; false when it does not within `timeoutMs`. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 25 }: { timeoutMs: number; everyMs?: number },
): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return true;
}
