import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { DatasetsModule } from '../datasets/datasets.module';
import { CheckpointsModule } from '../synthesis/checkpoints.module';
import { SynthesisModule } from '../synthesis/synthesis.module';
import { TrainingModule } from '../training/training.module';
import { RetentionController } from './retention.controller';
import { RetentionRepository } from './retention.repository';
import { RetentionService } from './retention.service';

@Module({
  imports: [AuditModule, CheckpointsModule, DatasetsModule, SynthesisModule, TrainingModule],
  controllers: [RetentionController],
  providers: [RetentionRepository, RetentionService],
})
export class RetentionModule {}
