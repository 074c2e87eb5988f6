import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Channel } from '@gan-dashboard/shared-types';
import { EventHub } from '../events/event-hub';
import { PushedRuns } from './pushed-runs.service';

interface Pushed {
  status: 'success';
  clients: number;
  channel: Channel;
  message: string;
}

/** Where trainers of the original dashboard push to (contract, section 3): what they say goes into an external run. */
@ApiTags('original dashboard')
@Controller()
export class CompatPushController {
  constructor(
    private readonly runs: PushedRuns,
    private readonly hub: EventHub,
  ) {}

  @Post('training_data')
  @HttpCode(200)
  @ApiOperation({ summary: 'Push a training_update' })
  @ApiOkResponse({ schema: { type: 'object' } })
  async training(@Body() body: unknown): Promise<Pushed> {
    await this.runs.take('training_update', body);
    return this.pushed('training');
  }

  @Post('progress_data')
  @HttpCode(200)
  @ApiOperation({ summary: 'Push a progress message' })
  @ApiOkResponse({ schema: { type: 'object' } })
  async progress(@Body() body: unknown): Promise<Pushed> {
    await this.runs.take('progress', body);
    return this.pushed('progress');
  }

  private pushed(channel: Channel): Pushed {
    let clients = 0;
    for (const feed of this.hub.openFeeds()) if (feed.scope.channels.includes(channel)) clients += feed.clients.size;
    return { status: 'success', clients, channel, message: `Recorded; ${clients} clients listen to ${channel}.` };
  }
}
