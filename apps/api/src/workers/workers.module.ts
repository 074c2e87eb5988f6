import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { HistoryModule } from '../history/history.module';
import { ResourceMonitor } from './resource-monitor';
import { ServerController } from './server.controller';
import { WorkerEntity } from './worker.entity';
import { WorkerHistory } from './worker-history';
import { WorkerRegistry } from './worker-registry';
import { WorkersController } from './workers.controller';

@Module({
  imports: [HistoryModule, TypeOrmModule.forFeature([WorkerEntity])],
  controllers: [ServerController, WorkersController],
  providers: [WorkerRegistry, WorkerHistory, ResourceMonitor],
  exports: [WorkerRegistry, ResourceMonitor],
})
export class WorkersModule {}
