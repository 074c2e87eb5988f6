import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { RunLogWriter } from '../events/run-log-writer';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import { statusEvent } from './run-events';
import { RunLogs } from './run-logs.service';
import { RunSupervisor } from './run-supervisor';
import { RunsRepository } from './runs.repository';
import type { RunClaim } from './runs.repository';
import { TrainTasks } from './train-tasks';
import { TRAINERS } from './trainer';
import type { Trainers } from './trainer';

/** A run that this process works on. */
interface Attempt {
  /** Absent until the trainer was started. */
  supervisor?: RunSupervisor;
  /** Resolves once its last event is on disk. */
  ended: Promise<void>;
}

/** Works on the runs that this process has claimed: starts their trainers and hands them over at the end. */
@Injectable()
export class RunLauncher implements BeforeApplicationShutdown {
  private readonly logger = new Logger(RunLauncher.name);
  private readonly attempts = new Map<string, Attempt>();
  private isDraining = false;

  constructor(
    private readonly runs: RunsRepository,
    private readonly runLogs: RunLogs,
    private readonly tasks: TrainTasks,
    private readonly checkpoints: CheckpointsService,
    @Inject(TRAINERS) private readonly trainers: Trainers,
  ) {}

  /** Trainers save their state, and their runs are on disk as interrupted, before the database goes. */
  beforeApplicationShutdown(): Promise<void> {
    return this.handOver('The server was stopped while this run was at work.');
  }

  get workingRunIds(): string[] {
    return [...this.attempts.keys()];
  }

  supervisorOf(runId: string): RunSupervisor | undefined {
    return this.attempts.get(runId)?.supervisor;
  }

  /**
   * Works on a run until it ends; resolves as soon as its trainer was started, or could not be.
   *
   * @param onEnded called once, when the run's last event is on disk and its place is free again
   */
  async launch(claim: RunClaim, onEnded: () => void): Promise<void> {
    if (this.isDraining) {
      await this.runs.release(claim);
      onEnded();
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const attempt: Attempt = { ended: promise };
    this.attempts.set(claim.run.id, attempt);
    const finish = () => {
      this.attempts.delete(claim.run.id);
      resolve();
      onEnded();
    };
    try {
      const writer = await this.runLogs.acquire(claim.run.id);
      await this.start(claim, attempt, { writer, finish });
    } catch (error) {
      this.logger.error(error instanceof Error ? error.stack : String(error));
      await this.runs.release(claim);
      finish();
    }
  }

  /** No run is taken up any more; each one saves its state and becomes interrupted. Resolves when that is on disk. */
  async handOver(reason: string): Promise<void> {
    this.isDraining = true;
    for (const { supervisor } of this.attempts.values()) supervisor?.interrupt(reason);
    await Promise.all([...this.attempts.values()].map(({ ended }) => ended));
  }

  private async start(
    claim: RunClaim,
    attempt: Attempt,
    { writer, finish }: { writer: RunLogWriter; finish: () => void },
  ): Promise<void> {
    const { run } = claim;
    const close = async () => {
      await this.runLogs.release(run.id, writer);
      finish();
    };
    writer.record(statusEvent('starting', 'The trainer is starting.'));
    try {
      const task = await this.tasks.prepare(claim);
      attempt.supervisor = new RunSupervisor({
        task,
        start: this.trainers.starterFor(run),
        writer,
        saveCheckpoint: (file) => this.checkpoints.keep(run.id, file),
        onEnded: () => void close().catch((error: unknown) => this.logger.error(String(error))),
      });
      this.logger.log(`run ${run.id} (${run.model}) started as process ${attempt.supervisor.pid}`);
    } catch (error) {
      recordFailedStart(writer, error instanceof Error ? error.message : String(error));
      await close();
    }
  }
}

function recordFailedStart(writer: RunLogWriter, reason: string): void {
  const data = {
    status: 'failed',
    message: 'Training could not start.',
    return_code: null,
    error: reason,
    duration_seconds: 0,
  } as const;
  writer.record({ type: 'training_complete', data, at: new Date() });
  writer.record(statusEvent('failed', 'Training could not start.'));
}
