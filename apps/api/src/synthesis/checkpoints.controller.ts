import { Body, Controller, Get, Param, Patch, Req, Res } from '@nestjs/common';
import type { StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { checkpointPatchSchema, checkpointSchema, idSchema } from '@gan-dashboard/shared-types';
import type { Checkpoint, CheckpointPatch } from '@gan-dashboard/shared-types';
import { FileSender } from '../platform/files/send-file';
import { actingUser } from '../platform/http/local-user';
import { ApiProblems } from '../platform/http/openapi-responses';
import { CheckpointsService } from './checkpoints.service';

@ApiTags('checkpoints')
@Controller('api/v1/checkpoints/:id')
@ApiProblems(400, 404)
export class CheckpointsController {
  constructor(
    private readonly checkpoints: CheckpointsService,
    private readonly sender: FileSender,
  ) {}

  @Patch()
  @ApiOperation({ summary: 'Pin a checkpoint, so that the retention leaves it alone, or let it go' })
  @ApiOkResponse({ standardSchema: checkpointSchema })
  @ApiProblems(409)
  change(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: checkpointPatchSchema }) { is_pinned: isPinned }: CheckpointPatch,
  ): Promise<Checkpoint> {
    return this.checkpoints.pin(id, isPinned, actingUser());
  }

  @Get('file')
  @ApiOperation({ summary: 'A checkpoint as a file; takes a Range' })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @ApiProblems(410, 416, 503)
  async file(
    @Param('id', { schema: idSchema }) id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    return this.sender.send(await this.checkpoints.file(id), { request, response });
  }
}
