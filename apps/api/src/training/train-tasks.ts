import { mkdir } from 'node:fs/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Checkpoint, NewRunEvent, TrainTask } from '@gan-dashboard/shared-types';
import { DatasetsService } from '../datasets/datasets.service';
import { conflict } from '../platform/http/problem';
import { CheckpointsService, CheckpointUnusableError } from '../synthesis/checkpoints.service';
import type { RunEntity } from './run.entity';
import { logEvent } from './run-events';
import { isCommandModel } from './process/model-directory';
import type { RunClaim } from './runs.repository';

type StartFrom = NonNullable<TrainTask['start_from']>;

export interface PreparedTask {
  task: TrainTask;
  /** What the run's log should know of the preparation. */
  events: NewRunEvent[];
}

/** Puts together what a trainer needs to work on a run: its data, a folder of its own, and the state to go on from. */
@Injectable()
export class TrainTasks {
  private readonly logger = new Logger(TrainTasks.name);

  constructor(
    private readonly datasets: DatasetsService,
    private readonly checkpoints: CheckpointsService,
  ) {}

  /** @throws ProblemException when what the run needs is not there */
  async prepare({ run, fence }: RunClaim): Promise<PreparedTask> {
    if (run.datasetId === null) throw conflict('The run names no data set.');
    if (run.seed === null) throw conflict('The run has no seed.');
    const { dataset, parquetPath } = await this.datasets.trainingSource(run.datasetId);
    const adopted = await this.checkpoints.adoptLeftovers(run.id);
    const { startFrom, words } = await this.startOf(run);
    const folder = this.checkpoints.workFolder(run.id, fence);
    await mkdir(folder, { recursive: true });
    const task: TrainTask = {
      task: 'train',
      run_id: run.id,
      model: run.model,
      config: run.config,
      seed: run.seed,
      data: {
        parquet_path: parquetPath,
        source_name: dataset.file_name,
        // The roles of the data set may have been changed since the run was made.
        columns: run.columns ?? dataset.columns,
        ...(isCommandModel(run.model) ? { csv_path: await this.datasets.localSource(run.datasetId) } : {}),
      },
      checkpoint_folder: folder,
      ...(startFrom ? { start_from: startFrom } : {}),
    };
    return { task, events: [...adopted.reverse().map(savedEvent), ...words.map((text) => logEvent('info', text))] };
  }

  /** The newest state that can be read; a fork begins with that of its parent. */
  private async startOf(run: RunEntity): Promise<{ startFrom?: StartFrom; words: string[] }> {
    const words: string[] = [];
    for (const { id, step, removed_at } of await this.checkpoints.ofRun(run.id)) {
      if (removed_at !== null) continue;
      try {
        const startFrom = { ...(await this.checkpoints.localCopy(id)), mode: 'resume' } as const;
        return { startFrom, words: [...words, `The run goes on from its checkpoint after step ${step}.`] };
      } catch (error) {
        // A store that does not answer may do so later; a file that is gone or damaged stays so.
        if (!(error instanceof CheckpointUnusableError)) throw error;
        this.logger.warn(`run ${run.id}: checkpoint ${id} cannot be read: ${String(error)}`);
        words.push(`${error.message} The one before it is taken.`);
      }
    }
    if (run.parentCheckpointId !== null) {
      const copy = await this.checkpoints.localCopy(run.parentCheckpointId);
      words.push(`The run begins with the state of checkpoint ${run.parentCheckpointId}.`);
      return { startFrom: { ...copy, mode: 'fork' }, words };
    }
    if (run.attempt > 1) words.push('There is no checkpoint to go on from: the training begins again.');
    return { words };
  }
}

function savedEvent({ id, epoch, step, size_bytes }: Checkpoint): NewRunEvent {
  const data = { checkpoint_id: id, epoch, step, size_bytes };
  return { type: 'checkpoint_saved', data, at: new Date() };
}
