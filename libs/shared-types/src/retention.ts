import * as z from 'zod';
import { idSchema, timestampSchema } from './common';

export const retentionReasons = ['age', 'count', 'bytes', 'deleted'] as const;

/** One thing that is to be removed, or was. */
export const removalSchema = z
  .object({
    kind: z.enum(['run', 'checkpoint', 'sample', 'dataset', 'run_files']),
    id: idSchema,
    run_id: idSchema.nullable(),
    name: z.string(),
    created_at: timestampSchema,
    size_bytes: z.int().meta({ description: 'Of its files, those of its checkpoints and samples among them' }),
    reason: z.enum(retentionReasons).meta({ description: 'The limit that it is beyond; deleted: its run was deleted' }),
  })
  .meta({ id: 'Removal' });
export type Removal = z.infer<typeof removalSchema>;

export const retentionPlanSchema = z
  .object({
    items: z.array(removalSchema),
    size_bytes: z.int(),
    failed: z.array(z.object({ id: idSchema, message: z.string() })),
  })
  .meta({ id: 'RetentionPlan' });
export type RetentionPlan = z.infer<typeof retentionPlanSchema>;
