import { Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { DatasetsModule } from '../datasets/datasets.module';
import { DatasetsService } from '../datasets/datasets.service';
import { EventsModule } from '../events/events.module';
import { RUN_DIRECTORY } from '../events/run-directory';
import { HistoryModule } from '../history/history.module';
import { APP_CONFIG } from '../platform/configuration/app-config';
import { CheckpointsModule } from '../synthesis/checkpoints.module';
import { CheckpointsService } from '../synthesis/checkpoints.service';
import { WorkersModule } from '../workers/workers.module';
import { RunAdoption } from './adoption/run-adoption';
import { RunAdoptionController } from './adoption/run-adoption.controller';
import { CommandDesk } from './command-desk';
import { ExternalEventsController } from './external/external-events.controller';
import { ExternalRuns } from './external/external-runs.service';
import { RunGate } from './external/run-gate';
import { SilentRuns } from './external/silent-runs';
import { Interruptions } from './interruptions';
import { ModelsController } from './models.controller';
import { CommandTrainers } from './process/command-trainers';
import { COMMAND_TRAINERS, ModelDirectory } from './process/model-directory';
import { readTrainers } from './process/trainers-file';
import { OrphanedRuns } from './orphaned-runs';
import { RunDispatcher } from './queue/run-dispatcher';
import { RunQueue } from './queue/run-queue';
import { PreflightController } from './preflight/preflight.controller';
import { PreflightService } from './preflight/preflight.service';
import { RunEntity } from './run.entity';
import { RunAdmission } from './run-admission';
import { RunCommands } from './run-commands';
import { RunControl } from './run-control';
import { RunControlController } from './run-control.controller';
import { StoredRunDirectory } from './run-directory.service';
import { RunForks } from './run-forks';
import { RunLauncher } from './run-launcher';
import { RunLogs } from './run-logs.service';
import { RunsController } from './runs.controller';
import { RunsRepository } from './runs.repository';
import { RunsService } from './runs.service';
import { ManyRuns } from './search/many-runs';
import { RunBulkActs } from './search/run-bulk';
import { RunSearchController } from './search/run-search.controller';
import { RunSearch } from './search/run-search';
import { RunViews } from './search/run-views';
import { TrainTasks } from './train-tasks';
import { TRAINERS } from './trainer';

@Module({
  imports: [
    TypeOrmModule.forFeature([RunEntity]),
    DatasetsModule,
    EventsModule,
    HistoryModule,
    CheckpointsModule,
    WorkersModule,
    AuditModule,
  ],
  controllers: [
    PreflightController,
    RunSearchController,
    RunsController,
    RunControlController,
    ModelsController,
    ExternalEventsController,
    RunAdoptionController,
  ],
  providers: [
    RunsRepository,
    RunSearch,
    RunBulkActs,
    ManyRuns,
    RunViews,
    RunsService,
    PreflightService,
    RunQueue,
    RunDispatcher,
    RunAdmission,
    RunForks,
    RunControl,
    RunCommands,
    CommandDesk,
    Interruptions,
    RunLauncher,
    TrainTasks,
    RunLogs,
    OrphanedRuns,
    ModelDirectory,
    ExternalRuns,
    RunAdoption,
    RunGate,
    SilentRuns,
    { provide: COMMAND_TRAINERS, inject: [APP_CONFIG], useFactory: readTrainers },
    { provide: TRAINERS, useClass: CommandTrainers },
    { provide: RUN_DIRECTORY, useClass: StoredRunDirectory },
  ],
  exports: [
    RunsService,
    ExternalRuns,
    ModelDirectory,
    RunControl,
    RunForks,
    RunAdmission,
    RunsRepository,
    RunLogs,
    RunLauncher,
    RunQueue,
    RUN_DIRECTORY,
  ],
})
export class TrainingModule implements OnModuleInit {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly checkpoints: CheckpointsService,
    private readonly runs: RunsRepository,
  ) {}

  /**
   * A run that has a data set may be started again or reported on: its rows stay, though the data set is deleted. So does
   * the checkpoint that a fork begins with.
   */
  onModuleInit(): void {
    this.datasets.keepFilesWhile(async (datasetId) => (await this.runs.countForDataset(datasetId)) > 0);
    this.checkpoints.keepWhile((manager, ids) => this.runs.beginningWith(manager, ids));
  }
}
