import * as z from 'zod';
import { timestampSchema } from './common';
import { wireNumberSchema } from './wire-number';

/** How good the rows of the model are while it trains, and what is made of it: `quality_update` and `health_alert`. */

/** Names of the scores of a `quality_update`; each is a series of the history too, as `quality_<name>`. */
export const liveScoreNames = ['overall', 'shapes', 'trends', 'coverage'] as const;
export type LiveScoreName = (typeof liveScoreNames)[number];

const shareSchema = z.number().min(0).max(1);

/**
 * A score beside what tells how much it is worth. The floor is what rows reach whose columns were shuffled, the ceiling
 * what rows reach that are real and were not part of the reference. Both are measured once, at the start.
 */
export const liveScoreSchema = z
  .object({ value: shareSchema, floor: shareSchema.optional(), ceiling: shareSchema.optional() })
  .meta({ id: 'LiveScore' });
export type LiveScore = z.infer<typeof liveScoreSchema>;

/** A category, or a tenth of the values of a quantity. */
export const columnPartSchema = z.object({
  label: z.string().meta({ description: 'The value, or the range of values' }),
  real: shareSchema.meta({ description: 'Share of the real rows' }),
  synthetic: shareSchema.meta({ description: 'Share of the rows of the model' }),
  is_judged: z.boolean().meta({
    description: 'Frequent enough among the real rows that its absence is no accident: counts for the coverage',
  }),
});
export type ColumnPart = z.infer<typeof columnPartSchema>;

export const liveColumnSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['quantity', 'category']),
    shape: shareSchema
      .optional()
      .meta({ description: 'KSComplement of a quantity, TVComplement of a category; absent without values' }),
    coverage: shareSchema.optional().meta({ description: 'Share of the judged parts that occur at all' }),
    spread: z
      .number()
      .min(0)
      .optional()
      .meta({ description: 'Standard deviation, or entropy of the categories, divided by that of the real rows' }),
    parts: z.array(columnPartSchema),
  })
  .meta({ id: 'LiveColumn' });
export type LiveColumn = z.infer<typeof liveColumnSchema>;

/** Whether the rows are those of the table. Absent where no rows could be held out. */
export const memorisingSchema = z
  .object({
    distance_ratio: z
      .number()
      .min(0)
      .optional()
      .meta({
        description:
          'Median distance of the rows of the model to their closest training row, divided by that of held-out rows. ' +
          'About 1 or above: as far from the training rows as fresh rows are; near 0: copies',
      }),
    closer_to_training: shareSchema.meta({
      description: 'Share of the rows of the model that are strictly closer to a training row than to a held-out row',
    }),
    expected_closer: shareSchema.meta({
      description: 'That share for rows that know nothing of the training rows: training / (training + held-out) rows',
    }),
    copied: shareSchema.meta({ description: 'Share of the rows of the model that equal a training row' }),
    copied_in_holdout: shareSchema.meta({ description: 'Share of the held-out rows that equal a training row' }),
    judged_rows: z.int().min(1),
  })
  .meta({ id: 'Memorising' });
export type Memorising = z.infer<typeof memorisingSchema>;

/** An event carries at most so many columns' correlations: 435 pairs. */
export const mostCorrelatedColumns = 30;
const trianglePairs = (mostCorrelatedColumns * (mostCorrelatedColumns - 1)) / 2;
const triangleSchema = z.array(z.number().min(-1).max(1).nullable()).max(trianglePairs);

export const liveCorrelationsSchema = z
  .object({
    columns: z.array(z.string()).min(2).max(mostCorrelatedColumns),
    real: triangleSchema.meta({
      description: 'Pearson correlations of the pairs row by row above the diagonal; null: a constant column',
    }),
    synthetic: triangleSchema.meta({ description: 'The same of the rows of the model' }),
  })
  .meta({ id: 'LiveCorrelations' });
export type LiveCorrelations = z.infer<typeof liveCorrelationsSchema>;

/** Bounds of the paths of an event: with all of them it takes below 24 kB. */
export const mostPaths = 5;
export const mostPathPoints = 64;
export const mostPathMeasures = 3;
const pathsSchema = z.array(z.array(z.number().nullable()).min(1).max(mostPathPoints)).max(mostPaths);

export const samplePathsSchema = z
  .object({
    length: z.int().min(1).max(mostPathPoints).meta({ description: 'Rows of each path' }),
    measures: z
      .array(
        z.object({
          name: z.string(),
          real: pathsSchema.meta({ description: 'Windows of the training rows, the same at each measurement' }),
          synthetic: pathsSchema.meta({ description: 'Sequences of the model, of the same noise at each measurement' }),
        }),
      )
      .min(1)
      .max(mostPathMeasures),
  })
  .meta({ id: 'SamplePaths' });
export type SamplePaths = z.infer<typeof samplePathsSchema>;

export const qualityUpdateSchema = z
  .object({
    state: z.enum(['measured', 'failed']),
    message: z.string().optional().meta({ description: 'Why it failed; absent where it was measured' }),
    epoch: z.int(),
    total_epochs: z.int().optional(),
    step: z.int(),
    scores: z
      .partialRecord(z.enum(liveScoreNames), liveScoreSchema)
      .meta({ description: 'Those that could be measured' }),
    columns: z.array(liveColumnSchema),
    correlations: liveCorrelationsSchema
      .optional()
      .meta({ description: 'Of numbers and times; absent with fewer than two of them, and from older runs' }),
    paths: samplePathsSchema
      .optional()
      .meta({ description: 'Of models of sequences: a few paths of the first numbers; absent from older runs' }),
    repeated: shareSchema.optional().meta({ description: 'Share of the rows of the model that equal an earlier one' }),
    repeated_in_real: shareSchema.optional(),
    memorising: memorisingSchema.optional(),
    is_best: z.boolean().meta({ description: 'The best overall score of the run so far' }),
    rows: z
      .object({ drawn: z.int(), reference: z.int(), training: z.int(), held_out: z.int() })
      .optional()
      .meta({ description: 'Rows drawn from the model, rows they are compared with, rows of the whole table' }),
    seconds: z.number().min(0).optional().meta({ description: 'What measuring took' }),
  })
  .meta({ id: 'QualityUpdate' });
export type QualityUpdate = z.infer<typeof qualityUpdateSchema>;

/** A measurement with its time, as the history of a run has it. */
export const qualityPointSchema = qualityUpdateSchema
  .extend({ timestamp: timestampSchema })
  .meta({ id: 'QualityPoint' });
export type QualityPoint = z.infer<typeof qualityPointSchema>;
export const qualityQuerySchema = z.object({ points: z.coerce.number().int().min(10).max(2_000).default(200) });
export type QualityQuery = z.infer<typeof qualityQuerySchema>;
export const qualityHistorySchema = z
  .object({
    items: z.array(qualityPointSchema),
    total: z.int().meta({ description: 'Measurements of the run; those left out are thinned out evenly' }),
    is_complete: z.boolean(),
  })
  .meta({ id: 'QualityHistory' });
export type QualityHistory = z.infer<typeof qualityHistorySchema>;

export const healthVerdicts = [
  'balanced',
  'discriminator_wins',
  'generator_wins',
  'oscillating',
  'mode_collapse',
  'diverging',
  'not_finite',
  'memorising',
] as const;
export type HealthVerdict = (typeof healthVerdicts)[number];

/** Said when the verdict changes, not while it stands. */
export const healthAlertSchema = z
  .object({
    verdict: z.enum(healthVerdicts),
    previous: z.enum(healthVerdicts).optional().meta({ description: 'Absent: the first verdict of this attempt' }),
    severity: z.enum(['ok', 'warning', 'error']),
    message: z.string().meta({ description: 'What is seen, in a sentence' }),
    rule: z.string().meta({ description: 'When this verdict is given' }),
    numbers: z.record(z.string(), wireNumberSchema).meta({ description: 'What the rule was applied to' }),
    advice: z.array(z.string()).meta({ description: 'What to try, the most likely first' }),
    epoch: z.int(),
    step: z.int(),
  })
  .meta({ id: 'HealthAlert' });
export type HealthAlert = z.infer<typeof healthAlertSchema>;
