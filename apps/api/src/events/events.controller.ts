import { Controller, Headers, Query, Req, Res, Sse, UseGuards } from '@nestjs/common';
import type { MessageEvent } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { EMPTY } from 'rxjs';
import type { Observable } from 'rxjs';
import { z } from 'zod';
import { channels, eventMessageSchema, idSchema } from '@gan-dashboard/shared-types';
import type { Channel } from '@gan-dashboard/shared-types';
import { projectsInReach } from '../platform/http/local-user';
import { ApiProblems, ApiSse } from '../platform/http/openapi-responses';
import { EventStreamsService } from './event-streams.service';
import { StreamScopeGuard } from './stream-scope.guard';

const streamQuerySchema = z.object({
  run: idSchema.optional(),
  last_event_id: z.string().max(200).optional(),
});
type StreamQuery = z.infer<typeof streamQuerySchema>;

const multiplexQuerySchema = streamQuerySchema.extend({
  channels: z
    .string()
    .default(channels.join(','))
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(channels)).min(1)),
});
type MultiplexQuery = z.infer<typeof multiplexQuerySchema>;

const lastEventId = 'last-event-id';

/**
 * The event streams. `@Sse()` gives them guards, validation and their place in OpenAPI; the bytes are written by the
 * hub, which encodes an event once for all clients, knows each client's cursor, and cuts off those that do not read.
 * So a handler takes the response over before it returns, and Nest finds nothing left to send.
 */
@ApiTags('events')
@Controller('events')
@ApiProblems(400, 404)
@UseGuards(StreamScopeGuard)
export class EventsController {
  constructor(private readonly streams: EventStreamsService) {}

  @Sse()
  @ApiOperation({ summary: 'Any channels of one run or of all runs, on one connection' })
  @ApiSse({ description: 'Events of the channels asked for', data: eventMessageSchema })
  all(
    @Query({ schema: multiplexQuerySchema }) query: MultiplexQuery,
    @Headers(lastEventId) header: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Observable<MessageEvent> {
    return this.open(query.channels, query, { header, request, response });
  }

  @Sse('training')
  @ApiOperation({ summary: 'Status, metrics and outcome of runs' })
  @ApiSse({ description: 'Events of the channel training', data: eventMessageSchema })
  training(
    @Query({ schema: streamQuerySchema }) query: StreamQuery,
    @Headers(lastEventId) header: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Observable<MessageEvent> {
    return this.open(['training'], query, { header, request, response });
  }

  @Sse('progress')
  @ApiOperation({ summary: 'Progress of runs' })
  @ApiSse({ description: 'Events of the channel progress', data: eventMessageSchema })
  progress(
    @Query({ schema: streamQuerySchema }) query: StreamQuery,
    @Headers(lastEventId) header: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Observable<MessageEvent> {
    return this.open(['progress'], query, { header, request, response });
  }

  @Sse('logs')
  @ApiOperation({ summary: 'Log lines of runs' })
  @ApiSse({ description: 'Events of the channel logs', data: eventMessageSchema })
  logs(
    @Query({ schema: streamQuerySchema }) query: StreamQuery,
    @Headers(lastEventId) header: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Observable<MessageEvent> {
    return this.open(['logs'], query, { header, request, response });
  }

  private open(
    wanted: readonly Channel[],
    query: StreamQuery,
    http: { header: string | undefined; request: Request; response: Response },
  ): Observable<MessageEvent> {
    this.streams.open({
      request: http.request,
      response: http.response,
      scope: { channels: wanted, runId: query.run, projects: projectsInReach() },
      cursor: http.header ?? query.last_event_id,
    });
    return EMPTY;
  }
}
