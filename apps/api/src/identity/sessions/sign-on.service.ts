import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AuditTrail } from '../../audit/audit-trail';
import type { UserRow } from '../accounts/users.repository';
import { OpenStreams } from '../streams/open-streams';
import { SessionCookie } from './session-cookie';
import { SessionsService } from './sessions.service';

interface Http {
  request: Request;
  response: Response;
  address: string;
}

/** Opens and closes the sessions of browsers, by their cookie. */
@Injectable()
export class SignOn {
  constructor(
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
    private readonly streams: OpenStreams,
    private readonly audit: AuditTrail,
  ) {}

  /** A session of its own for each sign-in; the one that the browser had before is closed. */
  async open(user: UserRow, { request, response, address }: Http): Promise<Date> {
    await this.closeFormer(request);
    const session = await this.sessions.open({ userId: user.id, userAgent: request.header('user-agent'), address });
    this.cookie.write(request, response, session);
    response.setHeader('Cache-Control', 'no-store');
    await this.audit.record({ actor: user.name, action: 'session.open', subject: user.id, detail: { address } });
    return session.expiresAt;
  }

  async close(
    user: { id: string; name: string; sessionId: string | undefined },
    { request, response }: Omit<Http, 'address'>,
    isEverywhere: boolean,
  ): Promise<void> {
    this.cookie.clear(request, response);
    if (isEverywhere) this.streams.endOf(await this.sessions.closeAllOf(user.id));
    else if (user.sessionId !== undefined) {
      await this.sessions.close(user.sessionId);
      this.streams.endOf([user.sessionId]);
    }
    const detail = isEverywhere ? { everywhere: true } : {};
    await this.audit.record({ actor: user.name, action: 'session.close', subject: user.id, detail });
  }

  private async closeFormer(request: Request): Promise<void> {
    const secret = this.cookie.read(request);
    const former = secret === undefined ? undefined : await this.sessions.find(secret);
    if (former?.credential.kind !== 'session') return;
    await this.sessions.close(former.credential.id);
    this.streams.endOf([former.credential.id]);
  }
}
