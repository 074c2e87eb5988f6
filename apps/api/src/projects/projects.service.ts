import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { defaultProjectId } from '@gan-dashboard/shared-types';
import type {
  Project,
  ProjectCreate,
  ProjectDetail,
  ProjectMemberPut,
  ProjectPatch,
  UserRole,
} from '@gan-dashboard/shared-types';
import { AuditTrail } from '../audit/audit-trail';
import { ProjectAccess } from '../identity/access/project-access';
import type { Principal } from '../identity/access/principal';
import { OpenStreams } from '../identity/streams/open-streams';
import { conflict, notFound, unprocessable } from '../platform/http/problem';
import { ProjectsRepository, deletedContentsId } from './projects.repository';
import type { StoredProject } from './projects.repository';

/** Projects and who takes part in them. The access guard has seen that the caller may do what is asked. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly projects: ProjectsRepository,
    private readonly access: ProjectAccess,
    private readonly streams: OpenStreams,
    private readonly audit: AuditTrail,
  ) {}

  /** Those that the caller may see, the default one first. */
  async list(principal: Principal): Promise<Project[]> {
    const roles = await this.access.rolesOf(principal);
    const found = await this.projects.list(roles.reach('viewer'));
    return found.map((project) => ({ ...project, role: roles.roleIn(project.id) ?? 'viewer' }));
  }

  /** @throws ProblemException 404. */
  async get(id: string, principal: Principal): Promise<ProjectDetail> {
    const project = await this.require(id);
    const roles = await this.access.rolesOf(principal);
    return { ...project, role: roles.roleIn(id) ?? 'viewer', members: await this.projects.members(id) };
  }

  /** @throws ProblemException 422 where the name is taken. */
  async create(request: ProjectCreate, principal: Principal): Promise<ProjectDetail> {
    const created = await this.dataSource.transaction(async (manager) => {
      const id = await this.projects.insert(request, manager);
      if (id === undefined) throw nameTaken(request.name);
      await this.audit.record(
        { actor: principal.name, action: 'project.create', subject: id, detail: { ...request } },
        manager,
      );
      return id;
    });
    if (request.is_open) await this.streams.endChanged();
    return this.get(created, principal);
  }

  /** @throws ProblemException 404, 422 where the name is taken. */
  async change(id: string, patch: ProjectPatch, principal: Principal): Promise<ProjectDetail> {
    const before = await this.require(id);
    if (patch.name !== undefined && (await this.projects.isNameTaken(patch.name, id))) throw nameTaken(patch.name);
    await this.dataSource.transaction(async (manager) => {
      await this.projects.update(id, patch, manager);
      const detail = { name: before.name, changes: patch };
      await this.audit.record({ actor: principal.name, action: 'project.change', subject: id, detail }, manager);
    });
    if (patch.is_open !== undefined) await this.streams.endChanged();
    return this.get(id, principal);
  }

  /** @throws ProblemException 404, 409 for the default project and for one that is not empty, saying what is in it. */
  async remove(id: string, actor: string): Promise<void> {
    const { name } = await this.require(id);
    if (id === defaultProjectId) {
      throw conflict('The default project cannot be deleted: what names no project belongs to it. Rename or close it.');
    }
    await this.dataSource.transaction(async (manager) => {
      const { datasets, runs, deleted } = await this.projects.contents(id, manager);
      if (id === deletedContentsId && deleted > 0) {
        throw conflict('It holds what was deleted in projects that are no more; it can go once that has been removed.');
      }
      if (datasets + runs > 0) {
        throw conflict(
          `The project ${name} is not empty: it has ${counted(runs, 'run')} and ${counted(datasets, 'data set')}. ` +
            'Move them to another project (PATCH with its project_id), or delete them first.',
        );
      }
      await this.projects.delete(id, manager);
      await this.audit.record({ actor, action: 'project.delete', subject: id, detail: { name } }, manager);
    });
    await this.streams.endChanged();
  }

  /** @throws ProblemException 404 unknown project, 422 a name that no user has. */
  async putMember(id: string, { name, role }: ProjectMemberPut, principal: Principal): Promise<ProjectDetail> {
    await this.require(id);
    await this.dataSource.transaction(async (manager) => {
      const userId = await this.projects.putMember(id, { name, role }, manager);
      if (userId === undefined) {
        const message = `nobody has an account of the name ${JSON.stringify(name)}; people whom a proxy or a provider vouches for get one when they first sign in`;
        throw unprocessable(`name: ${message}`, [{ path: 'name', message }]);
      }
      await this.record('project.member', id, { user_id: userId, name, role }, { actor: principal.name, manager });
    });
    await this.streams.endChanged();
    return this.get(id, principal);
  }

  /** @throws ProblemException 404 unknown project, or a user who is no member of it. */
  async removeMember(id: string, userId: string, actor: string): Promise<void> {
    await this.require(id);
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.projects.removeMember(id, userId, manager))) throw notFound('member', userId);
      await this.record('project.member.remove', id, { user_id: userId }, { actor, manager });
    });
    await this.streams.endChanged();
  }

  private record(
    action: string,
    subject: string,
    detail: { user_id: string; name?: string; role?: UserRole },
    { actor, manager }: { actor: string; manager: Parameters<AuditTrail['record']>[1] },
  ): Promise<void> {
    return this.audit.record({ actor, action, subject, detail }, manager);
  }

  private async require(id: string): Promise<StoredProject> {
    const [project] = await this.projects.list([id]);
    if (!project) throw notFound('project', id);
    return project;
  }
}

function nameTaken(name: string) {
  return unprocessable(`The name ${JSON.stringify(name)} is taken. Choose another.`, [
    { path: 'name', message: 'is taken' },
  ]);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
