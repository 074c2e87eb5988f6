import { Module } from '@nestjs/common';
import { RunControl } from '../training/run-control';
import { TrainingModule } from '../training/training.module';
import { EventMetrics } from './event-metrics';
import { EventReplay } from './event-replay';
import { EventStreamsService } from './event-streams.service';
import { EventsController } from './events.controller';
import { EventsModule } from './events.module';
import { EventSocketServer } from './websocket/event-socket-server';
import { RUN_CONTROL } from './websocket/run-control';
import { WebSocketController } from './websocket/websocket.controller';

/** The routes of the event streams and the WebSocket: they read the log and ask the training module which runs there are. */
@Module({
  imports: [EventsModule, TrainingModule],
  controllers: [EventsController, WebSocketController],
  providers: [
    EventStreamsService,
    EventReplay,
    EventSocketServer,
    EventMetrics,
    { provide: RUN_CONTROL, useExisting: RunControl },
  ],
})
export class EventStreamsModule {}
