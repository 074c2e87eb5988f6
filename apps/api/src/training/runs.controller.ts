import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import {
  idSchema,
  runCreateSchema,
  runPageSchema,
  runPatchSchema,
  runQuerySchema,
  runSchema,
} from '@gan-dashboard/shared-types';
import type { Page, Run, RunCreate, RunPatch, RunQuery } from '@gan-dashboard/shared-types';
import { ApiProblems } from '../platform/http/openapi-responses';
import { Idempotent } from '../platform/http/idempotency';
import { localUser } from '../platform/http/local-user';
import { RunsService } from './runs.service';

@ApiTags('runs')
@Controller('api/v1/runs')
export class RunsController {
  constructor(private readonly runs: RunsService) {}

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'Queue a run; it starts as soon as a place is free' })
  @ApiCreatedResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404, 409, 422)
  create(@Body({ schema: runCreateSchema }) request: RunCreate): Promise<Run> {
    return this.runs.create(request, localUser);
  }

  @Get()
  @ApiOperation({ summary: 'List runs: filter, search, sort, page by page' })
  @ApiOkResponse({ standardSchema: runPageSchema })
  @ApiProblems(400)
  list(@Query({ schema: runQuerySchema }) query: RunQuery): Promise<Page<Run>> {
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
  @ApiOperation({ summary: 'Change name, tags, notes, or archive a run' })
  @ApiOkResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404)
  change(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: runPatchSchema }) patch: RunPatch,
  ): Promise<Run> {
    return this.runs.change(id, patch);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a run that has ended' })
  @ApiNoContentResponse()
  @ApiProblems(400, 404, 409)
  remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    return this.runs.remove(id);
  }

  @Post(':id/stop')
  @HttpCode(202)
  @ApiOperation({ summary: 'Stop a run within one step and keep its state; takes a queued run off the queue' })
  @ApiAcceptedResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404, 409)
  stop(@Param('id', { schema: idSchema }) id: string): Promise<Run> {
    return this.runs.stop(id);
  }
}
