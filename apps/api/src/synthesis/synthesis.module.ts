import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { DatasetsModule } from '../datasets/datasets.module';
import { TrainingModule } from '../training/training.module';
import { CheckpointsModule } from './checkpoints.module';
import { SampleConditionCheck } from './sample-condition-check';
import { SampleDrawer } from './sample-drawer';
import { SampleEntity } from './sample.entity';
import { SampleOrderBookController } from './sample-order-book.controller';
import { SampleOrderBooks } from './sample-order-books';
import { SampleGate } from './sample-gate';
import { SampleHistory } from './sample-history';
import { SampleHistoryController } from './sample-history.controller';
import { SamplesController } from './samples.controller';
import { SamplesRepository } from './samples.repository';
import { SamplesService } from './samples.service';

@Module({
  imports: [TypeOrmModule.forFeature([SampleEntity]), AuditModule, DatasetsModule, TrainingModule, CheckpointsModule],
  controllers: [SampleHistoryController, SamplesController, SampleOrderBookController],
  providers: [
    SampleConditionCheck,
    SampleDrawer,
    SampleGate,
    SampleHistory,
    SampleOrderBooks,
    SamplesRepository,
    SamplesService,
  ],
  exports: [SamplesService],
})
export class SynthesisModule {}
