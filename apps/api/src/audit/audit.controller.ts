import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { auditPageSchema, auditQuerySchema, timestampSchema } from '@gan-dashboard/shared-types';
import type { AuditEntry, AuditQuery, Page } from '@gan-dashboard/shared-types';
import { z } from 'zod';
import { actingUser } from '../platform/http/local-user';
import { ApiProblems } from '../platform/http/openapi-responses';
import { auditCsv, auditNdjson } from './audit-export';
import { AuditTrail } from './audit-trail';

const exportQuerySchema = z.object({
  format: z.enum(['csv', 'ndjson']).default('ndjson'),
  from: timestampSchema.optional(),
  to: timestampSchema.optional(),
});
type ExportQuery = z.infer<typeof exportQuerySchema>;

@ApiTags('audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly trail: AuditTrail) {}

  @Get()
  @ApiOperation({
    summary: 'What was done, newest first',
    description: 'By whom, to which run, and when; `server` is what the server did by its own rules.',
  })
  @ApiOkResponse({ standardSchema: auditPageSchema })
  @ApiProblems(400, 404)
  list(@Query({ schema: auditQuerySchema }) query: AuditQuery): Promise<Page<AuditEntry>> {
    return this.trail.page(query);
  }

  @Get('export')
  @ApiOperation({
    summary: 'All that was done in a time, as a file, oldest first',
    description:
      'For administrators. In CSV, cells that a spreadsheet would take for a formula begin with an apostrophe.',
  })
  @ApiProduces('application/x-ndjson', 'text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblems(400)
  async export(@Query({ schema: exportQuerySchema }) { format, from, to }: ExportQuery): Promise<StreamableFile> {
    await this.trail.record({ actor: actingUser(), action: 'audit.export', detail: { format, from, to } });
    const entries = this.trail.between({
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
    });
    const lines = format === 'csv' ? auditCsv(entries) : auditNdjson(entries);
    return new StreamableFile(Readable.from(lines, { objectMode: false }), {
      type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
      disposition: `attachment; filename="audit.${format}"`,
    });
  }
}
