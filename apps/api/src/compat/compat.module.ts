import { Module } from '@nestjs/common';
import { DatasetsModule } from '../datasets/datasets.module';
import { CheckpointsModule } from '../synthesis/checkpoints.module';
import { TrainingModule } from '../training/training.module';
import { CompatDataController } from './compat-data.controller';
import { CompatRuns } from './compat-runs.service';
import { CompatTrainingController } from './compat-training.controller';

/** The wire of the original dashboard, for scripts that were written for it. */
@Module({
  imports: [DatasetsModule, TrainingModule, CheckpointsModule],
  controllers: [CompatDataController, CompatTrainingController],
  providers: [CompatRuns],
})
export class CompatModule {}
