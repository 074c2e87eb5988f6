import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Removal } from '@gan-dashboard/shared-types';
import type { RetainedKind } from '../platform/configuration/retention-config';
import type { Kept } from './beyond-limits';

export interface Candidate extends Kept {
  readonly id: string;
  readonly runId: string | null;
  readonly name: string;
}

interface Row {
  id: string;
  run_id: string | null;
  name: string;
  created_at: Date;
  size_bytes: string;
}

const sizeOfRun = `
  (SELECT coalesce(sum(size_bytes), 0) FROM checkpoint WHERE run_id = run.id AND removed_at IS NULL)
  + (SELECT coalesce(sum(size_bytes), 0) FROM sample WHERE run_id = run.id)`;
const hasEnded = `run.status IN ('completed', 'failed', 'stopped') AND run.owner IS NULL`;

/**
 * What may be removed at all. It is only read here, over the tables of several modules at once; each module removes what
 * is its own. Never removed are: runs that have not ended, are archived or have the tag `keep`, their best, pinned and
 * newest checkpoints, and data sets that a run was trained on or that a report compares.
 */
const candidates: Record<RetainedKind, string> = {
  runs: `
    SELECT id, id AS run_id, name, coalesce(ended_at, created_at) AS created_at, ${sizeOfRun} AS size_bytes FROM run
    WHERE deleted_at IS NULL AND ${hasEnded} AND NOT archived AND NOT tags @> '["keep"]'::jsonb`,
  checkpoints: `
    SELECT checkpoint.id, run_id, run.name || ', step ' || checkpoint.step AS name, checkpoint.created_at, size_bytes
    FROM checkpoint JOIN run ON run.id = run_id
    WHERE removed_at IS NULL AND NOT is_best AND NOT is_pinned AND NOT tags @> '["keep"]'::jsonb
      AND EXISTS (SELECT FROM checkpoint newer
                  WHERE newer.run_id = checkpoint.run_id AND newer.removed_at IS NULL AND newer.step > checkpoint.step)`,
  samples: `
    SELECT sample.id, run_id, run.name || ', ' || sample.rows || ' rows' AS name, sample.created_at,
      coalesce(size_bytes, 0) AS size_bytes
    FROM sample JOIN run ON run.id = run_id
    WHERE sample.status <> 'pending' AND NOT tags @> '["keep"]'::jsonb`,
  datasets: `
    SELECT id, NULL AS run_id, name, created_at, size_bytes FROM dataset
    WHERE deleted_at IS NULL AND origin <> 'folder' AND status <> 'importing'
      AND NOT EXISTS (SELECT FROM run WHERE dataset_id = dataset.id AND run.deleted_at IS NULL)
      AND NOT EXISTS (SELECT FROM report WHERE dataset.id IN (real_dataset_id, synthetic_dataset_id))`,
};

@Injectable()
export class RetentionRepository {
  constructor(private readonly dataSource: DataSource) {}

  candidates(kind: RetainedKind): Promise<Candidate[]> {
    return this.select(candidates[kind]);
  }

  /** Runs that were deleted before this time and whose files are still there. */
  deletedRuns(before: Date): Promise<Candidate[]> {
    return this.select(
      `SELECT id, id AS run_id, name, deleted_at AS created_at, ${sizeOfRun} AS size_bytes FROM run
       WHERE deleted_at < $1 AND files_removed_at IS NULL AND owner IS NULL`,
      [before],
    );
  }

  async samplesOf(runId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>('SELECT id FROM sample WHERE run_id = $1', [runId]);
    return rows.map(({ id }) => id);
  }

  async markFilesRemoved(runId: string): Promise<void> {
    await this.dataSource.query('UPDATE run SET files_removed_at = now() WHERE id = $1', [runId]);
  }

  private async select(text: string, parameters: unknown[] = []): Promise<Candidate[]> {
    const rows = await this.dataSource.query<Row[]>(text, parameters);
    return rows.map(({ id, run_id: runId, name, created_at: createdAt, size_bytes: size }) => {
      return { id, runId, name, createdAt, sizeBytes: Number(size) };
    });
  }
}

export function toRemoval(kind: Removal['kind'], candidate: Candidate, reason: Removal['reason']): Removal {
  return {
    kind,
    id: candidate.id,
    run_id: candidate.runId,
    name: candidate.name,
    created_at: candidate.createdAt.toISOString(),
    size_bytes: candidate.sizeBytes,
    reason,
  };
}
