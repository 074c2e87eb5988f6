import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ResourceMonitor } from './resource-monitor';
import { WorkerEntity } from './worker.entity';
import { WorkerRegistry } from './worker-registry';
import { WorkersController } from './workers.controller';

@Module({
  imports: [TypeOrmModule.forFeature([WorkerEntity])],
  controllers: [WorkersController],
  providers: [WorkerRegistry, ResourceMonitor],
  exports: [WorkerRegistry, ResourceMonitor],
})
export class WorkersModule {}
