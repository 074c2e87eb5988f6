import { workerCommandSchema } from '@gan-dashboard/shared-types';
import type { SampleTask, TrainTask, WorkerCommand, WorkerMessage } from '@gan-dashboard/shared-types';
import { z } from 'zod';
import type { Engine } from '../engine/engine';
import { parseModelConfig } from '../models/catalog';
import type { Clock, TrainingObserver } from './observer';
import { loadCheckpoint } from './checkpoint';
import { sampleToCsv } from './sample';
import { TrainingControl } from './training-control';
import { train } from './train';

/** The worker's side of the channel to the process that started it. */
export interface WorkerPort {
  /** Resolves when the message has left this process, or could not because nobody listens any more. */
  send(message: WorkerMessage): Promise<void>;
  /** Hands on each message that comes in, as it came. */
  onCommand(listener: (command: unknown) => void): void;
}

export interface WorkerSurroundings {
  port: WorkerPort;
  clock: Clock;
  /** Asked to end: the process got a signal, or whoever started it is gone. */
  stop: AbortController;
  /** Opens what computes the steps; only called once there is a task. `log` is told what it is. */
  openEngine: (log: (line: string) => void) => Engine;
  /** Memory that the encoded rows of a training may take, in bytes. */
  rowMemoryBytes?: number;
  /** For the stack of an error, which people rarely need. */
  writeError: (text: string) => void;
}

type Task = TrainTask | SampleTask;
/** How the task ended, and why where it did so by itself before its last epoch. */
type End = Pick<Extract<WorkerMessage, { kind: 'finished' }>, 'outcome' | 'reason'>;

/**
 * Says `ready`, does the one task that comes, says how it ended.
 *
 * @returns the exit code: 0 where the task was done or stopped, 1 where it failed
 */
export async function runWorker(around: WorkerSurroundings): Promise<number> {
  const { port, writeError } = around;
  try {
    const control = new TrainingControl();
    const task = await takeTask(around, control);
    const end = task ? await doTask(task, around, control) : { outcome: 'stopped' as const };
    await port.send({ kind: 'finished', ...end });
    return 0;
  } catch (error) {
    writeError(error instanceof Error ? (error.stack ?? error.message) : String(error));
    await port.send({ kind: 'failed', error: error instanceof Error ? error.message : String(error) });
    return 1;
  }
}

/** The first task that comes; null where the worker is stopped before. From then on only controls are heard. */
function takeTask({ port, stop }: WorkerSurroundings, control: TrainingControl): Promise<Task | null> {
  return new Promise((resolve, reject) => {
    let hasTask = false;
    stop.signal.addEventListener('abort', () => {
      resolve(null);
    });
    port.onCommand((raw) => {
      const command = parseCommand(raw);
      if (command instanceof Error) {
        if (!hasTask) reject(command);
        else void port.send({ kind: 'log', level: 'warning', message: command.message });
        return;
      }
      if (command.task !== 'train' && command.task !== 'sample') {
        const acts = {
          stop: () => stop.abort(),
          pause: () => control.pause(),
          resume: () => control.resume(),
          checkpoint: () => control.requestCheckpoint(),
        };
        acts[command.task]();
        return;
      }
      if (hasTask) {
        void port.send({ kind: 'log', level: 'warning', message: 'A second task was refused: a worker does one.' });
        return;
      }
      hasTask = true;
      resolve(command);
    });
    void port.send({ kind: 'ready' });
  });
}

function parseCommand(raw: unknown): WorkerCommand | Error {
  const parsed = workerCommandSchema.safeParse(raw);
  return parsed.success
    ? parsed.data
    : new Error(`The worker got a task it cannot read: ${z.prettifyError(parsed.error)}`);
}

async function doTask(task: Task, around: WorkerSurroundings, control: TrainingControl): Promise<End> {
  const observer = observerOf(around.port);
  if (task.task === 'train') return doTraining(task, observer, around, control);
  const engine = openEngine(observer, around);
  const result = await sampleToCsv(task, { engine, clock: around.clock, signal: around.stop.signal });
  if (!result) return { outcome: 'stopped' };
  await around.port.send({ kind: 'sampled', ...result });
  return { outcome: 'completed' };
}

async function doTraining(
  task: TrainTask,
  observer: TrainingObserver,
  around: WorkerSurroundings,
  control: TrainingControl,
): Promise<End> {
  const parsed = parseModelConfig(task.model, task.config);
  if (!parsed.ok) throw new Error(parsed.errors.map(({ message }) => message).join(' '));
  const { start_from: from } = task;
  const startFrom = from && { checkpoint: await loadCheckpoint(from.path, from.sha256), mode: from.mode };
  const engine = openEngine(observer, around);
  let reason: string | undefined;
  const outcome = await train(
    { ...task, config: parsed.config },
    {
      engine,
      observer: { ...observer, endsEarly: (why) => void (reason = why) },
      control,
      clock: around.clock,
      signal: around.stop.signal,
      ...(around.rowMemoryBytes === undefined ? {} : { rowMemoryBytes: around.rowMemoryBytes }),
      ...(startFrom ? { startFrom } : {}),
    },
  );
  return { outcome, ...(reason === undefined ? {} : { reason }) };
}

function openEngine(observer: TrainingObserver, around: WorkerSurroundings): Engine {
  return around.openEngine((line) => observer.log('info', line));
}

/** Messages keep their order in the channel, so only the last one, sent by the caller, needs to be waited for. */
function observerOf(port: WorkerPort): TrainingObserver {
  return {
    started: (data) => void port.send({ kind: 'started', data }),
    update: (data) => void port.send({ kind: 'update', data }),
    progress: (data) => void port.send({ kind: 'progress', data }),
    log: (level, message) => void port.send({ kind: 'log', level, message }),
    checkpoint: (data) => void port.send({ kind: 'checkpoint', data }),
    quality: (data) => void port.send({ kind: 'quality', data }),
    health: (data) => void port.send({ kind: 'health', data }),
    endsEarly: (reason) => void port.send({ kind: 'log', level: 'info', message: reason }),
    paused: (step) => void port.send({ kind: 'paused', step }),
    resumed: (step) => void port.send({ kind: 'resumed', step }),
  };
}
