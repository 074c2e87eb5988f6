import * as z from 'zod';
import { cellSchema } from './common';

/** A measured number; null where it cannot be computed of these rows (a constant column, no values). */
const measuredSchema = z.number().nullable();
const pairOfSchema = z.object({ real: measuredSchema, synthetic: measuredSchema });
export type MeasuredPair = z.infer<typeof pairOfSchema>;

export const qualitySections = [
  'fidelity',
  'diagnostic',
  'distance',
  'detection',
  'utility',
  'privacy',
  'series',
  'order_book',
] as const;
export const qualitySectionSchema = z.enum(qualitySections).meta({ id: 'QualitySection' });
export type QualitySection = z.infer<typeof qualitySectionSchema>;

/**
 * A score between what shuffled columns reach (`floor`) and what a real half reaches against the other (`ceiling`).
 * Floors and ceilings that make no sense for a score, or were not asked for, are absent.
 */
export const qualityScoreSchema = z
  .object({
    name: z.string().meta({ description: 'Such as column_shapes or detection_logistic; unique in a report' }),
    section: qualitySectionSchema,
    better: z.enum(['higher', 'lower']),
    value: measuredSchema,
    floor: measuredSchema.optional(),
    ceiling: measuredSchema.optional(),
    matched: measuredSchema.optional().meta({
      description:
        'The score of as many rows as the ceiling has: the flag compares this one, since more rows score better',
    }),
    ceiling_margin: z.number().optional().meta({ description: 'By how much the ceiling varies by chance' }),
    is_above_ceiling: z
      .boolean()
      .meta({ description: 'Better than real rows beside real rows by more than chance: look for copies' }),
  })
  .meta({ id: 'QualityScore' });
export type QualityScore = z.infer<typeof qualityScoreSchema>;

/** How many rows of a table a section has read, where it was not all of them. */
export const qualityBoundSchema = z
  .object({
    section: qualitySectionSchema,
    table: z.enum(['real', 'synthetic', 'holdout']),
    rows: z.int(),
    of: z.int(),
  })
  .meta({ id: 'QualityBound' });
export type QualityBound = z.infer<typeof qualityBoundSchema>;

const quantitySummarySchema = z.object({
  minimum: measuredSchema,
  maximum: measuredSchema,
  mean: measuredSchema,
  deviation: measuredSchema,
  median: measuredSchema,
});
export type QuantitySummary = z.infer<typeof quantitySummarySchema>;

/** Shares of all rows of their table, missing ones included. */
const categoryShareSchema = z.object({ value: cellSchema, real: z.number(), synthetic: z.number() });
export type CategoryShare = z.infer<typeof categoryShareSchema>;

export const columnQualitySchema = z
  .object({
    column: z.string(),
    role: z.enum(['numeric', 'categorical', 'datetime']),
    metric: z.enum(['KSComplement', 'TVComplement']),
    score: measuredSchema,
    ceiling: measuredSchema.optional(),
    coverage: measuredSchema.meta({
      description: 'Part of the real range, or share of the real categories, that occurs',
    }),
    validity: measuredSchema.meta({ description: 'Share of the synthetic values in the real range, or known' }),
    missing: z.object({ real: z.number(), synthetic: z.number() }).meta({ description: 'Shares of the rows' }),
    summary: z
      .object({ real: quantitySummarySchema, synthetic: quantitySummarySchema })
      .optional()
      .meta({ description: 'Of quantities; times in milliseconds since 1970' }),
    histogram: z
      .object({
        edges: z.array(z.number()).meta({ description: 'One more than there are bins' }),
        real: z.array(z.number()).meta({ description: 'Share of the values in each bin' }),
        synthetic: z.array(z.number()),
      })
      .optional(),
    categories: z
      .array(categoryShareSchema)
      .optional()
      .meta({ description: 'By real share, falling; those that only synthetic rows have come last' }),
    other_categories: z
      .object({ count: z.int(), real: z.number(), synthetic: z.number() })
      .optional()
      .meta({ description: 'What the list of categories leaves out' }),
  })
  .meta({ id: 'ColumnQuality' });
export type ColumnQuality = z.infer<typeof columnQualitySchema>;

export const pairQualitySchema = z
  .object({
    columns: z.tuple([z.string(), z.string()]),
    metric: z.enum(['CorrelationSimilarity', 'ContingencySimilarity']),
    score: measuredSchema,
    association: pairOfSchema.meta({ description: "Pearson's coefficient of two quantities, else Cramér's V" }),
    is_counted: z.boolean().meta({ description: 'Whether the real association exceeds the threshold of the report' }),
  })
  .meta({ id: 'PairQuality' });
export type PairQuality = z.infer<typeof pairQualitySchema>;

const distanceSchema = z.object({
  rows: z.int().meta({ description: 'Of each table' }),
  mmd_squared: measuredSchema,
  bandwidth: measuredSchema,
  neighbours: z.int(),
  precision: measuredSchema,
  recall: measuredSchema,
  density: measuredSchema,
  coverage: measuredSchema,
});
export type DistanceQuality = z.infer<typeof distanceSchema>;

export const detectors = ['logistic', 'boosted'] as const;
const detectionSchema = z.object({
  detector: z.enum(detectors),
  auc: z.number().meta({ description: 'Mean over the folds; 0.5 cannot tell, 1 always can' }),
  score: z.number().meta({ description: '1 - mean of (2 max(AUC, 0.5) - 1)' }),
  fold_aucs: z.array(z.number()),
  rows: z.int().meta({ description: 'Of each table' }),
});
export type DetectionQuality = z.infer<typeof detectionSchema>;

/** Scores of one direction of training and test, means over the learners. Those of the other kind of target are absent. */
export const utilityScoresSchema = z
  .object({
    accuracy: measuredSchema.optional(),
    macro_f1: measuredSchema.optional(),
    minority_f1: measuredSchema.optional(),
    auc: measuredSchema.optional(),
    r2: measuredSchema.optional(),
  })
  .meta({ id: 'UtilityScores' });
export type UtilityScores = z.infer<typeof utilityScoresSchema>;
const utilitySchema = z.object({
  target: z.string(),
  task: z.enum(['classification', 'regression']),
  minority: cellSchema.optional().meta({ description: 'The rarest class of the real training rows' }),
  tstr: utilityScoresSchema.meta({ description: 'Trained on synthetic, tested on real rows' }),
  trtr: utilityScoresSchema.meta({ description: 'Trained on real, tested on real rows: the reference' }),
  trts: utilityScoresSchema.meta({ description: 'Trained on real, tested on synthetic rows' }),
  learners: z.array(
    z.object({
      learner: z.string(),
      tstr: utilityScoresSchema,
      trtr: utilityScoresSchema,
      trts: utilityScoresSchema,
    }),
  ),
  rows: z.object({ synthetic: z.int(), real_training: z.int(), real_test: z.int() }),
});
export type UtilityQuality = z.infer<typeof utilitySchema>;

const distancesSchema = z.object({
  median: measuredSchema,
  fifth_percentile: measuredSchema,
});
const privacySchema = z.object({
  judged_rows: z.int().meta({ description: 'Synthetic rows whose distances were measured' }),
  dcr: z
    .object({
      training: distancesSchema,
      holdout: distancesSchema.optional(),
      reference: distancesSchema.optional().meta({ description: 'Of holdout rows to training rows' }),
    })
    .meta({ description: 'Distance to the closest record, 0 (a copy) to 1' }),
  nndr: z
    .object({
      training: distancesSchema,
      holdout: distancesSchema.optional(),
      reference: distancesSchema.optional(),
    })
    .meta({ description: 'Distance to the closest record by that to the second closest, 0 to 1' }),
  overfitting: z
    .object({
      score: z.number(),
      closer_to_training: z.number(),
      equally_close: z.number(),
      closer_to_holdout: z.number(),
      is_holdout_large_enough: z.boolean(),
      expected_closer: z.number().optional().meta({
        description: 'Share closer to a training row that chance gives, by the numbers of training and holdout rows',
      }),
    })
    .optional()
    .meta({
      description:
        'Only with a holdout. The score is 1 where no more rows than chance gives are closer to training rows',
    }),
  baseline: z.object({ score: measuredSchema, synthetic_median: z.number(), random_median: z.number() }),
  exact_copies: z.object({
    copied: z.number(),
    repeated: z.number(),
    repeated_in_real: z.number(),
    copied_from_holdout: z.number().optional(),
    holdout_copies: z.number().optional().meta({ description: 'Holdout rows that equal a training row' }),
  }),
  near_copies: z.object({
    threshold: z.number().meta({ description: 'A DCR up to this is a near copy' }),
    share: z.number(),
    reference: z.number().optional().meta({ description: 'The same share of the holdout rows' }),
  }),
  new_rows: z.object({ score: z.number(), judged_rows: z.int() }),
});
export type PrivacyQuality = z.infer<typeof privacySchema>;

const curveSchema = z.object({
  lags: z.array(z.int()),
  real: z.array(measuredSchema),
  synthetic: z.array(measuredSchema),
  distance: measuredSchema.meta({ description: 'Root mean squared difference of the curves' }),
  score: measuredSchema.meta({ description: '1 - mean absolute difference / 2, 0 to 1' }),
});
export type SeriesCurve = z.infer<typeof curveSchema>;
const seriesFeatureSchema = z.object({
  column: z.string(),
  changes: z.enum(['log_returns', 'differences', 'none']),
  acf: curveSchema,
  acf_absolute: curveSchema,
  acf_squared: curveSchema,
  leverage: curveSchema,
  tails: z.object({
    skewness: pairOfSchema,
    excess_kurtosis: pairOfSchema,
    hill: pairOfSchema.meta({ description: 'Tail index of the largest 5% of |r|' }),
  }),
  aggregated: z.array(
    z.object({
      steps: z.int(),
      emd: measuredSchema.meta({ description: 'Earth mover distance, in the unit of the changes' }),
      emd_ceiling: measuredSchema.optional(),
      excess_kurtosis: pairOfSchema,
    }),
  ),
});
export type SeriesFeatureQuality = z.infer<typeof seriesFeatureSchema>;
const seriesSchema = z.object({
  key: z.string().nullable(),
  sequences: z.object({ real: z.int(), synthetic: z.int() }),
  features: z.array(seriesFeatureSchema),
  window: z.int().optional().meta({ description: 'Steps of the windows of the two scores that follow' }),
  discriminative: z
    .object({
      score: z.number(),
      accuracy: z.number(),
      iterations: z.int(),
      hidden: z.int(),
      split: z.enum(['block', 'random']),
    })
    .optional(),
  predictive: z
    .object({
      synthetic: z.number().meta({ description: 'Mean absolute error on real windows, trained on synthetic ones' }),
      real: z.number().optional().meta({ description: 'The same trained on other real windows' }),
      iterations: z.int(),
      hidden: z.int(),
    })
    .optional(),
});
export type SeriesQuality = z.infer<typeof seriesSchema>;

export const orderBookValiditySchema = z
  .object({
    rows: z.int().meta({ description: 'Rows with both best prices' }),
    crossed: z.number().meta({ description: 'Share of the rows whose best bid is at or above the best ask' }),
    misordered: z.number().meta({ description: 'Share of the rows with a level not worse than the one before it' }),
    non_positive_sizes: z.number().meta({ description: 'Share of the rows with a size at or below 0' }),
    off_tick: z.number().optional().meta({ description: 'Share of the prices that are no multiple of the tick' }),
  })
  .meta({ id: 'OrderBookValidity' });
export type OrderBookValidity = z.infer<typeof orderBookValiditySchema>;
const orderBookSchema = z.object({
  levels: z.int(),
  tick: z.number().nullable(),
  validity: z.object({ real: orderBookValiditySchema, synthetic: orderBookValiditySchema }),
  laws: z.array(
    z.object({
      law: z.enum(['spread', 'mid_return', 'imbalance', 'bid_depth', 'ask_depth']),
      level: z.int().optional().meta({ description: 'From 1, the best' }),
      score: measuredSchema.meta({ description: 'KSComplement' }),
      ceiling: measuredSchema.optional(),
      mean: pairOfSchema,
    }),
  ),
});
export type OrderBookQuality = z.infer<typeof orderBookSchema>;

/** How good synthetic rows are beside the real ones that they were made of. */
export const fullQualityReportSchema = z
  .object({
    format: z.literal(1),
    seed: z.int(),
    rows: z.object({ real: z.int(), synthetic: z.int(), holdout: z.int().nullable() }),
    scores: z.array(qualityScoreSchema).meta({ description: 'The overview: every score with its floor and ceiling' }),
    bounds: z.array(qualityBoundSchema).meta({ description: 'Where a section has read fewer rows than there are' }),
    columns: z.array(columnQualitySchema).optional(),
    pairs: z.array(pairQualitySchema).optional(),
    distance: distanceSchema.optional(),
    detection: z.array(detectionSchema).optional(),
    utility: utilitySchema.optional(),
    privacy: privacySchema.optional(),
    series: seriesSchema.optional(),
    order_book: orderBookSchema.optional(),
    skipped: z
      .array(z.object({ section: qualitySectionSchema, reason: z.string() }))
      .meta({ description: 'Sections that do not apply to these tables, and why' }),
  })
  .meta({ id: 'FullQualityReport' });
export type FullQualityReport = z.infer<typeof fullQualityReportSchema>;
