import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import {
  bookPictureSchema,
  datasetGenerateSchema,
  datasetPageSchema,
  datasetPatchSchema,
  datasetPreviewSchema,
  datasetProfileSchema,
  datasetSchema,
  idSchema,
  projectPageQuerySchema,
} from '@gan-dashboard/shared-types';
import type {
  BookPicture,
  Dataset,
  DatasetGenerate,
  DatasetPatch,
  DatasetPreview,
  DatasetProfile,
  Page,
} from '@gan-dashboard/shared-types';
import { FileSender } from '../platform/files/send-file';
import { Idempotent } from '../platform/http/idempotency';
import { actingUser } from '../platform/http/local-user';
import { ApiProblems } from '../platform/http/openapi-responses';
import { DatasetIntake } from './dataset-intake';
import { DatasetsService } from './datasets.service';
import { CsvFolder } from './folder/csv-folder.service';

const listQuerySchema = projectPageQuerySchema.extend({
  search: z.string().trim().min(1).max(200).optional(),
  file_name: z.string().min(1).max(500).optional().meta({ description: 'The versions of one file' }),
});
const uploadQuerySchema = z.object({
  project_id: idSchema.optional().meta({ description: 'Absent: the default project' }),
});
const previewQuerySchema = z.object({ rows: z.coerce.number().int().min(1).max(1_000).default(20) });

/** How long a list waits for new files of the csv folder; larger ones appear in a later list. */
const folderWaitMs = 500;

@ApiTags('datasets')
@Controller('api/v1/datasets')
@ApiProblems(400, 404)
export class DatasetsController {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly intake: DatasetIntake,
    private readonly folder: CsvFolder,
    private readonly sender: FileSender,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List data sets, newest first, page by page; new files of the csv folder are registered' })
  @ApiOkResponse({ standardSchema: datasetPageSchema })
  async list(@Query({ schema: listQuerySchema }) query: z.infer<typeof listQuerySchema>): Promise<Page<Dataset>> {
    await Promise.race([this.folder.scan(), delay(folderWaitMs, undefined, { ref: false })]);
    return this.datasets.page(query);
  }

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'Upload a CSV; the answer comes when it is stored, while its import goes on' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: { file: { type: 'string', format: 'binary' }, name: { type: 'string', maxLength: 200 } },
    },
  })
  @ApiCreatedResponse({ standardSchema: datasetSchema })
  @ApiProblems(413, 415)
  upload(
    @Query({ schema: uploadQuerySchema }) { project_id: projectId }: z.infer<typeof uploadQuerySchema>,
    @Req() request: Request,
  ): Promise<Dataset> {
    return this.intake.upload(request, actingUser(), projectId);
  }

  @Post('generate')
  @Idempotent()
  @ApiOperation({ summary: 'Make a data set of seeded sample data' })
  @ApiCreatedResponse({ standardSchema: datasetSchema })
  generate(@Body({ schema: datasetGenerateSchema }) request: DatasetGenerate): Promise<Dataset> {
    return this.intake.generate(request, actingUser());
  }

  @Get(':id')
  @ApiOperation({ summary: 'One data set: how it was read, its columns and roles, and what to know about it' })
  @ApiOkResponse({ standardSchema: datasetSchema })
  @ApiProblems(404)
  get(@Param('id', { schema: idSchema }) id: string): Promise<Dataset> {
    return this.datasets.get(id);
  }

  @Get(':id/preview')
  @ApiOperation({ summary: 'The first rows, and points to draw the first five numeric columns' })
  @ApiOkResponse({ standardSchema: datasetPreviewSchema })
  @ApiProblems(404, 409)
  preview(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: previewQuerySchema }) { rows }: z.infer<typeof previewQuerySchema>,
  ): Promise<DatasetPreview> {
    return this.datasets.preview(id, rows);
  }

  @Get(':id/profile')
  @ApiOperation({ summary: 'Statistics of each column, and the rows that could not be read' })
  @ApiOkResponse({ standardSchema: datasetProfileSchema })
  @ApiProblems(404, 409)
  profile(@Param('id', { schema: idSchema }) id: string): Promise<DatasetProfile> {
    return this.datasets.profile(id);
  }

  @Get(':id/order-book')
  @ApiOperation({ summary: 'Depth by level, spread and mid of the valid books, and what is wrong with the others' })
  @ApiOkResponse({ standardSchema: bookPictureSchema })
  @ApiProblems(404, 409)
  orderBook(@Param('id', { schema: idSchema }) id: string): Promise<BookPicture> {
    return this.datasets.orderBook(id);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change the name, the roles of columns, the order book or the project; past runs keep what they had',
  })
  @ApiOkResponse({ standardSchema: datasetSchema })
  @ApiProblems(404, 409, 422)
  change(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: datasetPatchSchema }) patch: DatasetPatch,
  ): Promise<Dataset> {
    return this.datasets.change(id, patch, actingUser());
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a data set; its files stay while runs need them' })
  @ApiNoContentResponse()
  @ApiProblems(404)
  remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    return this.datasets.remove(id, actingUser());
  }

  @Get(':id/file')
  @Header('X-Content-Type-Options', 'nosniff')
  @ApiOperation({ summary: 'The source file as it came in; takes a Range' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @ApiProblems(404, 416, 503)
  async file(
    @Param('id', { schema: idSchema }) id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    return this.sender.send(await this.datasets.sourceFile(id), { request, response });
  }
}
