import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { idSchema, userSessionListSchema } from '@gan-dashboard/shared-types';
import type { UserSession } from '@gan-dashboard/shared-types';
import { AuditTrail } from '../../audit/audit-trail';
import { ApiProblems } from '../../platform/http/openapi-responses';
import { notFound } from '../../platform/http/problem';
import type { Principal } from '../access/principal';
import { CurrentPrincipal } from '../access/request-principal';
import { OpenStreams } from '../streams/open-streams';
import { requireUser } from './session.controller';
import { SessionsService } from './sessions.service';

@ApiTags('identity')
@Controller('api/v1/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly streams: OpenStreams,
    private readonly audit: AuditTrail,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Where you are signed in' })
  @ApiOkResponse({ standardSchema: userSessionListSchema })
  @ApiProblems(401, 403, 409)
  async list(@CurrentPrincipal() principal: Principal): Promise<{ items: UserSession[] }> {
    const { credential } = principal;
    const current = credential.kind === 'session' ? credential.id : undefined;
    return { items: await this.sessions.listOf(requireUser(principal).id, current) };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign out of one of your sessions' })
  @ApiNoContentResponse()
  @ApiProblems(400, 401, 403, 404, 409)
  async close(@Param('id', { schema: idSchema }) id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    const user = requireUser(principal);
    if (!(await this.sessions.closeOneOf(user.id, id))) throw notFound('session', id);
    this.streams.endOf([id]);
    await this.audit.record({ actor: user.name, action: 'session.close', subject: user.id });
  }
}
