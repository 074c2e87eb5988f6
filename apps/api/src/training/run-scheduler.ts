import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { DatabaseSession } from '../platform/database/database-session';
import { statusEvent } from './run-events';
import { RunLauncher } from './run-launcher';
import { RunLogs } from './run-logs.service';
import { RunQueue } from './run-queue';
import { RunsRepository } from './runs.repository';

/** Starts queued runs, oldest first, as long as fewer than `MAX_CONCURRENT_RUNS` are at work. */
@Injectable()
export class RunScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RunScheduler.name);
  private readonly workerId = randomUUID();
  private scheduling: Promise<void> = Promise.resolve();
  private isClosing = false;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly runs: RunsRepository,
    private readonly session: DatabaseSession,
    private readonly runLogs: RunLogs,
    private readonly launcher: RunLauncher,
    private readonly queue: RunQueue,
  ) {}

  onApplicationBootstrap(): void {
    this.queue.changed.subscribe(() => this.schedule());
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    await this.scheduling.catch(() => undefined);
  }

  /** Takes a run off the queue. @returns false when it is not waiting any more. */
  async cancelQueued(runId: string): Promise<boolean> {
    const claim = await this.runs.claim(runId, { from: ['queued'], owner: this.session.instanceKey });
    if (!claim) return false;
    await this.runLogs.record(runId, [statusEvent('stopped', 'The run was taken off the queue.')]);
    return true;
  }

  /** Looks for runs to start; called whenever one was queued or has ended. */
  schedule(): void {
    this.scheduling = this.scheduling
      .then(() => this.startQueued())
      .catch((error: unknown) => this.logger.error(error instanceof Error ? error.stack : String(error)));
  }

  private async startQueued(): Promise<void> {
    const isFull = () => this.isClosing || this.launcher.workingRunIds.length >= (this.config.maxConcurrentRuns ?? 2);
    if (isFull()) return;
    for (const run of await this.runs.inStatus(['queued'])) {
      if (isFull()) return;
      const terms = { from: ['queued'], owner: this.session.instanceKey, workerId: this.workerId } as const;
      const claim = await this.runs.claim(run.id, terms);
      if (claim) await this.launcher.launch(claim, () => this.schedule());
    }
  }
}
