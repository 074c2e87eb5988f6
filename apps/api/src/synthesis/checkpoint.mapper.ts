import type { Checkpoint } from '@gan-dashboard/shared-types';
import type { CheckpointEntity } from './checkpoint.entity';

export function toCheckpoint(entity: CheckpointEntity): Checkpoint {
  return {
    id: entity.id,
    created_at: entity.createdAt.toISOString(),
    run_id: entity.runId,
    epoch: entity.epoch,
    step: entity.step,
    size_bytes: entity.sizeBytes,
    sha256: entity.sha256,
    reason: entity.reason,
    metrics: entity.metrics,
    is_pinned: entity.isPinned,
    is_best: entity.isBest,
    removed_at: entity.removedAt?.toISOString() ?? null,
  };
}

/** Under which people save it: says what is in it and sorts by age. */
export function checkpointFileName({ epoch, step }: { epoch: number; step: number }): string {
  return `epoch-${String(epoch).padStart(6, '0')}-step-${String(step).padStart(9, '0')}.ckpt`;
}
