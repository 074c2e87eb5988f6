import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from '../audit/audit.module';
import { SOCKET_ACCESS } from '../events/websocket/socket-access';
import { AccessGuard } from './access/access.guard';
import { Authenticator } from './access/authenticator';
import { IdentitySocketAccess } from './access/identity-socket-access';
import { ProjectAccess } from './access/project-access';
import { ResourceProjects } from './access/resource-projects';
import { StorageQuota } from './access/storage-quota';
import { ProxyIdentity } from './access/proxy-identity';
import { ExternalUsers } from './accounts/external-users';
import { FirstAdministrator, SETUP_OUTPUT, standardOutput } from './accounts/first-administrator';
import { Passwords } from './accounts/passwords';
import { SignInLimits } from './accounts/sign-in-limits';
import { UsersController } from './accounts/users.controller';
import { UsersRepository } from './accounts/users.repository';
import { UserAdministration, UsersService } from './accounts/users.service';
import { IdentityCleaner } from './identity-cleaner';
import { OidcController } from './oidc/oidc.controller';
import { OidcService } from './oidc/oidc.service';
import { SessionCookie } from './sessions/session-cookie';
import { SessionController, SessionUseController } from './sessions/session.controller';
import { SessionsController } from './sessions/sessions.controller';
import { SessionsService } from './sessions/sessions.service';
import { SignOn } from './sessions/sign-on.service';
import { CredentialsRepository } from './streams/credentials.repository';
import { OpenStreams } from './streams/open-streams';
import { TicketsService } from './streams/tickets.service';
import { TokensController } from './tokens/tokens.controller';
import { TokensService } from './tokens/tokens.service';

/** Who may do what: sign-on, sessions, tokens and roles, and the guard that every route passes. */
@Global()
@Module({
  imports: [AuditModule],
  controllers: [
    SessionController,
    SessionUseController,
    SessionsController,
    TokensController,
    UsersController,
    OidcController,
  ],
  providers: [
    Authenticator,
    CredentialsRepository,
    ExternalUsers,
    FirstAdministrator,
    IdentityCleaner,
    OidcService,
    OpenStreams,
    Passwords,
    ProjectAccess,
    ProxyIdentity,
    ResourceProjects,
    SessionCookie,
    SessionsService,
    SignInLimits,
    SignOn,
    StorageQuota,
    TicketsService,
    TokensService,
    UserAdministration,
    UsersRepository,
    UsersService,
    { provide: SETUP_OUTPUT, useValue: standardOutput },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: SOCKET_ACCESS, useClass: IdentitySocketAccess },
  ],
  exports: [OpenStreams, ProjectAccess, SOCKET_ACCESS],
})
export class IdentityModule {}
