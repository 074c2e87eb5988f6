import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module';
import { TrainingModule } from '../training/training.module';
import { HistoryModule } from './history.module';
import { RunHistoryController } from './run-history.controller';

@Module({
  imports: [HistoryModule, TrainingModule, EventsModule],
  controllers: [RunHistoryController],
})
export class RunHistoryModule {}
