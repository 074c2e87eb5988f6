import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { webSocketMessageSchema } from '@gan-dashboard/shared-types';
import { ProblemException } from '../../platform/http/problem';
import { ApiProblems } from '../../platform/http/openapi-responses';

/** Says what `/ws` is to those who ask for it by plain HTTP. */
@ApiTags('events')
@Controller()
export class WebSocketController {
  @Get('ws')
  @Header('Upgrade', 'websocket')
  @ApiOperation({
    summary: 'WebSocket with the events of any runs, and control of runs',
    description: 'What the client sends and what comes back is described in docs/events.md.',
  })
  @ApiResponse({ status: 101, description: 'Text messages, one JSON each', standardSchema: webSocketMessageSchema })
  @ApiProblems(403, 426)
  upgradeRequired(): never {
    throw new ProblemException(426, 'This is a WebSocket: connect to it with ws:// or wss://.');
  }
}
