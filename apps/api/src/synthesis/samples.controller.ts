import { Body, Controller, Get, HttpCode, Param, Post, StreamableFile } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  checkpointPageSchema,
  idSchema,
  sampleCreateSchema,
  samplePageSchema,
  sampleSchema,
} from '@gan-dashboard/shared-types';
import type { Checkpoint, Page, Sample, SampleCreate } from '@gan-dashboard/shared-types';
import { downloadOf } from '../platform/http/download';
import { Idempotent } from '../platform/http/idempotency';
import { ApiProblems } from '../platform/http/openapi-responses';
import { RunsService } from '../training/runs.service';
import { CheckpointsService } from './checkpoints.service';
import { SamplesService } from './samples.service';

@ApiTags('samples')
@Controller('api/v1')
@ApiProblems(400, 404)
export class SamplesController {
  constructor(
    private readonly samples: SamplesService,
    private readonly checkpoints: CheckpointsService,
    private readonly runs: RunsService,
  ) {}

  @Get('runs/:id/checkpoints')
  @ApiOperation({ summary: 'The checkpoints of a run, newest first' })
  @ApiOkResponse({ standardSchema: checkpointPageSchema })
  async listCheckpoints(@Param('id', { schema: idSchema }) id: string): Promise<Page<Checkpoint>> {
    await this.runs.get(id);
    return { items: await this.checkpoints.ofRun(id), next_cursor: null };
  }

  @Get('checkpoints/:id/file')
  @ApiOperation({ summary: 'A checkpoint as a file' })
  @ApiProduces('application/octet-stream')
  async checkpointFile(@Param('id', { schema: idSchema }) id: string): Promise<StreamableFile> {
    const { path, fileName } = await this.checkpoints.file(id);
    return downloadOf(path, fileName, 'application/octet-stream');
  }

  @Post('runs/:id/samples')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({ summary: 'Draw synthetic rows; the file is there once the status is ready' })
  @ApiAcceptedResponse({ standardSchema: sampleSchema })
  @ApiProblems(409)
  create(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: sampleCreateSchema }) request: SampleCreate,
  ): Promise<Sample> {
    return this.samples.create(id, request);
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

  @Get('samples/:id/file')
  @ApiOperation({ summary: 'The rows of a sample as CSV or Parquet' })
  @ApiProduces('text/csv', 'application/vnd.apache.parquet')
  @ApiProblems(409)
  async file(@Param('id', { schema: idSchema }) id: string): Promise<StreamableFile> {
    const { path, fileName, format } = await this.samples.file(id);
    const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.apache.parquet';
    return downloadOf(path, fileName, type);
  }
}
