import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CheckpointEntity } from './checkpoint.entity';
import { CheckpointsService } from './checkpoints.service';

@Module({
  imports: [TypeOrmModule.forFeature([CheckpointEntity])],
  providers: [CheckpointsService],
  exports: [CheckpointsService],
})
export class CheckpointsModule {}
