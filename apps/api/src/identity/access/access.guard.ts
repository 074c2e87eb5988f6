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
import { Authenticator } from './authenticator';
import type { Principal } from './principal';
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
  ) {
    this.origin = new RequestOrigin(config.auth);
    this.rate = new RequestRate(config.auth.mode === 'none' ? 0 : config.auth.rateLimitPerMinute);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // A worker serves its probes and metrics and nothing else.
    if (this.config.role === 'worker') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const { access, isInteractive, isStream, storesFiles } = policyOfRequest(request);
    if (access === 'public') {
      if (!probes.has(request.path)) this.countAddress(request);
      return true;
    }
    const principal = await this.identify(request, isStream ?? false);
    const allowed = requireRole(principal, access);
    if (isInteractive && allowed.credential.kind === 'token') {
      throw new ProblemException(403, 'An API token cannot do this. Sign in to the dashboard.');
    }
    principals.set(request, allowed);
    setActingUser(allowed.name);
    if (storesFiles && allowed.userId !== null) {
      await this.quota.require(allowed.name, Number(request.headers['content-length'] ?? 0));
    }
    if (isStream) this.holdStream(allowed, request, context.switchToHttp().getResponse<Response>());
    return true;
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
  private holdStream(principal: Principal, { socket }: Request, response: Response): void {
    const release = this.streams.hold(principal, () => socket.end());
    response.once('close', release);
  }
}

/** @throws ProblemException 401 where nobody is signed in, 403 where the role is not enough. */
export function requireRole(principal: Principal | undefined, needed: UserRole): Principal {
  if (!principal) {
    throw new ProblemException(401, 'Sign in, or send an API token: Authorization: Bearer gand_…');
  }
  if (includesRole(principal.role, needed)) return principal;
  throw new ProblemException(
    403,
    `This needs the role ${needed}, and ${principal.name} may act as ${principal.role}. Ask an administrator.`,
  );
}
