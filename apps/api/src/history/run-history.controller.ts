import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  eventPageSchema,
  eventQuerySchema,
  idSchema,
  logMatchesSchema,
  logMatchQuerySchema,
  logPageSchema,
  logQuerySchema,
  metricHistorySchema,
  metricQuerySchema,
  qualityHistorySchema,
  qualityQuerySchema,
} from '@gan-dashboard/shared-types';
import type {
  EventPage,
  LogMatches,
  LogMatchQuery,
  LogPage,
  LogQuery,
  MetricHistory,
  MetricQuery,
  QualityHistory,
  QualityQuery,
} from '@gan-dashboard/shared-types';
import { EventLog } from '../events/event-log';
import { ApiProblems } from '../platform/http/openapi-responses';
import { LogStore } from './log-store';
import { MetricStore } from './metric-store';
import { QualityStore } from './quality-store';
import { RunsService } from '../training/runs.service';

@ApiTags('runs')
@Controller('api/v1/runs/:id')
@ApiProblems(400, 404)
export class RunHistoryController {
  constructor(
    private readonly runs: RunsService,
    private readonly metricStore: MetricStore,
    private readonly logStore: LogStore,
    private readonly eventLog: EventLog,
    private readonly qualityStore: QualityStore,
  ) {}

  @Get('metrics')
  @ApiOperation({ summary: 'Metric series; a long one comes in buckets with their extremes' })
  @ApiOkResponse({ standardSchema: metricHistorySchema })
  async metrics(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: metricQuerySchema }) query: MetricQuery,
  ): Promise<MetricHistory> {
    await this.runs.get(id);
    return this.metricStore.read(id, query);
  }

  @Get('quality')
  @ApiOperation({ summary: 'What was measured of the rows of the model while it trained, by column and value' })
  @ApiOkResponse({ standardSchema: qualityHistorySchema })
  async quality(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: qualityQuerySchema }) query: QualityQuery,
  ): Promise<QualityHistory> {
    await this.runs.get(id);
    return this.qualityStore.read(id, query);
  }

  @Get('logs')
  @ApiOperation({ summary: 'Log lines; a negative from_line counts from the end' })
  @ApiOkResponse({ standardSchema: logPageSchema })
  async logs(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: logQuerySchema }) query: LogQuery,
  ): Promise<LogPage> {
    await this.runs.get(id);
    return this.logStore.read(id, query);
  }

  @Get('logs/matches')
  @ApiOperation({ summary: 'Numbers of the log lines that match, and how many there are' })
  @ApiOkResponse({ standardSchema: logMatchesSchema })
  async logMatches(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: logMatchQuerySchema }) query: LogMatchQuery,
  ): Promise<LogMatches> {
    await this.runs.get(id);
    return this.logStore.matches(id, query);
  }

  @Get('events')
  @ApiOperation({ summary: 'The log of a run: every event after a seq, with no hole' })
  @ApiOkResponse({ standardSchema: eventPageSchema })
  async events(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: eventQuerySchema }) query: z.infer<typeof eventQuerySchema>,
  ): Promise<EventPage> {
    await this.runs.get(id);
    const items = await this.eventLog.readRun(id, query.after, { limit: query.limit });
    return { items, next_after: items.length === query.limit ? (items.at(-1)?.seq ?? null) : null };
  }
}
