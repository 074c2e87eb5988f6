import * as z from 'zod';
import { idSchema } from './common';

/** What a person is about to start. */
export const preflightRequestSchema = z
  .object({
    dataset_id: idSchema,
    model: z.string().min(1).max(100),
    config: z.record(z.string(), z.unknown()).default({}),
    runs: z.int().min(1).max(20).default(1).meta({ description: 'How many runs of different seeds' }),
  })
  .strict()
  .meta({ id: 'PreflightRequest' });
export type PreflightRequest = z.infer<typeof preflightRequestSchema>;

export const preflightWarningKinds = [
  'identifier',
  'personal_data',
  'leak',
  'constant',
  'missing_values',
  'few_rows',
  'no_holdout',
] as const;
export const preflightWarningSchema = z
  .object({
    kind: z.enum(preflightWarningKinds),
    column: z.string().nullable().meta({ description: 'null: of the run as a whole' }),
    message: z.string(),
  })
  .meta({ id: 'PreflightWarning' });
export type PreflightWarning = z.infer<typeof preflightWarningSchema>;

/** How long, and how that is known. */
export const timeEstimateSchema = z
  .object({
    seconds: z.number().meta({ description: 'Of all the runs, one after the other' }),
    basis: z.enum(['measured', 'formula']),
    detail: z.string().meta({ description: 'What was measured where, or the formula' }),
  })
  .meta({ id: 'TimeEstimate' });
export type TimeEstimate = z.infer<typeof timeEstimateSchema>;

/** What is known of a run before it is started. What cannot be told is null, never guessed. */
export const preflightSchema = z
  .object({
    refusals: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .meta({ description: 'Why the run would not be taken; empty where it would' }),
    warnings: z.array(preflightWarningSchema),
    columns: z
      .array(z.object({ name: z.string(), at_most: z.int() }))
      .nullable()
      .meta({ description: 'Places of each column in an encoded row, at most' }),
    encoded_width: z.int().nullable().meta({ description: 'Places of an encoded row, at most' }),
    parameters: z.int().nullable().meta({ description: 'Weights of all networks, at most' }),
    training_rows: z.int().nullable().meta({ description: 'Without the rows held out' }),
    total_steps: z.int().nullable().meta({ description: 'Of one run' }),
    memory_bytes: z.int().nullable().meta({
      description: 'Encoded rows, weights with the state of their optimiser, and a batch, without the process itself',
    }),
    time: timeEstimateSchema.nullable(),
  })
  .meta({ id: 'Preflight' });
export type Preflight = z.infer<typeof preflightSchema>;
