import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { apiTokenCreateSchema, apiTokenListSchema, createdApiTokenSchema, idSchema } from '@gan-dashboard/shared-types';
import type { ApiToken, ApiTokenCreate, CreatedApiToken } from '@gan-dashboard/shared-types';
import { ApiProblems } from '../../platform/http/openapi-responses';
import type { Principal } from '../access/principal';
import { CurrentPrincipal } from '../access/request-principal';
import { requireUser } from '../sessions/session.controller';
import { TokensService } from './tokens.service';

@ApiTags('identity')
@Controller('api/v1/tokens')
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @Get()
  @ApiOperation({ summary: 'Your API tokens, without the tokens themselves' })
  @ApiOkResponse({ standardSchema: apiTokenListSchema })
  @ApiProblems(401, 403, 409)
  async list(@CurrentPrincipal() principal: Principal): Promise<{ items: ApiToken[] }> {
    return { items: await this.tokens.listOf(requireUser(principal).id) };
  }

  @Post()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Make an API token',
    description: 'The answer is the only one that shows it. Send it as `Authorization: Bearer …`.',
  })
  @ApiCreatedResponse({ standardSchema: createdApiTokenSchema })
  @ApiProblems(400, 401, 403, 409)
  create(
    @Body({ schema: apiTokenCreateSchema }) request: ApiTokenCreate,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CreatedApiToken> {
    return this.tokens.create(requireUser(principal), request);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke an API token', description: 'Streams that it opened end.' })
  @ApiNoContentResponse()
  @ApiProblems(400, 401, 403, 404, 409)
  revoke(@Param('id', { schema: idSchema }) id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    return this.tokens.revoke(requireUser(principal), id);
  }
}
