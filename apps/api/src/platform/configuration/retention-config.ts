import { z } from 'zod';

/** What can be kept within limits. */
export const retainedKinds = ['runs', 'checkpoints', 'samples', 'datasets'] as const;
export type RetainedKind = (typeof retainedKinds)[number];

/** Limits of one kind; undefined: not limited in this way. */
export interface RetentionLimits {
  /** What is older is removed. */
  readonly maxAgeMs: number | undefined;
  /** The oldest beyond this number are removed. */
  readonly maxCount: number | undefined;
  /** The oldest are removed until the files of the rest take no more than this. */
  readonly maxBytes: number | undefined;
}
export type RetentionConfig = Readonly<Record<RetainedKind, RetentionLimits>>;

const days = z.coerce.number().min(0.01).max(36_500).optional();
const count = z.coerce.number().int().min(0).max(10_000_000).optional();
const bytes = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();

/** `RETENTION_<kind>_DAYS`, `_COUNT` and `_BYTES`: nothing is removed where none is set. */
export const retentionShape = {
  RETENTION_RUNS_DAYS: days,
  RETENTION_RUNS_COUNT: count,
  RETENTION_RUNS_BYTES: bytes,
  RETENTION_CHECKPOINTS_DAYS: days,
  RETENTION_CHECKPOINTS_COUNT: count,
  RETENTION_CHECKPOINTS_BYTES: bytes,
  RETENTION_SAMPLES_DAYS: days,
  RETENTION_SAMPLES_COUNT: count,
  RETENTION_SAMPLES_BYTES: bytes,
  RETENTION_DATASETS_DAYS: days,
  RETENTION_DATASETS_COUNT: count,
  RETENTION_DATASETS_BYTES: bytes,
};
type RetentionValues = z.infer<z.ZodObject<typeof retentionShape>>;

export function retentionOf(values: RetentionValues): RetentionConfig {
  const limits = (kind: 'RUNS' | 'CHECKPOINTS' | 'SAMPLES' | 'DATASETS'): RetentionLimits => {
    const maxAgeDays = values[`RETENTION_${kind}_DAYS`];
    return {
      maxAgeMs: maxAgeDays === undefined ? undefined : maxAgeDays * 86_400_000,
      maxCount: values[`RETENTION_${kind}_COUNT`],
      maxBytes: values[`RETENTION_${kind}_BYTES`],
    };
  };
  return {
    runs: limits('RUNS'),
    checkpoints: limits('CHECKPOINTS'),
    samples: limits('SAMPLES'),
    datasets: limits('DATASETS'),
  };
}
