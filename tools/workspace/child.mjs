import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const isWindows = process.platform === 'win32';
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** How long a step has to end after it was asked to. */
const graceMs = 8_000;
/** Ctrl-C reaches this process twice (from the terminal and from npm): a second one counts only after this time. */
const impatienceMs = 2_000;

/** The user stopped a step. */
export class Interrupted extends Error {
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** What a shell would report: the code, or 128 and the signal's number. */
export function exitCodeOf({ code, signal }) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}

/**
 * Runs one step (an installation, a build, a test suite) in a process group of its own, its output passed through.
 * A signal to this process ends the whole group, once; so does `timeoutMs`.
 *
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 * @throws Interrupted when a signal to this process ended the step
 */
export async function runStep(command, args, { cwd, env = process.env, shell = false, timeoutMs } = {}) {
  const child = spawn(command, args, {
    cwd,
    env,
    shell,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: !isWindows,
  });
  let interruption;
  let deadline;
  const end = () => {
    killGroup(child, 'SIGTERM');
    deadline = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
  };
  const patience = timeoutMs === undefined ? undefined : setTimeout(end, timeoutMs);
  const interrupt = (signal) => {
    if (interruption) return;
    interruption = new Interrupted(signal);
    end();
  };
  const ended = await whileListening(interrupt, () => exitOf(child)).finally(() => {
    clearTimeout(patience);
    clearTimeout(deadline);
    // What a step leaves running (the server of a killed test) must not outlive it.
    killGroup(child, 'SIGKILL');
  });
  if (interruption) throw interruption;
  return ended;
}

/**
 * Runs the server until it ends. The first signal asks it to shut down, a second one to hasten, a third one kills it. The
 * server is in a session of its own, so that Ctrl-C comes from here only; the IPC channel tells it when this process dies.
 */
export function supervise(command, args, { cwd, env }) {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: !isWindows,
  });
  let asked = 0;
  let askedAt = -Infinity;
  const stop = () => {
    if (performance.now() - askedAt < impatienceMs) return;
    askedAt = performance.now();
    asked++;
    if (asked > (isWindows ? 1 : 2)) {
      console.error('Not waiting any longer.');
      killGroup(child, 'SIGKILL');
    } else if (isWindows) {
      // Windows has no signals that a process could handle: there the lost channel is the request.
      child.disconnect();
    } else {
      child.kill('SIGTERM');
    }
  };
  return whileListening(stop, () => exitOf(child));
}

function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

async function whileListening(listener, work) {
  for (const signal of stopSignals) process.on(signal, listener);
  try {
    return await work();
  } finally {
    for (const signal of stopSignals) process.off(signal, listener);
  }
}

function killGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (isWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    // Nobody is left in the group.
    if (error.code !== 'ESRCH') throw error;
  }
}
