import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { Subject } from 'rxjs';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import { ResourceMonitor } from '../workers/resource-monitor';
import { Interruptions } from './interruptions';
import { RunAttempt } from './run-attempt';
import type { AttemptServices } from './run-attempt';
import { RunLogs } from './run-logs.service';
import type { RunSupervisor } from './run-supervisor';
import { RunsRepository } from './runs.repository';
import type { RunClaim } from './runs.repository';
import { TrainTasks } from './train-tasks';
import { TRAINERS } from './trainer';
import type { Trainers } from './trainer';
import { untilDone } from './until-done';

/** Works on the runs that this process has claimed: starts their trainers, and hands them over at the end. */
@Injectable()
export class RunLauncher implements BeforeApplicationShutdown {
  /** A trainer was started. */
  readonly started = new Subject<void>();
  private readonly logger = new Logger(RunLauncher.name);
  private readonly attempts = new Map<string, RunAttempt>();
  private readonly services: AttemptServices;
  private isDraining = false;

  constructor(
    private readonly runs: RunsRepository,
    runLogs: RunLogs,
    tasks: TrainTasks,
    interruptions: Interruptions,
    checkpoints: CheckpointsService,
    resources: ResourceMonitor,
    @Inject(TRAINERS) trainers: Trainers,
  ) {
    this.services = {
      runs,
      runLogs,
      tasks,
      interruptions,
      trainers,
      checkpoints,
      watch: (runId, supervisor) => watch(resources, runId, supervisor),
    };
  }

  /** Trainers save their state, and their runs are on disk as interrupted, before the database goes. */
  beforeApplicationShutdown(): Promise<void> {
    return this.handOver('The server was stopped while this run was at work.');
  }

  /** Runs that this process has, also those whose trainer is about to start. */
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
    const { id } = claim.run;
    if (this.isDraining) {
      await untilDone(this.logger, `giving back run ${id}`, () => this.runs.release(claim));
      onEnded();
      return;
    }
    const attempt = new RunAttempt(claim, this.services);
    this.attempts.set(id, attempt);
    void attempt.ended.then(() => {
      this.attempts.delete(id);
      onEnded();
    });
    await attempt.start();
    if (attempt.supervisor) this.started.next();
  }

  /** No run is taken up any more; each one saves its state and becomes interrupted. Resolves when that is on disk. */
  async handOver(reason: string): Promise<void> {
    this.isDraining = true;
    const attempts = [...this.attempts.values()];
    for (const attempt of attempts) attempt.handOver(reason);
    await Promise.all(attempts.map(({ ended }) => ended));
  }
}

/** A trainer that has no process (it could not be started) uses nothing. */
function watch(resources: ResourceMonitor, runId: string, supervisor: RunSupervisor): () => void {
  if (supervisor.pid === undefined) return () => undefined;
  return resources.watch(runId, supervisor.pid, (values) => supervisor.measured(values));
}
