import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { preflightRequestSchema, preflightSchema } from '@gan-dashboard/shared-types';
import type { Preflight, PreflightRequest } from '@gan-dashboard/shared-types';
import { ApiProblems } from '../../platform/http/openapi-responses';
import { PreflightService } from './preflight.service';

@ApiTags('runs')
@Controller('api/v1/runs/preflight')
export class PreflightController {
  constructor(private readonly preflight: PreflightService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Look at a run before it is started: size, time, warnings, and why it would be refused. Starts nothing',
  })
  @ApiOkResponse({ standardSchema: preflightSchema })
  @ApiProblems(400, 404)
  look(@Body({ schema: preflightRequestSchema }) request: PreflightRequest): Promise<Preflight> {
    return this.preflight.look(request);
  }
}
