import type { Sample, SampleGate } from '@gan-dashboard/shared-types';
import type { SampleEntity } from './sample.entity';

/** @param gate what the download gate says; the first rows stay behind it, too */
export function toSample(entity: SampleEntity, gate?: SampleGate): Sample {
  return {
    id: entity.id,
    created_at: entity.createdAt.toISOString(),
    run_id: entity.runId,
    checkpoint_id: entity.checkpointId,
    rows: entity.rows,
    seed: entity.seed,
    format: entity.format,
    conditions: entity.conditions,
    balance: entity.balance,
    constraints: entity.constraints,
    sequences: entity.sequences,
    status: entity.status,
    error: entity.error,
    size_bytes: entity.sizeBytes,
    hit_rate: entity.hitRate,
    completed_share: entity.completedShare,
    columns: entity.columns,
    preview: gate?.state === 'refused' ? [] : entity.preview,
    ...(gate ? { gate } : {}),
  };
}

/** Under which the store has the rows of a sample. */
export function sampleKey({ id, format }: Pick<SampleEntity, 'id' | 'format'>): string {
  return `samples/${id}.${format}`;
}
