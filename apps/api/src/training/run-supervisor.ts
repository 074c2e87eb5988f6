import { Logger } from '@nestjs/common';
import type {
  CheckpointFile,
  LogEntry,
  NewRunEvent,
  RunControlName,
  RunEventData,
  RunStatus,
  TrainTask,
  WorkerMessage,
} from '@gan-dashboard/shared-types';
import type { RunLogWriter } from '../events/run-log-writer';
import { AskedCommands } from './asked-commands';
import type { CommandResult } from './asked-commands';
import { levelOf, cleanText } from './output-lines';
import { outcomeOf } from './run-outcome';
import type { AttemptFacts, RunOutcome } from './run-outcome';
import { canMove, whyNot } from './run-states';
import type { StartTrainer, Trainer } from './trainer';
import type { ProcessEnd } from './trainer-process';

/** A trainer that was asked to end and has not done so after this time is killed. */
const endDeadlineMs = 30_000;

/** A process stopped working on the run before the run was at its end. */
export interface Interruption {
  reason: string;
  /** The server gave the run up in order, so the attempt does not count as one that led nowhere. */
  isHandOver: boolean;
  wasPaused: boolean;
}

export interface SupervisorOptions {
  task: TrainTask;
  start: StartTrainer;
  /** What the run had reached in earlier attempts. */
  progressPercent: number;
  writer: RunLogWriter;
  saveCheckpoint: (file: CheckpointFile) => Promise<{ id: string }>;
  /** The best checkpoint that the run has now. */
  bestCheckpoint: () => Promise<{ id: string } | undefined>;
  /** Called once, at the first epoch or checkpoint. */
  onFruitful: () => void;
  /** @returns the events that say what becomes of the run */
  afterInterruption: (interruption: Interruption) => Promise<readonly NewRunEvent[]>;
  /** Called once, when the process is gone and everything about it was recorded. */
  onEnded: () => void;
}

/** Watches the process of one run: turns what it says into events of the run and its end into an outcome with a reason. */
export class RunSupervisor {
  private readonly logger = new Logger(RunSupervisor.name);
  private readonly startedAt = Date.now();
  private readonly trainer: Trainer;
  private readonly asked = new AskedCommands();
  private readonly facts: AttemptFacts = { isStopping: false, wasKilledLate: false };
  private status: RunStatus = 'starting';
  private percent: number;
  private place = { epoch: 0, step: 0 };
  private isFruitful = false;
  private isFenced = false;
  private lastCheckpoint: string | undefined;
  private endTimer: NodeJS.Timeout | undefined;
  /** Checkpoints are stored before their event is recorded; the end of the run waits for them. */
  private pending: Promise<void> = Promise.resolve();

  constructor(private readonly options: SupervisorOptions) {
    this.percent = options.progressPercent;
    this.trainer = options.start(options.task, {
      onMessage: (message, at) => this.receive(message, at),
      onOutput: (stream, line) => this.output(stream, line),
      onProtocolError: (error) => this.log('training', 'error', error),
      onEnd: (end) => {
        this.end(end).catch((error: unknown) =>
          this.logger.error(error instanceof Error ? error.stack : String(error)),
        );
      },
    });
  }

  get pid(): number | undefined {
    return this.trainer.pid;
  }

  /**
   * Carries a command out; resolves when the trainer has.
   *
   * @throws Error with the reason where the run or its trainer cannot do it, or the run ended first
   */
  async perform(command: RunControlName): Promise<CommandResult> {
    if (this.isFenced) throw new Error('another process has taken the run up');
    const refusal = this.refusalOf(command);
    if (refusal !== undefined) throw new Error(refusal);
    switch (command) {
      case 'stop':
        return this.stop();
      case 'pause':
        if (this.status === 'paused') return {};
        break;
      case 'resume':
        // A pause that has not begun yet is taken back.
        this.asked.failed('pause', 'The run was told to go on before it had paused.');
        if (this.status !== 'paused') {
          this.trainer.send({ task: 'resume' });
          return {};
        }
        break;
      case 'checkpoint':
        break;
    }
    const done = this.asked.wait(command);
    this.trainer.send({ task: command });
    return done;
  }

  /** The server goes down: the trainer saves its state, and the run is left to be taken up again. */
  interrupt(reason: string): void {
    // A stop that somebody asked for stays one.
    if (this.facts.isStopping || this.facts.handOver !== undefined) return;
    this.facts.handOver = reason;
    this.askToEnd();
  }

  /** Another process has the run: the trainer is killed, and nothing more is said about it. */
  letGo(reason: string): void {
    this.isFenced = true;
    this.asked.allFailed(reason);
    this.trainer.kill('SIGKILL');
  }

  /** What the run's processes were measured to use. */
  measured(values: Omit<RunEventData<'resource_update'>, 'epoch' | 'step'>): void {
    this.record({ type: 'resource_update', data: { ...values, ...this.place }, at: new Date() });
  }

  private refusalOf(command: RunControlName): string | undefined {
    // A resume may also take back a pause that has not begun.
    const refusal = command === 'resume' && this.status !== 'stopping' ? undefined : whyNot(this.status, command);
    if (command === 'pause' && this.status === 'paused') return undefined;
    if (refusal !== undefined) return refusal;
    const { can } = this.trainer;
    if (command === 'pause' && !can.pause) return 'This trainer cannot pause. Stop the run, and resume it later.';
    if (command === 'checkpoint' && !can.checkpoint) return 'This trainer saves its state only when it chooses to.';
    return undefined;
  }

  private async stop(): Promise<CommandResult> {
    this.moveTo('stopping', 'The trainer is stopping; its state is being saved.');
    this.facts.isStopping = true;
    this.askToEnd();
    await this.options.writer.flushed();
    return {};
  }

  private askToEnd(): void {
    this.trainer.send({ task: 'stop' });
    this.endTimer = setTimeout(() => {
      this.facts.wasKilledLate = true;
      this.trainer.kill('SIGKILL');
    }, endDeadlineMs);
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
        this.place = { epoch: message.data.epoch ?? this.place.epoch, step: message.data.step };
        this.record({ type: 'training_update', data: message.data, at });
        this.markFruitful();
        break;
      case 'progress':
        this.progress(message.data, at);
        break;
      case 'log':
        this.log('training', message.level, cleanText(message.message));
        break;
      case 'checkpoint':
        this.pending = this.pending.then(() => this.keepCheckpoint(message.data));
        break;
      case 'quality':
        this.record({ type: 'quality_update', data: message.data, at });
        break;
      case 'health':
        this.record({ type: 'health_alert', data: message.data, at });
        break;
      case 'paused':
        this.moveTo('paused', `The training waits${after(message.step)}.`);
        this.whenWritten(() => this.asked.done('pause'));
        break;
      case 'resumed':
        this.moveTo('running', `The training goes on${after(message.step)}.`);
        this.whenWritten(() => this.asked.done('resume'));
        break;
      case 'finished':
        this.facts.finished = message.outcome;
        this.facts.finishedBecause = message.reason;
        break;
      case 'failed':
        this.facts.failure = message.error;
        break;
      case 'sampled':
        this.log('training', 'warning', 'the trainer reported a sample that nobody asked for');
        break;
    }
  }

  /** An attempt that begins at an earlier checkpoint does not take back what was shown before. */
  private progress(data: RunEventData<'progress'>, at: Date): void {
    this.percent = Math.max(this.percent, data.progress_percent);
    this.place = { epoch: data.epoch ?? this.place.epoch, step: data.step ?? this.place.step };
    this.record({ type: 'progress', data: { ...data, progress_percent: this.percent }, at });
  }

  private markFruitful(): void {
    if (this.isFruitful || this.isFenced) return;
    this.isFruitful = true;
    this.options.onFruitful();
  }

  private async keepCheckpoint(file: CheckpointFile): Promise<void> {
    if (this.isFenced) return;
    try {
      const { id } = await this.options.saveCheckpoint(file);
      this.lastCheckpoint = id;
      const { epoch, step, size_bytes } = file;
      this.record({ type: 'checkpoint_saved', data: { checkpoint_id: id, epoch, step, size_bytes }, at: new Date() });
      this.markFruitful();
      if (file.reason === 'requested') this.whenWritten(() => this.asked.done('checkpoint', { checkpoint_id: id }));
    } catch (error) {
      this.logger.error(error instanceof Error ? error.stack : String(error));
      const reason = `the checkpoint of epoch ${file.epoch} could not be kept: ${String(error)}`;
      this.log('training', 'error', reason);
      if (file.reason === 'requested') this.asked.failed('checkpoint', reason);
    }
  }

  /** Whoever asked reads the answer in the database. */
  private whenWritten(tell: () => void): void {
    this.options.writer.flushed().then(tell, () => undefined);
  }

  private output(stream: 'stdout' | 'stderr', line: string): void {
    const level = stream === 'stderr' ? levelOf(line) : 'info';
    if (level === 'error') this.facts.lastErrorLine = line;
    this.log(stream === 'stdout' ? 'training_output' : 'training_error', level, line, stream);
  }

  private log(
    source: LogEntry['source'],
    level: LogEntry['level'],
    message: string,
    stream?: LogEntry['stream'],
  ): void {
    const at = new Date();
    const data = { message, source, level, timestamp: at.toISOString(), ...(stream ? { stream } : {}) };
    this.record({ type: 'log_entry', data, at });
  }

  private record(event: NewRunEvent): void {
    if (!this.isFenced) this.options.writer.record(event);
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
    clearTimeout(this.endTimer);
    await this.pending;
    try {
      if (!this.isFenced) await this.settle(end, outcomeOf(end, this.facts));
    } finally {
      this.asked.allFailed(`The run ended before that: it is ${this.status}.`);
      this.options.onEnded();
    }
  }

  private async settle(end: ProcessEnd, outcome: RunOutcome): Promise<void> {
    if (outcome.status === 'interrupted') {
      this.log('training', 'warning', outcome.message);
      const interruption = {
        reason: outcome.message,
        isHandOver: this.facts.handOver !== undefined,
        wasPaused: this.status === 'paused',
      };
      this.status = 'interrupted';
      // Recorded in one turn, so that they are on disk together.
      for (const event of await this.options.afterInterruption(interruption)) this.record(event);
      return;
    }
    if (outcome.error) this.log('training', 'error', outcome.error);
    const best = await this.bestCheckpoint();
    const summary = this.summaryOf(end, outcome, outcome.status);
    const data = { ...summary, ...(best === undefined ? {} : { best_checkpoint: best }) };
    this.record({ type: 'training_complete', data, at: new Date() });
    // The end of the training may overtake the words that lead to it.
    if (this.status === 'starting' && outcome.status === 'completed') this.status = 'running';
    this.moveTo(outcome.status, outcome.message);
  }

  private summaryOf(
    end: ProcessEnd,
    { message, error }: RunOutcome,
    status: RunEventData<'training_complete'>['status'],
  ): RunEventData<'training_complete'> {
    return {
      status,
      message,
      return_code: end.exitCode,
      ...(end.signal ? { signal: end.signal } : {}),
      ...(error ? { error } : {}),
      duration_seconds: (Date.now() - this.startedAt) / 1000,
    };
  }

  /** Where nothing tells which one is best, the last one is meant. */
  private async bestCheckpoint(): Promise<string | undefined> {
    try {
      return (await this.options.bestCheckpoint())?.id ?? this.lastCheckpoint;
    } catch (error) {
      this.logger.warn(`the best checkpoint of run ${this.options.task.run_id} is not known: ${String(error)}`);
      return this.lastCheckpoint;
    }
  }
}

/** A program that counts no steps cannot say where it waits. */
function after(step: number | undefined): string {
  return step === undefined ? '' : ` after step ${step}`;
}
