import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { SocketAccess, SocketUser } from '../../events/websocket/socket-access';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { OpenStreams } from '../streams/open-streams';
import { requireRole } from './access.guard';
import { socketPolicy } from './access-policy';
import { Authenticator } from './authenticator';
import { RequestOrigin } from './request-origin';

/** The access guard of the WebSocket, which leaves HTTP before guards are asked. */
@Injectable()
export class IdentitySocketAccess implements SocketAccess {
  private readonly origin: RequestOrigin;

  constructor(
    @Inject(APP_CONFIG) config: Pick<AppConfig, 'auth'>,
    private readonly authenticator: Authenticator,
    private readonly streams: OpenStreams,
  ) {
    this.origin = new RequestOrigin(config.auth);
  }

  async admit(request: IncomingMessage): Promise<SocketUser> {
    this.origin.refuseOtherSites(request, true);
    const found = await this.authenticator.identify(request, { takesTicket: true });
    const principal = requireRole(found, socketPolicy.open);
    return {
      name: principal.name,
      requireControl: () => void requireRole(principal, socketPolicy.control),
      hold: (end) => this.streams.hold(principal, end),
    };
  }
}
