import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { defaultProjectId, includesRole } from '@gan-dashboard/shared-types';
import type { UserRole } from '@gan-dashboard/shared-types';
import { ProblemException, notFound } from '../../platform/http/problem';
import type { RoutePolicy } from './access-policy';
import { namedResources } from './named-resources';
import type { Principal } from './principal';
import { ProjectRoles } from './project-roles';
import { ResourceProjects, resourceKey, resourceWords } from './resource-projects';
import type { NamedResource } from './resource-projects';

/** Something that is asked for, and what has to be allowed in its project. */
interface Need {
  resource: NamedResource;
  role: UserRole;
}

export interface ProjectPrincipal {
  principal: Principal;
  roles: ProjectRoles;
}

/**
 * Who may do what in which project. Of what lies in a project that one takes no part in, the answer is that of what does
 * not exist: ids tell nothing.
 */
@Injectable()
export class ProjectAccess {
  constructor(
    private readonly dataSource: DataSource,
    private readonly resources: ResourceProjects,
  ) {}

  async rolesOf(principal: Principal): Promise<ProjectRoles> {
    return (await this.rolesOfAll([principal])).get(principal) ?? ProjectRoles.in(new Map(), principal.ceiling);
  }

  /** In one query. */
  async rolesOfAll(principals: readonly Principal[]): Promise<Map<Principal, ProjectRoles>> {
    const bound = principals.filter((principal) => !isEverywhere(principal));
    const byUser = await this.memberships([...new Set(bound.flatMap(({ userId }) => userId ?? []))]);
    return new Map(
      principals.map((principal) => [
        principal,
        isEverywhere(principal)
          ? ProjectRoles.everywhere(principal.role)
          : ProjectRoles.in(byUser.get(principal.userId ?? '') ?? new Map(), principal.ceiling),
      ]),
    );
  }

  /** Whether the user of a name may see what lies in a project. */
  async isSeenBy(name: string, projectId: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM app_user u JOIN project p ON p.id = $2
       LEFT JOIN project_member m ON m.project_id = p.id AND m.user_id = u.id
       WHERE u.name = $1 AND NOT u.is_disabled AND (u.role = 'administrator' OR p.is_open OR m.user_id IS NOT NULL)`,
      [name, projectId],
    );
    return rows.length > 0;
  }

  /**
   * @throws ProblemException 404 for what does not exist or may not be seen, 403 for what may be seen and not be done.
   */
  async requireRequest(who: ProjectPrincipal, request: Request, policy: RoutePolicy): Promise<void> {
    const { inPath, inFields } = namedResources(request);
    const needs: Need[] = inPath ? [{ resource: inPath, role: policy.access as UserRole }] : [];
    for (const [field, resource] of inFields) {
      // Data may be read in one project to make a run of it in another.
      const role = policy.target === 'named' && field === 'dataset_id' ? 'viewer' : (policy.access as UserRole);
      needs.push({ resource, role });
    }
    const found = await this.require(who, needs);
    if (policy.target === undefined) return;
    const named = policy.target === 'named' ? inFields.get('project_id') : undefined;
    const source = policy.target === 'named' ? inFields.get('dataset_id') : undefined;
    const target = named?.id ?? (source && found.get(resourceKey(source))?.[0]) ?? defaultProjectId;
    requireIn(who, [target], policy.access as UserRole);
  }

  /** @returns the projects of what is needed, by `resourceKey`; of administrators only those that were looked at. */
  async require(who: ProjectPrincipal, needs: readonly Need[]): Promise<Map<string, string[]>> {
    // To administrators everything answers for itself; a project to put something into has to be there.
    const looked = who.roles.isEverywhere ? needs.filter(({ resource }) => resource.kind === 'project') : needs;
    const found = await this.resources.of(looked.map(({ resource }) => resource));
    for (const { resource, role } of looked) {
      const projects = found.get(resourceKey(resource)) ?? [];
      const isSeen = projects.length > 0 && projects.every((id) => who.roles.roleIn(id) !== undefined);
      if (!isSeen) throw notFound(resourceWords[resource.kind], resource.id);
      requireIn(who, projects, role);
    }
    return found;
  }

  private async memberships(userIds: readonly string[]): Promise<Map<string, Map<string, UserRole>>> {
    const byUser = new Map<string, Map<string, UserRole>>();
    if (userIds.length === 0) return byUser;
    const rows = await this.dataSource.query<{ user_id: string; project_id: string; role: UserRole }[]>(
      `SELECT u.id AS user_id, p.id AS project_id, coalesce(m.role, u.role) AS role
       FROM app_user u CROSS JOIN project p
       LEFT JOIN project_member m ON m.user_id = u.id AND m.project_id = p.id
       WHERE u.id = ANY ($1::uuid[]) AND (p.is_open OR m.user_id IS NOT NULL)`,
      [userIds],
    );
    for (const { user_id: userId, project_id: projectId, role } of rows) {
      const roles = byUser.get(userId) ?? new Map<string, UserRole>();
      byUser.set(userId, roles.set(projectId, role));
    }
    return byUser;
  }
}

function isEverywhere({ userId, accountRole }: Principal): boolean {
  return userId === null || accountRole === 'administrator';
}

function requireIn({ principal, roles }: ProjectPrincipal, projects: readonly string[], needed: UserRole): void {
  for (const id of projects) {
    const role = roles.roleIn(id);
    if (role !== undefined && includesRole(role, needed)) continue;
    const has = role === undefined ? 'takes no part in it; name another by project_id' : `may act there as ${role}`;
    const place = id === defaultProjectId ? 'the default project' : 'the project';
    throw new ProblemException(
      403,
      `This needs the role ${needed} in ${place}, and ${principal.name} ${has}. Ask an administrator of the project.`,
    );
  }
}
