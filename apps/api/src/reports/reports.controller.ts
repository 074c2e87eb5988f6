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
  idSchema,
  reportCreateSchema,
  reportDetailSchema,
  reportPageSchema,
  reportQuerySchema,
  reportSchema,
} from '@gan-dashboard/shared-types';
import type { Page, Report, ReportCreate, ReportDetail, ReportQuery } from '@gan-dashboard/shared-types';
import { FileSender } from '../platform/files/send-file';
import { Idempotent } from '../platform/http/idempotency';
import { actingUser } from '../platform/http/local-user';
import { ApiProblems } from '../platform/http/openapi-responses';
import { ReportsService } from './reports.service';

@ApiTags('reports')
@Controller('api/v1')
@ApiProblems(400, 404)
export class ReportsController {
  constructor(
    private readonly reports: ReportsService,
    private readonly sender: FileSender,
  ) {}

  @Post('reports')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({
    summary: 'Compare synthetic rows with the real ones: of a run, or of two data sets',
    description: 'Of a run, rows are drawn from a checkpoint first. What it says is there once the status is ready.',
  })
  @ApiAcceptedResponse({ standardSchema: reportSchema })
  @ApiProblems(409, 422, 503)
  create(@Body({ schema: reportCreateSchema }) request: ReportCreate): Promise<Report> {
    return this.reports.create(request, actingUser());
  }

  @Get('reports')
  @ApiOperation({ summary: 'Reports, newest first; of one run with run_id' })
  @ApiOkResponse({ standardSchema: reportPageSchema })
  list(@Query({ schema: reportQuerySchema }) query: ReportQuery): Promise<Page<Report>> {
    return this.reports.page(query);
  }

  @Get('reports/:id')
  @ApiOperation({ summary: 'One report; with all that it says once it is ready' })
  @ApiOkResponse({ standardSchema: reportDetailSchema })
  @ApiProblems(410)
  get(@Param('id', { schema: idSchema }) id: string): Promise<ReportDetail> {
    return this.reports.get(id);
  }

  @Get('runs/:id/report')
  @ApiOperation({ summary: 'The newest report of a run that is ready' })
  @ApiOkResponse({ standardSchema: reportDetailSchema })
  @ApiProblems(410)
  ofRun(@Param('id', { schema: idSchema }) id: string): Promise<ReportDetail> {
    return this.reports.newestOfRun(id);
  }

  @Delete('reports/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a report; one that is being made is given up' })
  @ApiNoContentResponse()
  remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    return this.reports.remove(id, actingUser());
  }

  @Get(['reports/:id/file.html', 'reports/:id/html'])
  @ApiOperation({ summary: 'A report as one HTML file that needs nothing else' })
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblems(409, 416, 503)
  async file(
    @Param('id', { schema: idSchema }) id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    return this.sender.send(await this.reports.file(id), { request, response });
  }
}
