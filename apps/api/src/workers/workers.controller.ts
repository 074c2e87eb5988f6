import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { idSchema, metricHistorySchema, metricQuerySchema, workerListSchema } from '@gan-dashboard/shared-types';
import type { MetricHistory, MetricQuery, Worker } from '@gan-dashboard/shared-types';
import { MetricStore } from '../history/metric-store';
import { ApiProblems } from '../platform/http/openapi-responses';
import { notFound } from '../platform/http/problem';
import { WorkerRegistry } from './worker-registry';

@ApiTags('workers')
@Controller('api/v1/workers')
export class WorkersController {
  constructor(
    private readonly registry: WorkerRegistry,
    private readonly metricStore: MetricStore,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Processes of the dashboard: those that live, and those that ended in the last 10 minutes' })
  @ApiOkResponse({ standardSchema: workerListSchema })
  async list(): Promise<{ items: Worker[] }> {
    return { items: await this.registry.list() };
  }

  @Get(':id/metrics')
  @ApiOperation({ summary: 'What was measured of a worker, as series; a step is a measurement' })
  @ApiOkResponse({ standardSchema: metricHistorySchema })
  @ApiProblems(400, 404)
  async metrics(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: metricQuerySchema }) query: MetricQuery,
  ): Promise<MetricHistory> {
    if (!(await this.registry.has(id))) throw notFound('worker', id);
    return this.metricStore.read(id, query);
  }
}
