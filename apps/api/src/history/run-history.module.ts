import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module';
import { TrainingModule } from '../training/training.module';
import { HistoryModule } from './history.module';
import { RunHistoryController } from './run-history.controller';
import { RunMarksController } from './run-marks.controller';

@Module({
  imports: [HistoryModule, TrainingModule, EventsModule],
  controllers: [RunHistoryController, RunMarksController],
})
export class RunHistoryModule {}
