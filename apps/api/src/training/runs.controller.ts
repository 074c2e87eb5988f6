import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  idSchema,
  runPageSchema,
  runPatchSchema,
  runQuerySchema,
  runRequestSchema,
  runSchema,
} from '@gan-dashboard/shared-types';
import type { Run, RunPage, RunPatch, RunQuery, RunRequest } from '@gan-dashboard/shared-types';
import { ApiProblems } from '../platform/http/openapi-responses';
import { Idempotent } from '../platform/http/idempotency';
import { actingUser } from '../platform/http/local-user';
import { ExternalRuns } from './external/external-runs.service';
import { RunsService } from './runs.service';

@ApiTags('runs')
@Controller('api/v1/runs')
export class RunsController {
  constructor(
    private readonly runs: RunsService,
    private readonly external: ExternalRuns,
  ) {}

  @Post()
  @Idempotent()
  @ApiOperation({
    summary: 'Queue a run; it starts as soon as a place is free. One of origin "external" is at work at once',
  })
  @ApiCreatedResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404, 409, 422)
  create(@Body({ schema: runRequestSchema }) request: RunRequest): Promise<Run> {
    if (request.origin === 'external') return this.external.create(request, actingUser());
    return this.runs.create(request, actingUser());
  }

  @Get()
  @ApiOperation({ summary: 'List runs: filter, search, sort, page by page' })
  @ApiOkResponse({ standardSchema: runPageSchema })
  @ApiProblems(400, 404)
  list(@Query({ schema: runQuerySchema }) query: RunQuery): Promise<RunPage> {
    return this.runs.page(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One run' })
  @ApiOkResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404)
  get(@Param('id', { schema: idSchema }) id: string): Promise<Run> {
    return this.runs.get(id);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change name, tags, notes, priority or resume policy, archive a run or move it to another project',
  })
  @ApiOkResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404)
  change(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: runPatchSchema }) patch: RunPatch,
  ): Promise<Run> {
    return this.runs.change(id, patch, actingUser());
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a run that has ended' })
  @ApiNoContentResponse()
  @ApiProblems(400, 404, 409)
  remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    return this.runs.remove(id, actingUser());
  }
}
