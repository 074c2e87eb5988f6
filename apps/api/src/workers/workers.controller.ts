import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { workerListSchema } from '@gan-dashboard/shared-types';
import type { Worker } from '@gan-dashboard/shared-types';
import { WorkerRegistry } from './worker-registry';

@ApiTags('workers')
@Controller('api/v1/workers')
export class WorkersController {
  constructor(private readonly registry: WorkerRegistry) {}

  @Get()
  @ApiOperation({ summary: 'Processes of the dashboard: those that live, and those that ended in the last 10 minutes' })
  @ApiOkResponse({ standardSchema: workerListSchema })
  async list(): Promise<{ items: Worker[] }> {
    return { items: await this.registry.list() };
  }
}
