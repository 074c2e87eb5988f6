import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { auditPageSchema, auditQuerySchema } from '@gan-dashboard/shared-types';
import type { AuditEntry, AuditQuery, Page } from '@gan-dashboard/shared-types';
import { ApiProblems } from '../platform/http/openapi-responses';
import { AuditTrail } from './audit-trail';

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
  @ApiProblems(400)
  list(@Query({ schema: auditQuerySchema }) query: AuditQuery): Promise<Page<AuditEntry>> {
    return this.trail.page(query);
  }
}
