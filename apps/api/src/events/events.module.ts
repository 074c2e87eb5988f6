import { Module } from '@nestjs/common';
import { EventDoorbell } from './event-doorbell';
import { EventHub } from './event-hub';
import { EventLog } from './event-log';
import { EventPartitions } from './event-partitions';
import { EventTail } from './event-tail';
import { RunProjects } from './run-projects';

/** The event log and its hub; the routes that stream from it stand in `EventStreamsModule`. */
@Module({
  providers: [RunProjects, EventLog, EventHub, EventTail, EventDoorbell, EventPartitions],
  exports: [RunProjects, EventLog, EventHub, EventDoorbell],
})
export class EventsModule {}
