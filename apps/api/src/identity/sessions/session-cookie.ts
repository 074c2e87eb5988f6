import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { RequestOrigin } from '../access/request-origin';

const baseName = 'gan_dashboard_session';
/** Ties the answer of a provider to the browser that asked. */
const oidcName = 'gan_dashboard_oidc';

/** Cookies that scripts cannot read, that other sites do not send, and that stay below this deployment's path. */
@Injectable()
export class SessionCookie {
  private readonly origin: RequestOrigin;

  constructor(@Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'auth' | 'basePath'>) {
    this.origin = new RequestOrigin(config.auth);
  }

  read(request: IncomingMessage): string | undefined {
    return cookieOf(request, this.nameFor(request));
  }

  write(request: IncomingMessage, response: Response, session: { secret: string; expiresAt: Date }): void {
    response.cookie(this.nameFor(request), session.secret, { ...this.options(request), expires: session.expiresAt });
  }

  clear(request: IncomingMessage, response: Response): void {
    response.clearCookie(this.nameFor(request), this.options(request));
  }

  readOidc(request: IncomingMessage): string | undefined {
    return cookieOf(request, oidcName);
  }

  writeOidc(request: IncomingMessage, response: Response, secret: string): void {
    response.cookie(oidcName, secret, { ...this.options(request), maxAge: 600_000 });
  }

  clearOidc(request: IncomingMessage, response: Response): void {
    response.clearCookie(oidcName, this.options(request));
  }

  /** `__Host-` keeps other hosts of the domain from planting a session; it needs TLS and the path `/`. */
  private nameFor(request: IncomingMessage): string {
    return this.origin.isHttps(request) && this.config.basePath === '' ? `__Host-${baseName}` : baseName;
  }

  /** `Lax`, not `Strict`: a link in a mail must lead to the dashboard and not to the sign-in page. */
  private options(request: IncomingMessage) {
    return {
      httpOnly: true,
      sameSite: 'lax',
      secure: this.origin.isHttps(request),
      path: this.config.basePath || '/',
    } as const;
  }
}

function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const prefix = `${name}=`;
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const text = part.trim();
    if (text.startsWith(prefix)) return text.slice(prefix.length);
  }
  return undefined;
}
