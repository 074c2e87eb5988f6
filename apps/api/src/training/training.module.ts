import { Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatasetsModule } from '../datasets/datasets.module';
import { DatasetsService } from '../datasets/datasets.service';
import { EventsModule } from '../events/events.module';
import { RUN_DIRECTORY } from '../events/run-directory';
import { CheckpointsModule } from '../synthesis/checkpoints.module';
import { WorkersModule } from '../workers/workers.module';
import { ModelsController } from './models.controller';
import { OrphanedRuns } from './orphaned-runs';
import { RunDispatcher } from './queue/run-dispatcher';
import { RunQueue } from './queue/run-queue';
import { RunEntity } from './run.entity';
import { RunLauncher } from './run-launcher';
import { RunLogs } from './run-logs.service';
import { RunsController } from './runs.controller';
import { RunsRepository } from './runs.repository';
import { RunsService } from './runs.service';
import { TrainTasks } from './train-tasks';
import { TRAINERS } from './trainer';
import type { Trainers } from './trainer';
import { startTrainerProcess } from './trainer-process';

/** Every model is trained by the program that is built beside the server. */
const ownTrainers: Trainers = { starterFor: () => startTrainerProcess };

@Module({
  imports: [TypeOrmModule.forFeature([RunEntity]), DatasetsModule, EventsModule, CheckpointsModule, WorkersModule],
  controllers: [RunsController, ModelsController],
  providers: [
    RunsRepository,
    RunsService,
    RunQueue,
    RunDispatcher,
    RunLauncher,
    TrainTasks,
    RunLogs,
    OrphanedRuns,
    { provide: TRAINERS, useValue: ownTrainers },
    { provide: RUN_DIRECTORY, useExisting: RunsService },
  ],
  exports: [RunsService, RunsRepository, RunLogs, RunLauncher, RunQueue, RUN_DIRECTORY],
})
export class TrainingModule implements OnModuleInit {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly runs: RunsRepository,
  ) {}

  /** A run that has a data set may be started again or reported on: its rows stay, though the data set is deleted. */
  onModuleInit(): void {
    this.datasets.keepFilesWhile(async (datasetId) => (await this.runs.countForDataset(datasetId)) > 0);
  }
}
