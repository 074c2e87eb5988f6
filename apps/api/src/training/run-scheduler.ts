import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { mkdir } from 'node:fs/promises';
import { DatasetsService } from '../datasets/datasets.service';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { DatabaseSession } from '../platform/database/database-session';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import { LogStore } from './log-store';
import type { RunEntity } from './run.entity';
import { statusEvent } from './run-events';
import { RunLogs } from './run-logs.service';
import { RunSupervisor } from './run-supervisor';
import { RunsRepository } from './runs.repository';

/** Starts queued runs, oldest first, as long as fewer than `MAX_CONCURRENT_RUNS` are at work. */
@Injectable()
export class RunScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RunScheduler.name);
  private readonly working = new Map<string, RunSupervisor>();
  private readonly ending = new Map<string, Promise<void>>();
  private scheduling: Promise<void> = Promise.resolve();
  private isClosing = false;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly runs: RunsRepository,
    private readonly session: DatabaseSession,
    private readonly runLogs: RunLogs,
    private readonly logStore: LogStore,
    private readonly datasets: DatasetsService,
    private readonly checkpoints: CheckpointsService,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  /** The trainers save their state; their runs are marked interrupted before the database goes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    await this.scheduling.catch(() => undefined);
    for (const supervisor of this.working.values())
      supervisor.interrupt('The server was stopped while this run was at work.');
    await Promise.all(this.ending.values());
  }

  supervisorOf(runId: string): RunSupervisor | undefined {
    return this.working.get(runId);
  }

  /** Takes a run off the queue. @returns false when it is not waiting any more. */
  async cancelQueued(runId: string): Promise<boolean> {
    let isCancelled = false;
    // In line with the starts, so that a run is either started or taken off.
    this.scheduling = this.scheduling.then(async () => {
      if (!(await this.runs.claimQueued(runId, this.session.instanceKey))) return;
      await this.runLogs.record(runId, [statusEvent('stopped', 'The run was taken off the queue.')]);
      isCancelled = true;
    });
    await this.scheduling;
    return isCancelled;
  }

  /** Looks for runs to start; called whenever one was queued or has ended. */
  schedule(): void {
    this.scheduling = this.scheduling
      .then(() => this.startQueued())
      .catch((error: unknown) => this.logger.error(error instanceof Error ? error.stack : String(error)));
  }

  private async startQueued(): Promise<void> {
    if (this.isClosing || this.working.size >= this.config.maxConcurrentRuns) return;
    for (const run of await this.runs.inStatus(['queued'])) {
      if (this.working.size >= this.config.maxConcurrentRuns) return;
      if (await this.runs.claimQueued(run.id, this.session.instanceKey)) await this.start(run);
    }
  }

  private async start(run: RunEntity): Promise<void> {
    const writer = await this.runLogs.acquire(run.id);
    try {
      const checkpointFolder = this.checkpoints.folderOf(run.id);
      await mkdir(checkpointFolder, { recursive: true });
      if (run.datasetId === null) throw new Error('the run names no data set');
      if (run.seed === null) throw new Error('the run has no seed');
      const { dataset, parquetPath } = await this.datasets.trainingSource(run.datasetId);
      let ended: () => void = () => undefined;
      this.ending.set(run.id, new Promise((resolve) => (ended = resolve)));
      const supervisor = new RunSupervisor({
        task: {
          task: 'train',
          run_id: run.id,
          model: run.model,
          config: run.config,
          seed: run.seed,
          data: { parquet_path: parquetPath, source_name: dataset.file_name, columns: dataset.columns },
          checkpoint_folder: checkpointFolder,
        },
        status: run.status,
        lastLine: await this.logStore.lastLine(run.id),
        writer,
        saveCheckpoint: (file) => this.checkpoints.keep(run.id, file),
        onFinished: () => {
          this.finish(run.id)
            .finally(ended)
            .catch((error: unknown) => this.logger.error(String(error)));
        },
      });
      this.working.set(run.id, supervisor);
      this.logger.log(`run ${run.id} (${run.model} on ${dataset.file_name}) started as process ${supervisor.pid}`);
    } catch (error) {
      this.ending.delete(run.id);
      const reason = error instanceof Error ? error.message : String(error);
      writer.record({
        type: 'training_complete',
        data: {
          status: 'failed',
          message: 'Training could not start.',
          return_code: null,
          error: reason,
          duration_seconds: 0,
        },
        at: new Date(),
      });
      writer.record(statusEvent('failed', 'Training could not start.'));
      await this.runLogs.release(run.id);
    }
  }

  private async finish(runId: string): Promise<void> {
    await this.runLogs.release(runId);
    this.working.delete(runId);
    this.ending.delete(runId);
    this.schedule();
  }
}
