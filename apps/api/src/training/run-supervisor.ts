import { Logger } from '@nestjs/common';
import type {
  CheckpointFile,
  LogEntry,
  NewLogEntry,
  NewRunEvent,
  RunStatus,
  TrainTask,
  WorkerMessage,
} from '@gan-dashboard/shared-types';
import type { RunLogWriter } from '../events/run-log-writer';
import { levelOf, cleanText } from './output-lines';
import { describeEnd } from './process-end';
import { canMove } from './run-states';
import type { StartTrainer, Trainer } from './trainer';
import type { ProcessEnd } from './trainer-process';

/** A worker that was asked to stop and has not ended after this time is killed. */
const stopDeadlineMs = 30_000;

export interface SupervisorOptions {
  task: TrainTask;
  start: StartTrainer;
  writer: RunLogWriter;
  saveCheckpoint: (file: CheckpointFile) => Promise<{ id: string }>;
  /** Called once, when the run has reached a final state and its last event is on disk. */
  onEnded: () => void;
}

interface Outcome {
  status: 'completed' | 'stopped' | 'failed' | 'interrupted';
  message: string;
  error?: string;
}

/** Watches the process of one run: turns what it says into events of the run and its end into an outcome with a reason. */
export class RunSupervisor {
  private readonly logger = new Logger(RunSupervisor.name);
  private readonly startedAt = Date.now();
  private readonly trainer: Trainer;
  private status: RunStatus = 'starting';
  private finished: 'completed' | 'stopped' | undefined;
  private failure: string | undefined;
  private interruption: string | undefined;
  private lastErrorLine: string | undefined;
  private lastCheckpoint: string | undefined;
  private stopTimer: NodeJS.Timeout | undefined;
  /** Checkpoints are stored before their event is recorded; the end of the run waits for them. */
  private pending: Promise<void> = Promise.resolve();

  constructor(private readonly options: SupervisorOptions) {
    this.trainer = options.start(options.task, {
      onMessage: (message, at) => this.receive(message, at),
      onOutput: (stream, line) => this.output(stream, line),
      onProtocolError: (error) => this.log('training', 'error', error),
      onEnd: (end) => void this.end(end),
    });
  }

  get pid(): number | undefined {
    return this.trainer.pid;
  }

  /** Asks the trainer to end and keep its state; it is killed when it does not. */
  stop(message: string): void {
    if (this.status === 'stopping') return;
    this.moveTo('stopping', message);
    this.trainer.send({ task: 'stop' });
    this.stopTimer = setTimeout(() => {
      this.failure = `the trainer did not stop within ${stopDeadlineMs / 1000} s and was killed`;
      this.trainer.kill('SIGKILL');
    }, stopDeadlineMs);
  }

  /** The server goes down: the trainer saves its state, and the run is left to be taken up again. */
  interrupt(reason: string): void {
    this.interruption = reason;
    this.stop('The server is stopping; the state is being saved.');
  }

  private receive(message: WorkerMessage, at: Date): void {
    switch (message.kind) {
      case 'ready':
        break;
      case 'started':
        this.record({ type: 'training_start', data: message.data, at });
        if (this.status === 'starting') this.moveTo('running', message.data.message);
        break;
      case 'update':
        this.record({ type: 'training_update', data: message.data, at });
        break;
      case 'progress':
        this.record({ type: 'progress', data: message.data, at });
        break;
      case 'log':
        this.log('training', message.level, cleanText(message.message));
        break;
      case 'checkpoint':
        this.pending = this.pending.then(() => this.keepCheckpoint(message.data));
        break;
      case 'paused':
        this.moveTo('paused', `The training waits after step ${message.step}.`);
        break;
      case 'resumed':
        this.moveTo('running', `The training goes on after step ${message.step}.`);
        break;
      case 'finished':
        this.finished = message.outcome;
        break;
      case 'failed':
        this.failure = message.error;
        break;
      case 'sampled':
        this.log('training', 'warning', 'the trainer reported a sample that nobody asked for');
        break;
    }
  }

  private async keepCheckpoint(file: CheckpointFile): Promise<void> {
    try {
      const { id } = await this.options.saveCheckpoint(file);
      this.lastCheckpoint = id;
      const { epoch, step, size_bytes } = file;
      this.record({ type: 'checkpoint_saved', data: { checkpoint_id: id, epoch, step, size_bytes }, at: new Date() });
    } catch (error) {
      this.logger.error(error instanceof Error ? error.stack : String(error));
      this.log('training', 'error', `the checkpoint of epoch ${file.epoch} could not be kept: ${String(error)}`);
    }
  }

  private output(stream: 'stdout' | 'stderr', line: string): void {
    const level = stream === 'stderr' ? levelOf(line) : 'info';
    if (level === 'error') this.lastErrorLine = line;
    this.log(stream === 'stdout' ? 'training_output' : 'training_error', level, line, stream);
  }

  private log(
    source: LogEntry['source'],
    level: LogEntry['level'],
    message: string,
    stream?: 'stdout' | 'stderr',
  ): void {
    const at = new Date();
    const data: NewLogEntry = { message, source, level, timestamp: at.toISOString() };
    if (stream) data.stream = stream;
    this.record({ type: 'log_entry', data, at });
  }

  private record(event: NewRunEvent): void {
    this.options.writer.record(event);
  }

  private moveTo(status: RunStatus, message: string): void {
    if (!canMove(this.status, status)) {
      this.logger.warn(`run ${this.options.task.run_id} cannot go from ${this.status} to ${status}`);
      return;
    }
    this.status = status;
    this.record({ type: 'status_update', data: { status, message }, at: new Date() });
  }

  private async end(end: ProcessEnd): Promise<void> {
    clearTimeout(this.stopTimer);
    await this.pending;
    const outcome = this.outcomeOf(end);
    if (outcome.error) this.log('training', 'error', outcome.error);
    if (outcome.status !== 'interrupted') {
      this.record({
        type: 'training_complete',
        data: {
          status: outcome.status,
          message: outcome.message,
          return_code: end.exitCode,
          ...(end.signal ? { signal: end.signal } : {}),
          ...(outcome.error ? { error: outcome.error } : {}),
          duration_seconds: (Date.now() - this.startedAt) / 1000,
          ...(this.lastCheckpoint ? { best_checkpoint: this.lastCheckpoint } : {}),
        },
        at: new Date(),
      });
    }
    // A stop that was overtaken by the end of the training is a completed run, not a stopped one.
    if (this.status === 'starting' && outcome.status !== 'failed' && outcome.status !== 'interrupted')
      this.status = 'running';
    if (this.status === 'running' && outcome.status === 'stopped') this.status = 'stopping';
    this.moveTo(outcome.status, outcome.message);
    this.options.onEnded();
  }

  private outcomeOf(end: ProcessEnd): Outcome {
    const isClean = end.exitCode === 0 && this.failure === undefined;
    if (isClean && this.finished === 'completed') return { status: 'completed', message: 'Training completed.' };
    if (this.interruption !== undefined) return { status: 'interrupted', message: this.interruption };
    if (isClean && this.finished === 'stopped') return { status: 'stopped', message: 'Training was stopped.' };
    const error = this.failure ?? describeEnd(end, this.lastErrorLine);
    return { status: 'failed', message: 'Training failed.', error };
  }
}
