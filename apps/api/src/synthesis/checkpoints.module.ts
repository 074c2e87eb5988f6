import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { CheckpointEntity } from './checkpoint.entity';
import { CheckpointGate } from './checkpoint-gate';
import { CheckpointRetention } from './checkpoint-retention';
import { CheckpointsController } from './checkpoints.controller';
import { CheckpointsRepository } from './checkpoints.repository';
import { CheckpointsService } from './checkpoints.service';
import { WorkFolders } from './work-folders';

@Module({
  imports: [TypeOrmModule.forFeature([CheckpointEntity]), AuditModule],
  controllers: [CheckpointsController],
  providers: [CheckpointGate, CheckpointsRepository, CheckpointRetention, CheckpointsService, WorkFolders],
  exports: [CheckpointsService, WorkFolders],
})
export class CheckpointsModule {}
