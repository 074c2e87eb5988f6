import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  idSchema,
  projectCreateSchema,
  projectDetailSchema,
  projectListSchema,
  projectMemberPutSchema,
  projectPatchSchema,
} from '@gan-dashboard/shared-types';
import type {
  Project,
  ProjectCreate,
  ProjectDetail,
  ProjectMemberPut,
  ProjectPatch,
} from '@gan-dashboard/shared-types';
import type { Principal } from '../identity/access/principal';
import { CurrentPrincipal } from '../identity/access/request-principal';
import { ApiProblems } from '../platform/http/openapi-responses';
import { ProjectsService } from './projects.service';

@ApiTags('projects')
@Controller('api/v1/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Get()
  @ApiOperation({
    summary: 'The projects that you take part in, the default one first',
    description: 'Administrators of the server see all. `role` is what you may do there.',
  })
  @ApiOkResponse({ standardSchema: projectListSchema })
  async list(@CurrentPrincipal() principal: Principal): Promise<{ items: Project[] }> {
    return { items: await this.projects.list(principal) };
  }

  @Post()
  @ApiOperation({
    summary: 'Make a project; for administrators of the server',
    description: 'It has no members at first. Of an open project everybody with an account takes part.',
  })
  @ApiCreatedResponse({ standardSchema: projectDetailSchema })
  @ApiProblems(400, 422)
  create(
    @Body({ schema: projectCreateSchema }) request: ProjectCreate,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ProjectDetail> {
    return this.projects.create(request, principal);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One project and its members' })
  @ApiOkResponse({ standardSchema: projectDetailSchema })
  @ApiProblems(400, 404)
  get(@Param('id', { schema: idSchema }) id: string, @CurrentPrincipal() principal: Principal): Promise<ProjectDetail> {
    return this.projects.get(id, principal);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change name and description, open or close a project',
    description:
      'For its administrators, as are the members. Who may see another project is seen by open streams at once.',
  })
  @ApiOkResponse({ standardSchema: projectDetailSchema })
  @ApiProblems(400, 404, 422)
  change(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: projectPatchSchema }) patch: ProjectPatch,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ProjectDetail> {
    return this.projects.change(id, patch, principal);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a project that is empty; 409 says what is in it' })
  @ApiNoContentResponse()
  @ApiProblems(400, 404, 409)
  remove(@Param('id', { schema: idSchema }) id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    return this.projects.remove(id, principal.name);
  }

  @Put(':id/members')
  @ApiOperation({ summary: 'Make a user a member, or change the role of one' })
  @ApiOkResponse({ standardSchema: projectDetailSchema })
  @ApiProblems(400, 404, 422)
  putMember(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: projectMemberPutSchema }) member: ProjectMemberPut,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ProjectDetail> {
    return this.projects.putMember(id, member, principal);
  }

  @Delete(':id/members/:user_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take a member out of a project; of an open one, the role of the account holds again' })
  @ApiNoContentResponse()
  @ApiProblems(400, 404)
  removeMember(
    @Param('id', { schema: idSchema }) id: string,
    @Param('user_id', { schema: idSchema }) userId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.projects.removeMember(id, userId, principal.name);
  }
}
