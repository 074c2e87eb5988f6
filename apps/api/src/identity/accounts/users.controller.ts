import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  idSchema,
  pageQuerySchema,
  userCreateSchema,
  userPageSchema,
  userPatchSchema,
  userSchema,
} from '@gan-dashboard/shared-types';
import type { Page, PageQuery, User, UserCreate, UserPatch } from '@gan-dashboard/shared-types';
import { ApiProblems } from '../../platform/http/openapi-responses';
import type { Principal } from '../access/principal';
import { CurrentPrincipal } from '../access/request-principal';
import { requireUser } from '../sessions/session.controller';
import { UserAdministration } from './users.service';

@ApiTags('identity')
@Controller('api/v1/users')
export class UsersController {
  constructor(private readonly users: UserAdministration) {}

  @Get()
  @ApiOperation({ summary: 'Users, by name' })
  @ApiOkResponse({ standardSchema: userPageSchema })
  @ApiProblems(400, 401, 403, 409)
  list(
    @Query({ schema: pageQuerySchema }) query: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<User>> {
    requireUser(principal);
    return this.users.page(query);
  }

  @Post()
  @ApiOperation({ summary: 'Add a user with a password' })
  @ApiCreatedResponse({ standardSchema: userSchema })
  @ApiProblems(400, 401, 403, 409, 422)
  create(
    @Body({ schema: userCreateSchema }) request: UserCreate,
    @CurrentPrincipal() principal: Principal,
  ): Promise<User> {
    return this.users.create(request, requireUser(principal).name);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change the role or the password of a user, or shut the user out' })
  @ApiOkResponse({ standardSchema: userSchema })
  @ApiProblems(400, 401, 403, 404, 409, 422)
  change(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: userPatchSchema }) patch: UserPatch,
    @CurrentPrincipal() principal: Principal,
  ): Promise<User> {
    return this.users.change(id, patch, requireUser(principal).name);
  }
}
