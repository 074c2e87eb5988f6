import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { modelListSchema } from '@gan-dashboard/shared-types';
import type { Model } from '@gan-dashboard/shared-types';
import { ModelDirectory } from './process/model-directory';

@ApiTags('models')
@Controller('api/v1/models')
export class ModelsController {
  constructor(private readonly models: ModelDirectory) {}

  @Get()
  @ApiOperation({ summary: 'The models that can be trained, each with the schema of its config' })
  @ApiOkResponse({ standardSchema: modelListSchema })
  list(): { items: Model[] } {
    return { items: this.models.list() };
  }
}
