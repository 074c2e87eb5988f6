import { mkdir } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import type { TrainTask } from '@gan-dashboard/shared-types';
import { DatasetsService } from '../datasets/datasets.service';
import { conflict } from '../platform/http/problem';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import type { RunClaim } from './runs.repository';

/** Puts together what a trainer needs to work on a run. */
@Injectable()
export class TrainTasks {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly checkpoints: CheckpointsService,
  ) {}

  /** @throws ProblemException when what the run needs is not there */
  async prepare({ run, fence }: RunClaim): Promise<TrainTask> {
    if (run.datasetId === null) throw conflict('The run names no data set.');
    if (run.seed === null) throw conflict('The run has no seed.');
    const { dataset, parquetPath } = await this.datasets.trainingSource(run.datasetId);
    const folder = this.checkpoints.workFolder(run.id, fence);
    await mkdir(folder, { recursive: true });
    return {
      task: 'train',
      run_id: run.id,
      model: run.model,
      config: run.config,
      seed: run.seed,
      data: { parquet_path: parquetPath, source_name: dataset.file_name, columns: dataset.columns },
      checkpoint_folder: folder,
    };
  }
}
