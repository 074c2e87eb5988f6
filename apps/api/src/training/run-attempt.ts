import { Logger } from '@nestjs/common';
import type { RunLogWriter } from '../events/run-log-writer';
import { ProblemException } from '../platform/http/problem';
import { beginTrace } from '../platform/tracing/spans';
import type { CheckpointsService } from '../synthesis/checkpoints.service';
import type { Interruptions } from './interruptions';
import { logEvent, statusEvent } from './run-events';
import type { RunLogs } from './run-logs.service';
import { RunSupervisor } from './run-supervisor';
import type { Interruption } from './run-supervisor';
import type { RunClaim, RunsRepository } from './runs.repository';
import type { TrainTasks } from './train-tasks';
import type { Trainers } from './trainer';
import { untilDone } from './until-done';

export interface AttemptServices {
  runs: RunsRepository;
  runLogs: RunLogs;
  tasks: TrainTasks;
  interruptions: Interruptions;
  trainers: Trainers;
  checkpoints: Pick<CheckpointsService, 'best' | 'keep' | 'closeWorkFolder'>;
  /** Measures the processes of a run until the returned function is called. */
  watch: (runId: string, supervisor: RunSupervisor) => () => void;
}

/** One claim of a run, from the first preparation to its last event. */
export class RunAttempt {
  /** Absent until the trainer was started. */
  supervisor: RunSupervisor | undefined;
  /** Resolves when the process is gone and everything about it is on disk. */
  readonly ended: Promise<void>;
  private readonly logger = new Logger(RunAttempt.name);
  private readonly end: () => void;
  private handOverReason: string | undefined;
  private fencedBy: string | undefined;
  private followUp: () => Promise<void> = () => Promise.resolve();
  private stopWatching: () => void = () => undefined;

  constructor(
    private readonly claim: RunClaim,
    private readonly services: AttemptServices,
  ) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.end = resolve;
  }

  /** Resolves when the trainer was started, or could not be. */
  async start(): Promise<void> {
    const { claim, services } = this;
    const ids = { 'gan_dashboard.run_id': claim.run.id, 'gan_dashboard.model': claim.run.model };
    const span = beginTrace('train', ids);
    void this.ended.then(() => span.end());
    const owner = { fence: claim.fence, onFenced: (error: Error) => this.letGo(error.message) };
    const writer = await services.runLogs.acquire(claim.run.id, owner);
    writer.record(statusEvent('starting', 'The trainer is starting.'));
    try {
      await this.startTrainer(writer);
    } catch (error) {
      await this.cannotStart(writer, error);
      await this.close(writer);
    }
  }

  /** The run saves its state and is left for another attempt. */
  handOver(reason: string): void {
    this.handOverReason = reason;
    this.supervisor?.interrupt(reason);
  }

  private letGo(reason: string): void {
    this.fencedBy = reason;
    this.supervisor?.letGo(reason);
  }

  private async startTrainer(writer: RunLogWriter): Promise<void> {
    const { claim, services } = this;
    const { task, events } = await services.tasks.prepare(claim);
    for (const event of events) writer.record(event);
    if (this.fencedBy !== undefined) throw new Error(this.fencedBy);
    if (this.handOverReason !== undefined) throw new Error(this.handOverReason);
    this.supervisor = new RunSupervisor({
      task,
      start: services.trainers.starterFor(claim.run),
      progressPercent: claim.run.progressPercent,
      writer,
      saveCheckpoint: (file) => services.checkpoints.keep(claim.run.id, file),
      bestCheckpoint: () => services.checkpoints.best(claim.run.id),
      onFruitful: () => {
        services.runs.markFruitful(claim).catch((error: unknown) => this.logger.warn(String(error)));
      },
      afterInterruption: (interruption) => this.consequencesOf(interruption),
      onEnded: () => {
        this.close(writer).catch((error: unknown) => this.logger.error(String(error)));
      },
    });
    this.stopWatching = services.watch(claim.run.id, this.supervisor);
    this.logger.log(`run ${claim.run.id} (${claim.run.model}) started as process ${this.supervisor.pid}`);
  }

  /** What is missing stays missing: the run has failed. Anything else may pass, and counts as an interruption. */
  private async cannotStart(writer: RunLogWriter, error: unknown): Promise<void> {
    if (this.fencedBy !== undefined) return;
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof ProblemException) {
      writer.record(logEvent('error', reason));
      const message = 'Training could not start.';
      const data = { status: 'failed', message, return_code: null, error: reason, duration_seconds: 0 } as const;
      writer.record({ type: 'training_complete', data, at: new Date() });
      writer.record(statusEvent('failed', message));
      return;
    }
    const isHandOver = this.handOverReason !== undefined;
    if (!isHandOver) this.logger.error(error instanceof Error ? error.stack : reason);
    const interruption = { reason: isHandOver ? reason : `Training could not start: ${reason}`, isHandOver };
    for (const event of await this.consequencesOf({ ...interruption, wasPaused: false })) writer.record(event);
  }

  private async consequencesOf(interruption: Interruption) {
    const { events, followUp } = await untilDone(this.logger, 'what becomes of an interrupted run', () =>
      this.services.interruptions.decide(this.claim, interruption),
    );
    this.followUp = followUp;
    return events;
  }

  private async close(writer: RunLogWriter): Promise<void> {
    const { runLogs, checkpoints } = this.services;
    const { run, fence } = this.claim;
    this.stopWatching();
    try {
      await runLogs.release(run.id, writer);
      if (this.fencedBy === undefined) await untilDone(this.logger, 'the follow-up of an interruption', this.followUp);
      await checkpoints.closeWorkFolder(run.id, fence);
    } finally {
      this.end();
    }
  }
}
