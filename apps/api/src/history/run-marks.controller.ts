import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { idSchema, markQuerySchema, runMarksSchema } from '@gan-dashboard/shared-types';
import type { MarkQuery, RunMarks as Marks } from '@gan-dashboard/shared-types';
import { ApiProblems } from '../platform/http/openapi-responses';
import { RunsService } from '../training/runs.service';
import { RunMarks } from './run-marks';

@ApiTags('runs')
@Controller('api/v1/runs/:id/marks')
@ApiProblems(400, 404)
export class RunMarksController {
  constructor(
    private readonly runs: RunsService,
    private readonly runMarks: RunMarks,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The newest alerts, pauses and samples of a run, with the step where each stands' })
  @ApiOkResponse({ standardSchema: runMarksSchema })
  async marks(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: markQuerySchema }) query: MarkQuery,
  ): Promise<Marks> {
    await this.runs.get(id);
    return this.runMarks.read(id, query);
  }
}
