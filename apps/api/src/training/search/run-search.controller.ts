import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import {
  idSchema,
  manyMetricsQuerySchema,
  manyMetricsSchema,
  runBulkResultSchema,
  runBulkSchema,
  runExportQuerySchema,
  runFieldsSchema,
  runGroupQuerySchema,
  runGroupsSchema,
  runViewCreateSchema,
  runViewSchema,
  runViewsSchema,
} from '@gan-dashboard/shared-types';
import type {
  ManyMetrics,
  ManyMetricsQuery,
  RunBulk,
  RunBulkResult,
  RunExportQuery,
  RunFields,
  RunGroup,
  RunGroupQuery,
  RunView,
  RunViewCreate,
} from '@gan-dashboard/shared-types';
import { ApiProblems } from '../../platform/http/openapi-responses';
import { actingUser } from '../../platform/http/local-user';
import { ManyRuns } from './many-runs';
import { RunBulkActs } from './run-bulk';
import { RunSearch } from './run-search';
import { RunViews } from './run-views';

/** Many runs at once. Its module lists it before the routes of one run, whose `:id` would take these names. */
@ApiTags('runs')
@Controller('api/v1/runs')
export class RunSearchController {
  constructor(
    private readonly search: RunSearch,
    private readonly bulkActs: RunBulkActs,
    private readonly many: ManyRuns,
    private readonly views: RunViews,
  ) {}

  @Get('fields')
  @ApiOperation({ summary: 'Config fields, metrics, tags and models that runs can be filtered, sorted and grouped by' })
  @ApiOkResponse({ standardSchema: runFieldsSchema })
  fields(): Promise<RunFields> {
    return this.search.fields();
  }

  @Get('groups')
  @ApiOperation({ summary: 'Runs by the value of a field, with mean and standard deviation of a metric' })
  @ApiOkResponse({ standardSchema: runGroupsSchema })
  @ApiProblems(400, 404)
  async groups(@Query({ schema: runGroupQuerySchema }) query: RunGroupQuery): Promise<{ items: RunGroup[] }> {
    return { items: await this.search.groups(query) };
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Metric series of up to 200 runs; unknown ids are left out' })
  @ApiOkResponse({ standardSchema: manyMetricsSchema })
  @ApiProblems(400)
  async metrics(@Query({ schema: manyMetricsQuerySchema }) query: ManyMetricsQuery): Promise<ManyMetrics> {
    return { items: await this.many.metrics(query) };
  }

  @Get('export')
  @ApiOperation({ summary: 'The list as CSV, with the filters and the order of GET /runs' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ description: 'A line a run, 100,000 at most' })
  @ApiProblems(400, 404)
  async export(@Query({ schema: runExportQuerySchema }) query: RunExportQuery): Promise<StreamableFile> {
    const lines = await this.many.csv(query);
    return new StreamableFile(Readable.from(lines), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="runs.csv"',
    });
  }

  @Post('bulk')
  @HttpCode(200)
  @ApiOperation({ summary: 'Tag, archive, delete or restore many runs; says what was refused, and why' })
  @ApiOkResponse({ standardSchema: runBulkResultSchema })
  @ApiProblems(400)
  bulk(@Body({ schema: runBulkSchema }) request: RunBulk): Promise<RunBulkResult> {
    return this.bulkActs.act(request, actingUser());
  }

  @Get('views')
  @ApiOperation({ summary: 'Saved views of the table of runs, one’s own' })
  @ApiOkResponse({ standardSchema: runViewsSchema })
  async listViews(): Promise<{ items: RunView[] }> {
    return { items: await this.views.list(actingUser()) };
  }

  @Post('views')
  @ApiOperation({ summary: 'Save a view; one of the same name is overwritten' })
  @ApiCreatedResponse({ standardSchema: runViewSchema })
  @ApiProblems(400, 409)
  saveView(@Body({ schema: runViewCreateSchema }) view: RunViewCreate): Promise<RunView> {
    return this.views.save(view, actingUser());
  }

  @Delete('views/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a saved view' })
  @ApiNoContentResponse()
  @ApiProblems(400, 404)
  removeView(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    return this.views.remove(id, actingUser());
  }
}
