import type { Report } from '@gan-dashboard/shared-types';
import type { ReportEntity } from './report.entity';

export function toReport(entity: ReportEntity): Report {
  return {
    id: entity.id,
    created_at: entity.createdAt.toISOString(),
    created_by: entity.createdBy,
    title: entity.title,
    run_id: entity.runId,
    checkpoint_id: entity.checkpointId,
    real_dataset_id: entity.realDatasetId,
    synthetic_dataset_id: entity.syntheticDatasetId,
    rows: entity.rows,
    seed: entity.seed,
    target: entity.target,
    status: entity.status,
    progress_percent: entity.progressPercent,
    phase: entity.phase,
    error: entity.error,
    is_copying: entity.isCopying,
    ended_at: entity.endedAt?.toISOString() ?? null,
  };
}

/** Under which the store has what a report says. */
export function reportKey(id: string, format: 'json' | 'html'): string {
  return `reports/${id}.${format}`;
}
