import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { idSchema } from '@gan-dashboard/shared-types';
import { EventStreamsService } from './event-streams.service';

/** Answers 404 to a stream of a run that does not exist, while that can still be said: before any header is out. */
@Injectable()
export class StreamScopeGuard implements CanActivate {
  constructor(private readonly streams: EventStreamsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { run } = context.switchToHttp().getRequest<Request>().query;
    // What is not an id at all is refused with the rest of the query, field by field.
    const runId = idSchema.safeParse(run);
    if (runId.success) await this.streams.requireRun({ channels: [], runId: runId.data });
    return true;
  }
}
