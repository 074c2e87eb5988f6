import type { Run } from '@gan-dashboard/shared-types';
import type { RunEntity } from './run.entity';

/** Where a queued run stands; 1 is next. */
export interface QueuePlace {
  position: number;
  /** Absent where the time that a run before it still takes is unknown. */
  expectedStartAt?: Date;
}

export function toRun(entity: RunEntity, place?: QueuePlace): Run {
  return {
    id: entity.id,
    created_at: entity.createdAt.toISOString(),
    created_by: entity.createdBy,
    name: entity.name,
    status: entity.status,
    model: entity.model,
    config: entity.config,
    dataset_id: entity.datasetId,
    seed: entity.seed,
    epoch: entity.epoch,
    total_epochs: entity.totalEpochs,
    progress_percent: entity.progressPercent,
    eta_seconds: entity.etaSeconds,
    started_at: entity.startedAt?.toISOString() ?? null,
    ended_at: entity.endedAt?.toISOString() ?? null,
    tags: entity.tags,
    notes: entity.notes,
    summary: entity.summary,
    error: entity.error,
    health: entity.health,
    parent_run_id: entity.parentRunId,
    parent_checkpoint_id: entity.parentCheckpointId,
    origin: entity.origin,
    priority: entity.priority,
    on_interruption: entity.onInterruption,
    attempt: entity.attempt,
    worker_id: entity.workerId,
    queue_position: place?.position ?? null,
    expected_start_at: place?.expectedStartAt?.toISOString() ?? null,
    archived: entity.archived,
    last_seq: entity.lastSeq,
    project_id: entity.projectId,
  };
}
