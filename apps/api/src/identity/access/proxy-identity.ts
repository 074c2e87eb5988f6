import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { ProblemException } from '../../platform/http/problem';
import { ExternalUsers, roleFor } from '../accounts/external-users';
import { rolesOfAccount } from './principal';
import type { Principal } from './principal';
import { RequestOrigin } from './request-origin';

const rememberedMs = 10_000;
const mostRemembered = 10_000;

/** `AUTH=proxy`: a proxy in front has signed people on and names them in headers; only its addresses are believed. */
@Injectable()
export class ProxyIdentity {
  private readonly origin: RequestOrigin;
  /** Spares the database a look for each request of a busy page. */
  private readonly remembered = new Map<string, { until: number; principal: Principal }>();

  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'auth'>,
    private readonly users: ExternalUsers,
  ) {
    this.origin = new RequestOrigin(config.auth);
  }

  /** @throws ProblemException 403 for headers from elsewhere, and for people whom no role is given. */
  async identify(request: IncomingMessage): Promise<Principal | undefined> {
    const { proxyUserHeader, proxyGroupsHeader, roles } = this.config.auth;
    const name = headerOf(request, proxyUserHeader);
    const groups = headerOf(request, proxyGroupsHeader);
    if (!this.origin.isFromProxy(request)) {
      if (name === undefined && groups === undefined) return undefined;
      throw new ProblemException(
        403,
        `The headers that say who you are came from ${request.socket.remoteAddress ?? 'somewhere'}, which is not one of TRUSTED_PROXIES.`,
      );
    }
    if (name === undefined) return undefined;
    const role = roleFor(roles, name, groups?.split(',').map((group) => group.trim()) ?? []);
    if (role === undefined) {
      throw new ProblemException(403, `${name} is in none of the groups that may use this dashboard.`);
    }
    return this.principalOf(name, role);
  }

  private async principalOf(name: string, role: Principal['role']): Promise<Principal> {
    const key = `${role} ${name}`;
    const known = this.remembered.get(key);
    if (known && known.until > Date.now()) return known.principal;
    const user = await this.users.admit({ source: 'proxy', subject: name, name, role });
    if (!user) throw new ProblemException(403, `An administrator has shut ${name} out.`);
    const principal: Principal = {
      userId: user.id,
      name: user.name,
      ...rolesOfAccount(role),
      credential: { kind: 'proxy' },
      expiresAt: null,
    };
    if (this.remembered.size >= mostRemembered) this.remembered.clear();
    this.remembered.set(key, { until: Date.now() + rememberedMs, principal });
    return principal;
  }
}

/** Of a header that stands there twice, Node joins the values: a name with a comma is then nobody's. */
function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  const text = (Array.isArray(value) ? value.join(',') : value)?.trim();
  return text === '' ? undefined : text?.slice(0, 2_000);
}
