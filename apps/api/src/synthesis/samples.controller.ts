import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import {
  checkpointPageSchema,
  gateOverrideSchema,
  idSchema,
  sampleCreateSchema,
  samplePageSchema,
  sampleSchema,
} from '@gan-dashboard/shared-types';
import type { Checkpoint, GateOverride, Page, Sample, SampleCreate } from '@gan-dashboard/shared-types';
import { z } from 'zod';
import { FileSender } from '../platform/files/send-file';
import { EscapeFormulas } from '../platform/http/escape-formulas';
import { Idempotent } from '../platform/http/idempotency';
import { actingUser } from '../platform/http/local-user';
import { ApiProblems } from '../platform/http/openapi-responses';
import { RunsService } from '../training/runs.service';
import { CheckpointsService } from './checkpoints.service';
import { SamplesService } from './samples.service';

const fileQuerySchema = z.object({ escape_formulas: z.stringbool().default(false) });

@ApiTags('samples')
@Controller('api/v1')
@ApiProblems(400, 404)
export class SamplesController {
  constructor(
    private readonly samples: SamplesService,
    private readonly checkpoints: CheckpointsService,
    private readonly runs: RunsService,
    private readonly sender: FileSender,
  ) {}

  @Get('runs/:id/checkpoints')
  @ApiOperation({ summary: 'The checkpoints of a run, newest first' })
  @ApiOkResponse({ standardSchema: checkpointPageSchema })
  async listCheckpoints(@Param('id', { schema: idSchema }) id: string): Promise<Page<Checkpoint>> {
    await this.runs.get(id);
    return { items: await this.checkpoints.ofRun(id), next_cursor: null };
  }

  @Post('runs/:id/samples')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({ summary: 'Draw synthetic rows; the file is there once the status is ready' })
  @ApiAcceptedResponse({ standardSchema: sampleSchema })
  @ApiProblems(409, 422, 503)
  create(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: sampleCreateSchema }) request: SampleCreate,
  ): Promise<Sample> {
    return this.samples.create(id, request, actingUser());
  }

  @Get('runs/:id/samples')
  @ApiOperation({ summary: 'The samples of a run, newest first' })
  @ApiOkResponse({ standardSchema: samplePageSchema })
  async list(@Param('id', { schema: idSchema }) id: string): Promise<Page<Sample>> {
    return { items: await this.samples.ofRun(id), next_cursor: null };
  }

  @Get('samples/:id')
  @ApiOperation({ summary: 'One sample with its first rows' })
  @ApiOkResponse({ standardSchema: sampleSchema })
  get(@Param('id', { schema: idSchema }) id: string): Promise<Sample> {
    return this.samples.get(id);
  }

  @Delete('samples/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a sample with its rows; one that is being drawn is given up' })
  @ApiNoContentResponse()
  remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    return this.samples.remove(id, actingUser());
  }

  @Post('samples/:id/gate-override')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Let a sample be downloaded although the gate refuses it',
    description: 'For administrators; the reason stands in the audit trail.',
  })
  @ApiOkResponse({ standardSchema: sampleSchema })
  @ApiProblems(409)
  overrideGate(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: gateOverrideSchema }) { reason }: GateOverride,
  ): Promise<Sample> {
    return this.samples.overrideGate(id, reason, actingUser());
  }

  @Get('samples/:id/file')
  @ApiOperation({
    summary: 'The rows of a sample as CSV or Parquet; takes a Range',
    description:
      'With escape_formulas=true, cells of a CSV that a spreadsheet would take for a formula begin with an apostrophe; it is then sent whole. Programs leave it out and get the rows as they were drawn.',
  })
  @ApiProduces('text/csv', 'application/vnd.apache.parquet')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @ApiProblems(403, 409, 416, 503)
  async file(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: fileQuerySchema }) { escape_formulas: escapes }: z.infer<typeof fileQuerySchema>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const file = await this.samples.file(id);
    const through = escapes && file.type.startsWith('text/csv') ? { through: new EscapeFormulas() } : {};
    return this.sender.send({ ...file, ...through }, { request, response });
  }
}
