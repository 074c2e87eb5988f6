import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { workerEnvelopeSchema } from '@gan-dashboard/shared-types';
import type { WorkerCommand, WorkerMessage } from '@gan-dashboard/shared-types';
import { OutputLines } from './output-lines';
import type { StartTrainer, Trainer } from './trainer';

/** How a process ended. */
export interface ProcessEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

export interface TrainerProcessEvents {
  /** `at` is when the process said it. */
  onMessage: (message: WorkerMessage, at: Date) => void;
  onOutput: (stream: 'stdout' | 'stderr', line: string) => void;
  /** The process said something that is not of the protocol. */
  onProtocolError: (error: string) => void;
  /** Called once, when the process is gone and all its output was read. */
  onEnd: (end: ProcessEnd) => void;
}

/** The bundle lies beside main.js; tests name it by TRAINER_WORKER. */
function workerFile(): string {
  return process.env['TRAINER_WORKER'] ?? fileURLToPath(new URL('./trainer-worker.js', import.meta.url));
}

/** Only what a trainer needs: no database address and no secret reaches it. */
function workerEnvironment(): NodeJS.ProcessEnv {
  const ofSystem = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'SystemRoot', 'TEMP'];
  const passed = [...ofSystem, 'TRAINING_ROWS_MEMORY_MB', 'TRAINING_LANES'];
  return Object.fromEntries(passed.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** A group of its own can be killed as a whole, and a Ctrl-C in the terminal reaches the server alone. */
const hasOwnGroup = process.platform !== 'win32';

/** One task in a process of its own: what it says is checked, what it prints is read line by line. */
export class TrainerProcess implements Trainer {
  readonly can = { pause: true, checkpoint: true };
  private readonly child: ChildProcess;
  private hasEnded = false;

  /** @throws Error where the machine has no room for another process */
  constructor(private readonly events: TrainerProcessEvents) {
    this.child = fork(workerFile(), [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'json',
      env: workerEnvironment(),
      execArgv: ['--enable-source-maps'],
      detached: hasOwnGroup,
    });
    this.child.on('message', (message) => this.receive(message));
    this.child.on('error', (error) => this.events.onProtocolError(error.message));
    if (this.child.pid === undefined) {
      throw new Error('No process could be started: the machine may be out of processes, memory or open files.');
    }
    for (const name of ['stdout', 'stderr'] as const) {
      const lines = new OutputLines((line) => this.events.onOutput(name, line));
      this.child[name]?.on('data', (chunk: Buffer) => lines.write(chunk));
      this.child[name]?.on('end', () => lines.end());
    }
    // 'close' comes after 'exit', once stdout and stderr were read to their ends; messages may still be on their way.
    this.child.once('close', (exitCode, signal) => {
      if (this.child.connected) this.child.once('disconnect', () => this.end({ exitCode, signal }));
      else this.end({ exitCode, signal });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(command: WorkerCommand): void {
    if (this.child.connected) {
      this.child.send(command, (error) => {
        // The process has gone in the meantime; its end is reported by 'close'.
        if (error) this.events.onProtocolError(error.message);
      });
    }
  }

  kill(signal: NodeJS.Signals): void {
    if (this.hasEnded) return;
    if (signal === 'SIGKILL' && hasOwnGroup && this.child.pid !== undefined) killGroup(this.child.pid);
    else this.child.kill(signal);
  }

  private receive(message: unknown): void {
    const parsed = workerEnvelopeSchema.safeParse(message);
    if (parsed.success) this.events.onMessage(parsed.data.message, new Date(parsed.data.at));
    else this.events.onProtocolError(`a message of the trainer was not understood: ${parsed.error.message}`);
  }

  private end(end: ProcessEnd): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.events.onEnd(end);
  }
}

/** What the process has started itself must not outlive it. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Hands the task to a new trainer process as soon as it is ready. */
export const startTrainerProcess: StartTrainer = (task, events) => {
  const trainer = new TrainerProcess({
    ...events,
    onMessage: (message, at) => {
      if (message.kind === 'ready') trainer.send(task);
      else events.onMessage(message, at);
    },
  });
  return trainer;
};
