import * as z from 'zod';
import {
  healthAlertSchema,
  logLevels,
  progressSchema,
  qualityUpdateSchema,
  trainingStartSchema,
  trainingUpdateSchema,
} from './events';
import { cellSchema, idSchema, timestampSchema } from './common';
import { datasetColumnSchema } from './datasets';
import { wireNumberSchema } from './wire-number';

import { seedSchema } from './runs';

/**
 * What the API and a trainer process say to each other over IPC. One process does one task and exits;
 * each side checks what it receives.
 */
export const trainTaskSchema = z.object({
  task: z.literal('train'),
  run_id: idSchema,
  model: z.string(),
  config: z.record(z.string(), z.unknown()),
  seed: seedSchema,
  data: z.object({
    parquet_path: z.string(),
    source_name: z.string().meta({ description: 'File name that people know the data set by' }),
    columns: z.array(datasetColumnSchema),
    csv_path: z
      .string()
      .optional()
      .meta({ description: 'The source as it came in, for programs that read it themselves' }),
  }),
  checkpoint_folder: z.string(),
  start_from: z
    .object({
      path: z.string(),
      sha256: z.string(),
      mode: z.enum(['resume', 'fork']).meta({
        description:
          'resume: the same run goes on, bit for bit. fork: the learned state, in a run of its own that counts from 0',
      }),
    })
    .optional(),
});
export type TrainTask = z.infer<typeof trainTaskSchema>;

const boundSchema = z.union([z.number(), z.string()]);

/** What each row of a sample must meet. */
export const sampleConditionSchema = z
  .union(
    [
      z.strictObject({ column: z.string(), equals: cellSchema.meta({ description: 'null: a missing value' }) }),
      z.strictObject({ column: z.string(), one_of: z.array(cellSchema).min(1).max(1_000) }),
      z
        .strictObject({
          column: z.string(),
          at_least: boundSchema.optional().meta({ description: 'A number, or a time as ISO 8601' }),
          at_most: boundSchema.optional(),
        })
        .refine(({ at_least, at_most }) => at_least !== undefined || at_most !== undefined, {
          error: 'equals, one_of, at_least or at_most must be given',
        }),
    ],
    { error: 'must have a column, and with it either equals, one_of, or at_least, at_most or both' },
  )
  .meta({ id: 'SampleCondition' });
export type SampleCondition = z.infer<typeof sampleConditionSchema>;

/** How often each value of a column is to occur in a sample; without `shares` all values of the column evenly. */
export const sampleBalanceSchema = z
  .strictObject({
    column: z.string(),
    shares: z
      .array(z.strictObject({ value: cellSchema, share: z.number().positive() }))
      .min(1)
      .max(1_000)
      .optional()
      .meta({ description: 'Relative to their sum' }),
  })
  .meta({ id: 'SampleBalance' });
export type SampleBalance = z.infer<typeof sampleBalanceSchema>;

const namesSchema = z
  .array(z.string())
  .max(10)
  .refine((names) => new Set(names).size === names.length, { error: 'each column can be named once' });

/** What the rows of a sample must hold between columns, or between each other. */
export const sampleConstraintSchema = z
  .discriminatedUnion(
    'kind',
    [
      z
        .strictObject({
          kind: z.literal('inequality'),
          low: z.string(),
          high: z.string(),
          strict: z.boolean().optional().meta({ description: 'low < high; without it low <= high' }),
        })
        .meta({ description: 'Between two columns of numbers or of times; holds where one of the two is missing' }),
      z
        .strictObject({ kind: z.literal('fixed_combinations'), columns: namesSchema.min(2) })
        .meta({ description: 'Only combinations of values that occur in the table that was learned' }),
      z
        .strictObject({ kind: z.literal('unique'), columns: namesSchema.min(1) })
        .meta({ description: 'No two rows have the same values there; a missing value is one of the values' }),
    ],
    { error: 'must have a kind: inequality (with low, high), fixed_combinations or unique (with columns)' },
  )
  .meta({ id: 'SampleConstraint' });
export type SampleConstraint = z.infer<typeof sampleConstraintSchema>;

/** What the sequences of a sample are to be like; only models of sequences take it. */
export const sampleSequencesSchema = z
  .strictObject({
    count: z.int().min(1).max(1_000_000).optional().meta({ description: 'Sequences; with it `rows` is not read' }),
    length: z.int().min(1).max(1_000_000).optional().meta({
      description: 'Rows of each sequence; absent: as many as the model was trained with',
    }),
    start: z
      .strictObject({
        time: z
          .union([z.string(), z.number()])
          .optional()
          .meta({ description: 'Time of the first row, as ISO 8601, or a number where the times are numbers' }),
        values: z.record(z.string(), z.number()).optional().meta({
          description: 'Value of the first row by column: sequences above 0 are scaled to it, others moved',
        }),
      })
      .optional(),
  })
  .meta({ id: 'SampleSequences' });
export type SampleSequences = z.infer<typeof sampleSequencesSchema>;

export const sampleTaskSchema = z.object({
  task: z.literal('sample'),
  checkpoint_path: z.string(),
  checkpoint_sha256: z.string(),
  rows: z.int().min(1),
  seed: seedSchema,
  csv_path: z.string(),
  conditions: z.array(sampleConditionSchema).max(20).optional(),
  balance: sampleBalanceSchema.optional(),
  constraints: z.array(sampleConstraintSchema).max(20).optional(),
  sequences: sampleSequencesSchema.optional(),
  table_path: z
    .string()
    .optional()
    .meta({ description: 'The table that was learned, as Parquet; fixed combinations are read from it' }),
});
export type SampleTask = z.infer<typeof sampleTaskSchema>;

export const workerCommandSchema = z.union([
  trainTaskSchema,
  sampleTaskSchema,
  z.object({ task: z.literal('stop') }).meta({ description: 'End within one step, keeping the state as a checkpoint' }),
  z.object({ task: z.literal('pause') }).meta({ description: 'Wait after the current step until resume or stop' }),
  z.object({ task: z.literal('resume') }),
  z.object({ task: z.literal('checkpoint') }).meta({ description: 'Save the state after the current step' }),
]);
export type WorkerCommand = z.infer<typeof workerCommandSchema>;

/** Why a checkpoint was written. */
export const checkpointReasons = ['schedule', 'requested', 'best', 'stop', 'end'] as const;

export const checkpointFileSchema = z.object({
  path: z.string(),
  sha256: z.string(),
  size_bytes: z.int(),
  epoch: z.int(),
  step: z.int(),
  reason: z.enum(checkpointReasons),
  metrics: z.record(z.string(), wireNumberSchema).meta({ description: 'Last epoch means that were reported' }),
});
export type CheckpointFile = z.infer<typeof checkpointFileSchema>;

export const workerMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('started'), data: trainingStartSchema }),
  z.object({ kind: z.literal('update'), data: trainingUpdateSchema }),
  z.object({ kind: z.literal('progress'), data: progressSchema }),
  z.object({ kind: z.literal('log'), level: z.enum(logLevels), message: z.string() }),
  z.object({ kind: z.literal('checkpoint'), data: checkpointFileSchema }),
  z.object({ kind: z.literal('quality'), data: qualityUpdateSchema }),
  z.object({ kind: z.literal('health'), data: healthAlertSchema }),
  z.object({ kind: z.literal('paused'), step: z.int().optional() }),
  z.object({ kind: z.literal('resumed'), step: z.int().optional() }),
  z.object({
    kind: z.literal('sampled'),
    rows: z.int(),
    columns: z.array(z.string()),
    preview: z.array(z.array(cellSchema)),
    hit_rate: z
      .number()
      .optional()
      .meta({ description: 'Share of the rows drawn that were kept; absent where nothing was asked of them' }),
    completed_share: z
      .number()
      .optional()
      .meta({ description: 'Share of the rows kept whose fixed combinations had to be completed; absent without any' }),
  }),
  z.object({
    kind: z.literal('finished'),
    outcome: z.enum(['completed', 'stopped']),
    reason: z
      .string()
      .optional()
      .meta({ description: 'Why it ended before its last epoch, where it did so by itself' }),
  }),
  z.object({ kind: z.literal('failed'), error: z.string() }),
]);
export type WorkerMessage = z.infer<typeof workerMessageSchema>;

/** A message as it travels: with the time at which the trainer said it, which is the time of the event it becomes. */
export const workerEnvelopeSchema = z.object({ at: timestampSchema, message: workerMessageSchema });
export type WorkerEnvelope = z.infer<typeof workerEnvelopeSchema>;
