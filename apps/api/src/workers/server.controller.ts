import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { serverInfoSchema } from '@gan-dashboard/shared-types';
import type { ServerInfo } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../platform/configuration/app-config';
import type { AppConfig } from '../platform/configuration/app-config';
import { versions } from './machine';

@ApiTags('service')
@Controller('api/v1/server')
export class ServerController {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  @Get()
  @ApiOperation({ summary: 'Version and limits of the server' })
  @ApiOkResponse({ standardSchema: serverInfoSchema })
  info(): ServerInfo {
    const { auth, checkpointsKeepLast, eventRetentionDays, maxUploadBytes, resumePolicy } = this.config;
    return {
      version: versions()['dashboard'] ?? 'unknown',
      auth: auth.mode,
      max_upload_bytes: maxUploadBytes,
      event_retention_days: eventRetentionDays,
      checkpoints_keep_last: checkpointsKeepLast,
      resume_policy: resumePolicy,
    };
  }
}
