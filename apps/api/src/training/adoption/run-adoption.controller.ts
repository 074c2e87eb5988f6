import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { checkpointSchema, idSchema, runSchema } from '@gan-dashboard/shared-types';
import type { Checkpoint, Run } from '@gan-dashboard/shared-types';
import { actingUser } from '../../platform/http/local-user';
import { ApiProblems } from '../../platform/http/openapi-responses';
import { RunAdoption } from './run-adoption';

@ApiTags('external runs')
@Controller('api/v1/runs/:id')
export class RunAdoptionController {
  constructor(private readonly adoption: RunAdoption) {}

  @Post('checkpoints')
  @ApiOperation({
    summary: 'Bring a checkpoint of a model of the dashboard to an external run that has ended',
    description:
      'The body is the file. A file brought again gives the same checkpoint; the retention counts as always.',
  })
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ standardSchema: checkpointSchema })
  @ApiProblems(400, 404, 409, 413, 422)
  bring(@Param('id', { schema: idSchema }) id: string, @Req() request: Request): Promise<Checkpoint> {
    return this.adoption.takeCheckpoint(id, request, actingUser());
  }

  @Post('adopt')
  @HttpCode(200)
  @ApiOperation({
    summary: "Make an external run that has ended and has checkpoints one of the dashboard's own",
    description:
      'Its newest checkpoint must be of the model, settings and seed that the run names. From then on it is sampled, forked and resumed as any other; to go on it needs its data set.',
  })
  @ApiOkResponse({ standardSchema: runSchema })
  @ApiProblems(400, 404, 409, 422)
  adopt(@Param('id', { schema: idSchema }) id: string): Promise<Run> {
    return this.adoption.adopt(id, actingUser());
  }
}
