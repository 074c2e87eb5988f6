// The entry of a trainer process. It is forked, does one task over IPC and exits.
import type { WorkerEnvelope, WorkerMessage } from '@gan-dashboard/shared-types';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { openEngines } from './engine/engines';
import { runWorker } from './run/worker';
import type { WorkerPort } from './run/worker';

const stop = new AbortController();

/** Sends over IPC. Once whoever started this process is gone, nobody is left to tell: messages are dropped. */
function send(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) resolve();
    else process.send(envelopeOf(message), undefined, undefined, () => resolve());
  });
}

function envelopeOf(message: WorkerMessage): WorkerEnvelope {
  return { at: new Date().toISOString(), message };
}

const port: WorkerPort = { send, onCommand: (listener) => process.on('message', listener) };

function writeError(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function fail(error: unknown): Promise<void> {
  writeError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  await send({ kind: 'failed', error: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}

process.on('uncaughtException', (error) => void fail(error));
process.on('unhandledRejection', (reason) => void fail(reason));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
process.on('disconnect', () => stop.abort());

/** @throws Error for what is no number of megabytes; the server checks it before, the command line does not */
function rowMemoryOf(given = ''): number {
  const megabytes = given === '' ? 512 : Number(given);
  if (Number.isInteger(megabytes) && megabytes >= 0) return megabytes * 2 ** 20;
  throw new Error(`TRAINING_ROWS_MEMORY_MB is "${given}"; allowed: a whole number of MiB, 0 or more.`);
}

/** @throws Error for another value; absent: the engine finds out */
function lanesOf(given = 'auto'): { lanes?: 4 } {
  if (given === '' || given === 'auto') return {};
  if (given === '4') return { lanes: 4 };
  throw new Error(`TRAINING_LANES is "${given}"; allowed: auto, 4.`);
}

if (process.send) {
  const lanes = lanesOf(process.env['TRAINING_LANES']);
  const code = await runWorker({
    port,
    stop,
    writeError,
    rowMemoryBytes: rowMemoryOf(process.env['TRAINING_ROWS_MEMORY_MB']),
    clock: { now: () => performance.now(), breathe: () => setImmediate() },
    openEngine: (log) => openEngines({ log, clock: performance, cores: availableParallelism(), ...lanes }),
  });
  process.exit(code);
} else {
  writeError('This program is started by the server, which talks to it over IPC.');
  process.exit(1);
}
