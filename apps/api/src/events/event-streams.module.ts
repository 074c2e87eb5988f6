import { Module } from '@nestjs/common';
import { TrainingModule } from '../training/training.module';
import { EventReplay } from './event-replay';
import { EventStreamsService } from './event-streams.service';
import { EventsController } from './events.controller';
import { EventsModule } from './events.module';

/** The routes of the event streams: they read the log and ask the training module which runs there are. */
@Module({
  imports: [EventsModule, TrainingModule],
  controllers: [EventsController],
  providers: [EventStreamsService, EventReplay],
})
export class EventStreamsModule {}
