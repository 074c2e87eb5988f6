import * as z from 'zod';
import { cellSchema, idSchema, pageSchema, timestampSchema } from './common';
import { sampleGateSchema } from './reports';
import { seedSchema } from './runs';
import { wireNumberSchema } from './wire-number';
import {
  checkpointReasons,
  sampleBalanceSchema,
  sampleConditionSchema,
  sampleConstraintSchema,
  sampleSequencesSchema,
} from './worker-protocol';

export const checkpointSchema = z
  .object({
    id: idSchema,
    created_at: timestampSchema,
    run_id: idSchema,
    epoch: z.int(),
    step: z.int(),
    size_bytes: z.int(),
    sha256: z.string(),
    reason: z.enum(checkpointReasons),
    metrics: z.record(z.string(), wireNumberSchema).meta({ description: 'Means of the last epoch before it' }),
    is_pinned: z.boolean().meta({ description: 'Kept whatever the retention says' }),
    is_best: z.boolean(),
    removed_at: timestampSchema.nullable().meta({ description: 'When the retention removed its file' }),
  })
  .meta({ id: 'Checkpoint' });
export type Checkpoint = z.infer<typeof checkpointSchema>;
export const checkpointPageSchema = pageSchema(checkpointSchema, 'CheckpointPage');

export const checkpointPatchSchema = z.object({ is_pinned: z.boolean() }).strict().meta({ id: 'CheckpointPatch' });
export type CheckpointPatch = z.infer<typeof checkpointPatchSchema>;

export const sampleFormats = ['csv', 'parquet'] as const;
export const sampleCreateSchema = z
  .object({
    rows: z.int().min(1).max(10_000_000).default(1_000),
    seed: seedSchema.default(42),
    checkpoint_id: idSchema.optional(),
    now: z.boolean().default(false).meta({ description: 'Save the state of the run at work first and draw from that' }),
    format: z.enum(sampleFormats).default('csv'),
    conditions: z.array(sampleConditionSchema).max(20).optional().meta({ description: 'Every row meets all of them' }),
    balance: sampleBalanceSchema.optional(),
    constraints: z.array(sampleConstraintSchema).max(20).optional(),
    sequences: sampleSequencesSchema.optional(),
  })
  .strict()
  .meta({ id: 'SampleCreate' });
export type SampleCreate = z.infer<typeof sampleCreateSchema>;

export const sampleSchema = z
  .object({
    id: idSchema,
    created_at: timestampSchema,
    run_id: idSchema,
    checkpoint_id: idSchema,
    rows: z.int(),
    seed: seedSchema,
    format: z.enum(sampleFormats),
    conditions: z.array(sampleConditionSchema).meta({ description: 'What was asked of every row; often nothing' }),
    balance: sampleBalanceSchema.nullable(),
    constraints: z.array(sampleConstraintSchema).default([]),
    sequences: sampleSequencesSchema.nullable().optional(),
    status: z.enum(['pending', 'ready', 'failed']),
    error: z.string().nullable(),
    size_bytes: z.int().nullable(),
    hit_rate: z.number().nullable().meta({
      description:
        'Share of the rows drawn that were kept; null where nothing was asked of them, and until it is ready',
    }),
    completed_share: z.number().nullable().default(null).meta({
      description:
        'Share of the rows whose fixed combinations were completed with values of the table; null without any',
    }),
    columns: z.array(z.string()),
    preview: z
      .array(z.array(cellSchema))
      .meta({ description: 'The first rows, at most 20; none while the gate refuses' }),
    gate: sampleGateSchema.optional(),
  })
  .meta({ id: 'Sample' });
export type Sample = z.infer<typeof sampleSchema>;
export const samplePageSchema = pageSchema(sampleSchema, 'SamplePage');
