import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { localUser } from '../../platform/http/local-user';
import { ProblemException } from '../../platform/http/problem';
import { SessionCookie } from '../sessions/session-cookie';
import { SessionsService } from '../sessions/sessions.service';
import { TicketsService } from '../streams/tickets.service';
import { TokensService, tokenPrefix } from '../tokens/tokens.service';
import { rolesOfAccount } from './principal';
import type { Principal } from './principal';
import { ProxyIdentity } from './proxy-identity';
import { RequestOrigin } from './request-origin';

const everybody: Principal = {
  userId: null,
  name: localUser,
  ...rolesOfAccount('administrator'),
  credential: { kind: 'none' },
  expiresAt: null,
};
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Says who sends a request: by a token, a ticket, the cookie of a session or the headers of a proxy, in this order. */
@Injectable()
export class Authenticator {
  private readonly origin: RequestOrigin;

  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'auth'>,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
    private readonly tokens: TokensService,
    private readonly tickets: TicketsService,
    private readonly proxy: ProxyIdentity,
  ) {
    this.origin = new RequestOrigin(config.auth);
  }

  /**
   * @param options.takesTicket for streams only: a ticket in the address is used up by it.
   * @returns undefined for a request that names nobody.
   * @throws ProblemException 401 for a token or ticket that is not valid, 403 for headers or cookies from elsewhere.
   */
  async identify(request: IncomingMessage, options: { takesTicket: boolean }): Promise<Principal | undefined> {
    const { mode } = this.config.auth;
    if (mode === 'none') return everybody;
    const token = tokenOf(request);
    if (token !== undefined) return known(await this.tokens.find(token), 'token');
    const ticket = options.takesTicket ? ticketOf(request) : undefined;
    if (ticket !== undefined) return known(await this.tickets.redeem(ticket), 'ticket');
    return mode === 'proxy' ? this.proxy.identify(request) : this.bySession(request);
  }

  private async bySession(request: IncomingMessage): Promise<Principal | undefined> {
    const secret = this.cookie.read(request);
    if (secret === undefined) return undefined;
    // Browsers add the cookie by themselves: what changes something needs a sign that our own page asks for it.
    if (!safeMethods.has(request.method ?? '') && !this.origin.isOwnPage(request)) {
      throw new ProblemException(
        403,
        'A request with the cookie of a session must come from the dashboard itself (Origin or Sec-Fetch-Site). ' +
          'Programs use an API token: Authorization: Bearer gand_…',
      );
    }
    return this.sessions.find(secret);
  }
}

function known(principal: Principal | undefined, what: string): Principal {
  if (principal) return principal;
  throw new ProblemException(401, `The ${what} is not valid: it was revoked or used, has expired, or never was one.`);
}

/** Other kinds of `Authorization` may be meant for a proxy in front. */
function tokenOf(request: IncomingMessage): string | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization?.trim() ?? '') ?? [];
  return token?.startsWith(tokenPrefix) ? token : undefined;
}

function ticketOf(request: IncomingMessage): string | undefined {
  return new URLSearchParams((request.url ?? '').split('?')[1] ?? '').get('ticket') ?? undefined;
}
