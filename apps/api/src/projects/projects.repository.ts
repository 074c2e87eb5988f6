import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { defaultProjectId } from '@gan-dashboard/shared-types';
import type { Project, ProjectCreate, ProjectMember, ProjectPatch, UserRole } from '@gan-dashboard/shared-types';

interface ProjectRow {
  id: string;
  created_at: Date;
  name: string;
  description: string;
  is_open: boolean;
  datasets: number;
  runs: number;
  members: number;
}

/** A project without what depends on who asks. */
export type StoredProject = Omit<Project, 'role'>;

const columns = `p.id, p.created_at, p.name, p.description, p.is_open,
  (SELECT count(*)::int FROM dataset d WHERE d.project_id = p.id AND d.deleted_at IS NULL) AS datasets,
  (SELECT count(*)::int FROM run r WHERE r.project_id = p.id AND r.deleted_at IS NULL) AS runs,
  (SELECT count(*)::int FROM project_member m WHERE m.project_id = p.id) AS members`;

/** Of the project that takes in what was deleted in others. */
export const deletedContentsId = '00000000-0000-4000-8000-000000000002';

@Injectable()
export class ProjectsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The default one first, the others by name. @param ids undefined: all */
  async list(ids: readonly string[] | undefined): Promise<StoredProject[]> {
    const rows = await this.dataSource.query<ProjectRow[]>(
      `SELECT ${columns} FROM project p WHERE $1::uuid[] IS NULL OR p.id = ANY ($1::uuid[])
       ORDER BY p.id <> '${defaultProjectId}', lower(p.name)`,
      [ids ?? null],
    );
    return rows.map(toProject);
  }

  /** @returns undefined where the name is taken. */
  async insert({ name, description, is_open }: ProjectCreate, manager: EntityManager): Promise<string | undefined> {
    const [row] = await manager.query<{ id: string }[]>(
      `INSERT INTO project (name, description, is_open) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id`,
      [name, description, is_open],
    );
    return row?.id;
  }

  async isNameTaken(name: string, except: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      'SELECT 1 FROM project WHERE lower(name) = lower($1) AND id <> $2',
      [name, except],
    );
    return rows.length > 0;
  }

  async update(id: string, { name, description, is_open }: ProjectPatch, manager: EntityManager): Promise<void> {
    await manager.query(
      `UPDATE project SET name = coalesce($2, name), description = coalesce($3, description),
         is_open = coalesce($4, is_open) WHERE id = $1`,
      [id, name ?? null, description ?? null, is_open ?? null],
    );
  }

  /** What lies in it; deleted runs and data sets count, too: they can be restored. */
  async contents(id: string, manager: EntityManager): Promise<{ datasets: number; runs: number; deleted: number }> {
    await manager.query('SELECT 1 FROM project WHERE id = $1 FOR UPDATE', [id]);
    const [row] = await manager.query<{ datasets: number; runs: number; deleted: number }[]>(
      `SELECT (count(*) FILTER (WHERE kind = 'dataset' AND deleted_at IS NULL))::int AS datasets,
         (count(*) FILTER (WHERE kind = 'run' AND deleted_at IS NULL))::int AS runs,
         (count(deleted_at))::int AS deleted
       FROM (SELECT 'dataset' AS kind, deleted_at FROM dataset WHERE project_id = $1
             UNION ALL SELECT 'run', deleted_at FROM run WHERE project_id = $1) AS content`,
      [id],
    );
    return row ?? { datasets: 0, runs: 0, deleted: 0 };
  }

  /**
   * What was deleted in it can still be restored: it goes to a project that is closed and has no members, so that nobody
   * but administrators of the server comes upon it.
   */
  async delete(id: string, manager: EntityManager): Promise<void> {
    const { deleted } = await this.contents(id, manager);
    if (deleted > 0) {
      await manager.query(
        `INSERT INTO project (id, name, description)
         SELECT $1::uuid, CASE WHEN EXISTS (SELECT 1 FROM project WHERE lower(name) = lower($2::text) AND id <> $1::uuid)
           THEN $2::text || ' ' || $1::text ELSE $2::text END, $3::text
         ON CONFLICT (id) DO NOTHING`,
        [deletedContentsId, 'Deleted projects', 'Deleted runs and data sets of projects that are no more'],
      );
      for (const table of ['dataset', 'run']) {
        await manager.query(`UPDATE ${table} SET project_id = $2 WHERE project_id = $1`, [id, deletedContentsId]);
      }
    }
    await manager.query('DELETE FROM project WHERE id = $1', [id]);
  }

  members(id: string): Promise<ProjectMember[]> {
    return this.dataSource.query<ProjectMember[]>(
      `SELECT m.user_id, u.name, m.role, u.is_disabled FROM project_member m JOIN app_user u ON u.id = m.user_id
       WHERE m.project_id = $1 ORDER BY lower(u.name)`,
      [id],
    );
  }

  /** @returns the id of the user; undefined where nobody has the name. */
  async putMember(
    id: string,
    member: { name: string; role: UserRole },
    manager: EntityManager,
  ): Promise<string | undefined> {
    const [row] = await manager.query<{ user_id: string }[]>(
      `INSERT INTO project_member (project_id, user_id, role)
       SELECT $1, id, $3 FROM app_user WHERE lower(name) = lower($2)
       ON CONFLICT (user_id, project_id) DO UPDATE SET role = excluded.role RETURNING user_id`,
      [id, member.name, member.role],
    );
    return row?.user_id;
  }

  async removeMember(id: string, userId: string, manager: EntityManager): Promise<boolean> {
    const [, affected] = await manager.query<[unknown, number]>(
      'DELETE FROM project_member WHERE project_id = $1 AND user_id = $2',
      [id, userId],
    );
    return affected > 0;
  }
}

function toProject(row: ProjectRow): StoredProject {
  return { ...row, created_at: row.created_at.toISOString(), is_default: row.id === defaultProjectId };
}
