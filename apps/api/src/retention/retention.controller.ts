import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { retentionPlanSchema } from '@gan-dashboard/shared-types';
import type { RetentionPlan } from '@gan-dashboard/shared-types';
import { actingUser } from '../platform/http/local-user';
import { RetentionService } from './retention.service';

@ApiTags('retention')
@Controller('api/v1/retention')
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  @Get()
  @ApiOperation({ summary: 'What the limits would remove now (a dry run); administrators only' })
  @ApiOkResponse({ standardSchema: retentionPlanSchema })
  plan(): Promise<RetentionPlan> {
    return this.retention.plan();
  }

  @Post('run')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Remove now what the nightly job would, and say what was removed; administrators only',
    description:
      'Each removal stands in the audit trail, too. What could not be removed is tried again the next night.',
  })
  @ApiOkResponse({ standardSchema: retentionPlanSchema })
  run(): Promise<RetentionPlan> {
    return this.retention.apply(actingUser());
  }
}
