import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { includesRole } from '@gan-dashboard/shared-types';
import type { UserRole } from '@gan-dashboard/shared-types';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { setActingUser } from '../../platform/http/local-user';
import { ProblemException } from '../../platform/http/problem';
import { OpenStreams } from '../streams/open-streams';
import { policyOfRequest } from './access-policy';
import type { RoutePolicy } from './access-policy';
import { Authenticator } from './authenticator';
import type { Principal } from './principal';
import { ProjectAccess } from './project-access';
import type { ProjectPrincipal } from './project-access';
import { RequestOrigin } from './request-origin';
import { principals } from './request-principal';
import { RequestRate } from './request-rate';
import { StorageQuota } from './storage-quota';

const probes = new Set(['/healthz', '/readyz']);

/** Every route passes here: who asks, and may they (`access-policy.ts`)? */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly origin: RequestOrigin;
  private readonly rate: RequestRate;

  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'role' | 'auth'>,
    private readonly authenticator: Authenticator,
    private readonly streams: OpenStreams,
    private readonly quota: StorageQuota,
    private readonly projects: ProjectAccess,
  ) {
    this.origin = new RequestOrigin(config.auth);
    this.rate = new RequestRate(config.auth.mode === 'none' ? 0 : config.auth.rateLimitPerMinute);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // A worker serves its probes and metrics and nothing else.
    if (this.config.role === 'worker') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const policy = policyOfRequest(request);
    const { access, isInteractive, isStream, storesFiles } = policy;
    if (access === 'public') {
      if (!probes.has(request.path)) this.countAddress(request);
      return true;
    }
    const principal = await this.identify(request, isStream ?? false);
    const { principal: allowed, roles } = await this.admit(principal, policy, access);
    if (isInteractive && allowed.credential.kind === 'token') {
      throw new ProblemException(403, 'An API token cannot do this. Sign in to the dashboard.');
    }
    if (!policy.isOfAccount) await this.projects.requireRequest({ principal: allowed, roles }, request, policy);
    principals.set(request, allowed);
    setActingUser(allowed.name, (role) => roles.reach(role));
    if (storesFiles && allowed.userId !== null) {
      await this.quota.require(allowed.name, Number(request.headers['content-length'] ?? 0));
    }
    if (isStream) {
      this.holdStream({ principal: allowed, roles }, request, context.switchToHttp().getResponse<Response>());
    }
    return true;
  }

  /** Before anything that the request names is looked at: is it the role of the account, or of any project at all? */
  private async admit(
    found: Principal | undefined,
    { isOfAccount }: RoutePolicy,
    needed: UserRole,
  ): Promise<ProjectPrincipal> {
    if (!found) throw notSignedIn();
    const roles = await this.projects.rolesOf(found);
    if (isOfAccount) return { principal: requireRole(found, needed), roles };
    // Whoever has no project at all may look around: there is nothing to see.
    requireRole({ ...found, role: roles.highest ?? 'viewer' }, needed);
    return { principal: found, roles };
  }

  /** Whoever is not known counts by address, and guessing tokens counts, too. */
  private async identify(request: Request, takesTicket: boolean): Promise<Principal | undefined> {
    let principal: Principal | undefined;
    try {
      principal = await this.authenticator.identify(request, { takesTicket });
    } catch (error) {
      this.countAddress(request);
      throw error;
    }
    if (principal?.userId) this.rate.count(`user ${principal.userId}`, performance.now());
    else this.countAddress(request);
    return principal;
  }

  private countAddress(request: Request): void {
    this.rate.count(`address ${this.origin.clientAddress(request)}`, performance.now());
  }

  /** A stream's body ends with its connection: to end it is to end the stream in order. */
  private holdStream(who: ProjectPrincipal, { socket }: Request, response: Response): void {
    const release = this.streams.hold(who, () => socket.end());
    response.once('close', release);
  }
}

function notSignedIn(): ProblemException {
  return new ProblemException(401, 'Sign in, or send an API token: Authorization: Bearer gand_…');
}

/** @throws ProblemException 401 where nobody is signed in, 403 where the role is not enough. */
export function requireRole(principal: Principal | undefined, needed: UserRole): Principal {
  if (!principal) throw notSignedIn();
  if (includesRole(principal.role, needed)) return principal;
  throw new ProblemException(
    403,
    `This needs the role ${needed}, and ${principal.name} may act as ${principal.role}. Ask an administrator.`,
  );
}
