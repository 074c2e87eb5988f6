import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { UserRole } from '@gan-dashboard/shared-types';
import type { SocketAccess, SocketUser } from '../../events/websocket/socket-access';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { OpenStreams } from '../streams/open-streams';
import { requireRole } from './access.guard';
import { socketPolicy } from './access-policy';
import { Authenticator } from './authenticator';
import type { Principal } from './principal';
import { ProjectAccess } from './project-access';
import { RequestOrigin } from './request-origin';
import { resourceKey } from './resource-projects';

/** The access guard of the WebSocket, which leaves HTTP before guards are asked. */
@Injectable()
export class IdentitySocketAccess implements SocketAccess {
  private readonly origin: RequestOrigin;

  constructor(
    @Inject(APP_CONFIG) config: Pick<AppConfig, 'auth'>,
    private readonly authenticator: Authenticator,
    private readonly streams: OpenStreams,
    private readonly projects: ProjectAccess,
  ) {
    this.origin = new RequestOrigin(config.auth);
  }

  async admit(request: IncomingMessage): Promise<SocketUser> {
    this.origin.refuseOtherSites(request, true);
    const found = await this.authenticator.identify(request, { takesTicket: true });
    const principal = requireRole(found, socketPolicy.open);
    const roles = await this.projects.rolesOf(principal);
    return {
      name: principal.name,
      scopeOf: (runId) => this.scopeOf(principal, runId),
      requireControl: async (runId) => {
        await this.requireRun(principal, runId, socketPolicy.control);
      },
      hold: (end) => this.streams.hold({ principal, roles }, end),
    };
  }

  private async scopeOf(principal: Principal, runId: string | undefined): Promise<readonly string[] | undefined> {
    if (runId === undefined) return (await this.projects.rolesOf(principal)).reach('viewer');
    return this.requireRun(principal, runId, 'viewer');
  }

  /** The connection may be old: what its user may do is looked up again. @returns the project of the run, if it is bound */
  private async requireRun(principal: Principal, id: string, role: UserRole): Promise<readonly string[] | undefined> {
    const roles = await this.projects.rolesOf(principal);
    requireRole({ ...principal, role: roles.highest ?? 'viewer' }, role);
    const resource = { kind: 'run', id } as const;
    const found = await this.projects.require({ principal, roles }, [{ resource, role }]);
    return roles.isEverywhere ? undefined : (found.get(resourceKey(resource)) ?? []);
  }
}
