import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  idSchema,
  notificationCreatedSchema,
  notificationCreateSchema,
  notificationListSchema,
  notificationSchema,
} from '@gan-dashboard/shared-types';
import type { Notification, NotificationCreate, NotificationCreated } from '@gan-dashboard/shared-types';
import { actingUser } from '../platform/http/local-user';
import { ApiProblems } from '../platform/http/openapi-responses';
import { NotificationsService } from './notifications.service';

@ApiTags('notifications')
@Controller('api/v1/notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Get()
  @ApiOperation({ summary: 'Where you want to be told of your runs, or of those of a project' })
  @ApiOkResponse({ standardSchema: notificationListSchema })
  async list(): Promise<{ items: Notification[] }> {
    return { items: await this.notifications.ofUser(actingUser()) };
  }

  @Post()
  @ApiOperation({
    summary: 'Be told by a webhook, in Slack or by e-mail when your runs are completed, fail or need a look',
    description:
      'A webhook gets a NotificationMessage, signed: X-Gan-Dashboard-Signature is v1= and the HMAC-SHA256 in hex of ' +
      'X-Gan-Dashboard-Timestamp, a dot and the body. What is not taken with a status 2xx is tried again for hours. ' +
      'With a project_id you are told of every run of that project, for as long as you take part in it.',
  })
  @ApiCreatedResponse({ standardSchema: notificationCreatedSchema })
  @ApiProblems(400, 404, 409, 422)
  create(@Body({ schema: notificationCreateSchema }) request: NotificationCreate): Promise<NotificationCreated> {
    return this.notifications.create(request, actingUser());
  }

  @Post(':id/test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send a message now, to see whether it arrives' })
  @ApiOkResponse({ standardSchema: notificationSchema })
  @ApiProblems(400, 404, 422)
  test(@Param('id', { schema: idSchema }) id: string): Promise<Notification> {
    return this.notifications.test(id, actingUser());
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Be told no more' })
  @ApiNoContentResponse()
  @ApiProblems(400, 404)
  remove(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    return this.notifications.remove(id, actingUser());
  }
}
