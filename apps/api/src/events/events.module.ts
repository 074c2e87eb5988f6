import { Module } from '@nestjs/common';
import { EventHub } from './event-hub';
import { EventLog } from './event-log';
import { EventTail } from './event-tail';

/** The event log and its hub; the routes that stream from it stand in `EventStreamsModule`. */
@Module({ providers: [EventLog, EventHub, EventTail], exports: [EventLog, EventHub, EventTail] })
export class EventsModule {}
