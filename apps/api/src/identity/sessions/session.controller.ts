import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import {
  passwordChangeSchema,
  sessionStateSchema,
  setupSchema,
  signInSchema,
  signOutQuerySchema,
  streamTicketSchema,
} from '@gan-dashboard/shared-types';
import type {
  PasswordChange,
  SessionState,
  Setup,
  SignIn,
  SignOutQuery,
  StreamTicket,
} from '@gan-dashboard/shared-types';
import { AuditTrail } from '../../audit/audit-trail';
import { APP_CONFIG } from '../../platform/configuration/app-config';
import type { AppConfig } from '../../platform/configuration/app-config';
import { ApiProblems } from '../../platform/http/openapi-responses';
import { ProblemException, conflict } from '../../platform/http/problem';
import { Authenticator } from '../access/authenticator';
import type { Principal } from '../access/principal';
import { RequestOrigin } from '../access/request-origin';
import { CurrentPrincipal } from '../access/request-principal';
import { FirstAdministrator } from '../accounts/first-administrator';
import { UsersService } from '../accounts/users.service';
import type { UserRow } from '../accounts/users.repository';
import { OpenStreams } from '../streams/open-streams';
import { TicketsService } from '../streams/tickets.service';
import { SignOn } from './sign-on.service';

@ApiTags('identity')
@Controller('api/v1/session')
export class SessionController {
  private readonly origin: RequestOrigin;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly authenticator: Authenticator,
    private readonly users: UsersService,
    private readonly first: FirstAdministrator,
    private readonly signOn: SignOn,
  ) {
    this.origin = new RequestOrigin(config.auth);
  }

  @Get()
  @ApiOperation({ summary: 'Who asks, and how one signs on here' })
  @ApiOkResponse({ standardSchema: sessionStateSchema })
  @ApiProblems(401, 403)
  async state(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<SessionState> {
    response.setHeader('Cache-Control', 'no-store');
    const principal = await this.authenticator.identify(request, { takesTicket: false });
    return {
      auth: this.config.auth.mode,
      user: principal ? { id: principal.userId, name: principal.name, role: principal.role } : null,
      setup_required: await this.first.isMissing(),
      expires_at: principal?.expiresAt?.toISOString() ?? null,
    };
  }

  @Post()
  @ApiOperation({
    summary: 'Sign in with name and password (AUTH=local)',
    description: 'Sets the cookie of a session.',
  })
  @ApiCreatedResponse({ standardSchema: sessionStateSchema })
  @ApiProblems(400, 401, 403, 409, 429)
  async signIn(
    @Body({ schema: signInSchema }) credentials: SignIn,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionState> {
    this.requireLocal();
    const user = await this.users.checkPassword(credentials, this.origin.clientAddress(request));
    return this.open(user, request, response);
  }

  @Post('setup')
  @ApiOperation({
    summary: 'Make the first administrator (AUTH=local)',
    description: 'With the token that the server printed at its start, while there is no user yet; signs in.',
  })
  @ApiCreatedResponse({ standardSchema: sessionStateSchema })
  @ApiProblems(400, 403, 409)
  async setUp(
    @Body({ schema: setupSchema }) setup: Setup,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionState> {
    this.requireLocal();
    return this.open(await this.first.setUp(setup), request, response);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign out here, or with everywhere=true in all browsers' })
  @ApiNoContentResponse()
  @ApiProblems(403)
  async signOut(
    @Query({ schema: signOutQuerySchema }) { everywhere }: SignOutQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const principal = await this.authenticator.identify(request, { takesTicket: false });
    if (!principal || principal.userId === null || principal.credential.kind !== 'session') return;
    const user = { id: principal.userId, name: principal.name, sessionId: principal.credential.id };
    await this.signOn.close(user, { request, response }, everywhere === 'true');
  }

  private requireLocal(): void {
    const { mode } = this.config.auth;
    if (mode !== 'local') throw conflict(`Nobody signs in with a password here (AUTH=${mode}).`);
  }

  private async open(user: UserRow, request: Request, response: Response): Promise<SessionState> {
    const address = this.origin.clientAddress(request);
    const expiresAt = await this.signOn.open(user, { request, response, address });
    return {
      auth: this.config.auth.mode,
      user: { id: user.id, name: user.name, role: user.role },
      setup_required: false,
      expires_at: expiresAt.toISOString(),
    };
  }
}

/** What belongs to a session: its password and its tickets. */
@ApiTags('identity')
@Controller('api/v1/session')
export class SessionUseController {
  private readonly origin: RequestOrigin;

  constructor(
    @Inject(APP_CONFIG) config: AppConfig,
    private readonly users: UsersService,
    private readonly tickets: TicketsService,
    private readonly streams: OpenStreams,
    private readonly audit: AuditTrail,
  ) {
    this.origin = new RequestOrigin(config.auth);
  }

  @Put('password')
  @HttpCode(204)
  @ApiOperation({ summary: 'Change your password', description: 'Ends your other sessions.' })
  @ApiNoContentResponse()
  @ApiProblems(400, 401, 403, 404, 409, 429)
  async changePassword(
    @Body({ schema: passwordChangeSchema }) change: PasswordChange,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<void> {
    if (principal.userId === null) throw conflict('There is no sign-on (AUTH=none), and so no password.');
    this.streams.endOf(await this.users.changePassword(principal, change, this.origin.clientAddress(request)));
    await this.audit.record({ actor: principal.name, action: 'user.password', subject: principal.userId });
  }

  @Post('ticket')
  @ApiOperation({
    summary: 'A ticket that opens one stream or WebSocket',
    description:
      'For clients that can send neither a cookie nor a header: add it as `?ticket=`. It works once, within 30 s.',
  })
  @ApiCreatedResponse({ standardSchema: streamTicketSchema })
  @ApiProblems(401, 403, 409)
  ticket(@CurrentPrincipal() principal: Principal): Promise<StreamTicket> {
    if (principal.userId === null) throw conflict('There is no sign-on (AUTH=none): streams need no ticket.');
    return this.tickets.issue(principal);
  }
}

/** The id of a user; @throws ProblemException 409 where there is no sign-on. */
export function requireUser(principal: Principal): { id: string; name: string } {
  if (principal.userId !== null) return { id: principal.userId, name: principal.name };
  throw new ProblemException(409, 'There is no sign-on (AUTH=none), and so no users, sessions or tokens.');
}
