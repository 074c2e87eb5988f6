import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { checkpointPageSchema, projectPageQuerySchema, samplePageSchema } from '@gan-dashboard/shared-types';
import type { Checkpoint, Page, ProjectPageQuery, Sample } from '@gan-dashboard/shared-types';
import { ApiProblems } from '../platform/http/openapi-responses';
import { CheckpointsService } from './checkpoints.service';
import { SampleHistory } from './sample-history';

/** What all runs have brought forth, page by page. */
@ApiTags('samples')
@Controller('api/v1')
@ApiProblems(400, 404)
export class SampleHistoryController {
  constructor(
    private readonly history: SampleHistory,
    private readonly checkpoints: CheckpointsService,
  ) {}

  @Get('samples')
  @ApiOperation({ summary: 'The samples of all runs, newest first, without their rows' })
  @ApiOkResponse({ standardSchema: samplePageSchema })
  samples(@Query({ schema: projectPageQuerySchema }) query: ProjectPageQuery): Promise<Page<Sample>> {
    return this.history.page(query);
  }

  @Get('checkpoints')
  @ApiOperation({ summary: 'The checkpoints of all runs that have their files, newest first' })
  @ApiOkResponse({ standardSchema: checkpointPageSchema })
  saved(@Query({ schema: projectPageQuerySchema }) query: ProjectPageQuery): Promise<Page<Checkpoint>> {
    return this.checkpoints.page(query);
  }
}
