import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import type { Cell, Dataset } from '@gan-dashboard/shared-types';
import { DatasetIntake } from '../datasets/dataset-intake';
import { DatasetsService } from '../datasets/datasets.service';
import { CsvFolder } from '../datasets/folder/csv-folder.service';
import { actingUser } from '../platform/http/local-user';
import { ProblemException } from '../platform/http/problem';
import { lastRows } from './last-rows';
import { dataInfoOf, recordsOf, statisticsOf } from './table-summary';
import type { DataInfo } from './table-summary';

const plottedColumns = 5;
const plottedRows = 50;
const previewRows = 10;

const generateSchema = z.object({
  rows: z.coerce.number().int().min(10).max(1_000_000).default(5_000),
  seed: z.coerce.number().int().min(0).max(2_147_483_647).default(42),
});

interface CsvPreview {
  success: true;
  message: string;
  filename: string;
  data_info: DataInfo;
  plot_data: Record<string, (number | null)[]>;
}

/** The data routes of the original dashboard (contract, section 3): they translate, and hold no rules of their own. */
@ApiTags('original dashboard')
@Controller('api')
export class CompatDataController {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly intake: DatasetIntake,
    private readonly folder: CsvFolder,
  ) {}

  @Get('preview_csv')
  @ApiOperation({ summary: 'Structure, statistics, first rows and last values of the newest data set of a file name' })
  @ApiOkResponse({ schema: { type: 'object' } })
  async previewCsv(@Query('filename') filename?: unknown): Promise<CsvPreview> {
    if (typeof filename !== 'string' || filename === '') {
      throw new ProblemException(400, 'No filename was given. Ask for /api/preview_csv?filename=table.csv.');
    }
    const { id } = await this.require(filename);
    const dataset = await this.datasets.imported(id);
    const info = dataInfoOf(dataset, await this.datasets.profile(id), await this.datasets.preview(id, previewRows));
    const { parquetPath } = await this.datasets.trainingSource(id);
    const last = await lastRows(parquetPath, info.numeric_columns.slice(0, plottedColumns), plottedRows);
    return {
      success: true,
      message: `Previewed ${filename}`,
      filename,
      data_info: info,
      plot_data: { index: last.index, ...last.values },
    };
  }

  @Post('upload_csv')
  @HttpCode(200)
  @ApiOperation({ summary: 'Upload a CSV under its file name' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
  })
  @ApiOkResponse({ schema: { type: 'object' } })
  async uploadCsv(@Req() request: Request): Promise<unknown> {
    const { file_name: filename, size_bytes: size } = await this.intake.upload(request, actingUser());
    return { success: true, message: `Uploaded ${filename}`, preview: { filename, size, type: 'text/csv' } };
  }

  @Post('generate_sample')
  @HttpCode(200)
  @ApiOperation({ summary: 'Make a treasury order book of sample data' })
  @ApiOkResponse({ schema: { type: 'object' } })
  async generateSample(@Body() body: unknown): Promise<{
    success: true;
    message: string;
    filename: string;
    generated_file: string;
    summary: Record<string, Record<string, Cell>>;
    preview: Record<string, Cell>[];
  }> {
    const parsed = generateSchema.safeParse(body ?? {});
    if (!parsed.success) throw new ProblemException(400, z.prettifyError(parsed.error));
    const { id } = await this.intake.generate({ kind: 'treasury_orderbook', ...parsed.data }, actingUser());
    const dataset = await this.datasets.imported(id);
    const preview = await this.datasets.preview(id, previewRows);
    return {
      success: true,
      message: `Generated ${parsed.data.rows} rows`,
      filename: dataset.file_name,
      generated_file: dataset.file_name,
      summary: statisticsOf(await this.datasets.profile(id)),
      preview: recordsOf(preview, previewRows),
    };
  }

  private async require(filename: string): Promise<Dataset> {
    await this.folder.scan();
    const found = await this.datasets.findByFileName(filename);
    if (!found) throw new ProblemException(404, `There is no data set with the file name ${JSON.stringify(filename)}.`);
    return found;
  }
}
