import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { finalRunStatuses } from '@gan-dashboard/shared-types';
import type { RunBulk, RunBulkAction, RunBulkResult, RunStatus } from '@gan-dashboard/shared-types';
import { AuditTrail } from '../../audit/audit-trail';
import { inReach } from '../../platform/http/local-user';
import { whyNot } from '../run-states';

const maxTags = 50;

/** $1: the ids, $2: the tags. Each says which runs it has changed. */
const statements: Readonly<Record<RunBulkAction, string>> = {
  tag: `SET tags = tags || (
      SELECT coalesce(jsonb_agg(tag), '[]') FROM unnest($2::text[]) AS tag WHERE NOT tags @> jsonb_build_array(tag))
    WHERE deleted_at IS NULL AND ${maxTags} >= jsonb_array_length(tags) + (
      SELECT count(*) FROM unnest($2::text[]) AS tag WHERE NOT tags @> jsonb_build_array(tag))`,
  untag: `SET tags = tags - $2::text[] WHERE deleted_at IS NULL`,
  archive: `SET archived = TRUE WHERE deleted_at IS NULL`,
  unarchive: `SET archived = FALSE WHERE deleted_at IS NULL`,
  delete: `SET deleted_at = now() WHERE deleted_at IS NULL AND owner IS NULL AND status = ANY ($2)`,
  restore: `SET deleted_at = NULL WHERE deleted_at IS NOT NULL`,
};

/** One act on many runs; what cannot be done to some of them does not keep it from the others. */
@Injectable()
export class RunBulkActs {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
  ) {}

  async act({ ids, action, tags }: RunBulk, user: string): Promise<RunBulkResult> {
    const asked = [...new Set(ids)];
    return this.dataSource.transaction(async (manager) => {
      const second = action === 'delete' ? [finalRunStatuses] : action.endsWith('tag') ? [[...new Set(tags)]] : [];
      const values: unknown[] = [asked, ...second];
      const isAllowed = inReach('project_id', (value) => `$${values.push(value)}`, 'trainer');
      const [rows] = await manager.query<[{ id: string }[], number]>(
        `UPDATE run ${statements[action]} AND id = ANY ($1) AND ${isAllowed} RETURNING id`,
        values,
      );
      const changed = rows.map(({ id }) => id);
      const detail = action.endsWith('tag') ? { tags } : {};
      const acts = changed.map((runId) => ({ actor: user, action: `run.${action}`, runId, detail }));
      await this.audit.recordAll(acts, manager);
      const done = new Set(changed);
      return {
        changed,
        refused: await this.reasons(
          asked.filter((id) => !done.has(id)),
          action,
          manager,
        ),
      };
    });
  }

  private async reasons(
    ids: readonly string[],
    action: RunBulkAction,
    manager: EntityManager,
  ): Promise<RunBulkResult['refused']> {
    if (ids.length === 0) return [];
    const values: unknown[] = [ids];
    const add = (value: unknown) => `$${values.push(value)}`;
    const rows = await manager.query<FoundRun[]>(
      `SELECT id, status, deleted_at IS NOT NULL AS is_deleted, ${inReach('project_id', add, 'trainer')} AS is_allowed
       FROM run WHERE id = ANY ($1) AND ${inReach('project_id', add)}`,
      values,
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => ({ id, reason: reasonFor(action, found.get(id)) }));
  }
}

interface FoundRun {
  id: string;
  status: RunStatus;
  is_deleted: boolean;
  is_allowed: boolean;
}

function reasonFor(action: RunBulkAction, run: FoundRun | undefined): string {
  if (!run) return 'There is no such run. Reload the list.';
  if (!run.is_allowed) return 'You may look at runs of this project, and not change them.';
  if (action === 'restore') return 'The run is not deleted: there is nothing to restore.';
  if (run.is_deleted) return 'The run is deleted. Restore it first.';
  if (action === 'tag') return `A run has ${maxTags} tags at most. Take one off first.`;
  return whyNot(run.status, 'delete') ?? `The run is ${run.status} since just now. Try again.`;
}
