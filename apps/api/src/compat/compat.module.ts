import { Module } from '@nestjs/common';
import { DatasetsModule } from '../datasets/datasets.module';
import { EventsModule } from '../events/events.module';
import { CheckpointsModule } from '../synthesis/checkpoints.module';
import { TrainingModule } from '../training/training.module';
import { CompatDataController } from './compat-data.controller';
import { CompatPushController } from './compat-push.controller';
import { CompatRuns } from './compat-runs.service';
import { CompatTrainingController } from './compat-training.controller';
import { PushedRuns } from './pushed-runs.service';

/** The wire of the original dashboard, for scripts that were written for it. */
@Module({
  imports: [EventsModule, DatasetsModule, TrainingModule, CheckpointsModule],
  controllers: [CompatDataController, CompatTrainingController, CompatPushController],
  providers: [CompatRuns, PushedRuns],
})
export class CompatModule {}
