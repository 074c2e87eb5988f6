import * as z from 'zod';
import { idSchema, pageQuerySchema, pageSchema, timestampSchema } from './common';
import { fullQualityReportSchema } from './quality';
import { seedSchema } from './runs';

/** So many rows of each side are read at most; of a longer table they are drawn, with the report's seed. */
export const reportRowLimit = 100_000;

const rowsSchema = z.int().min(50).max(reportRowLimit);
const targetSchema = z
  .string()
  .min(1)
  .max(1_000)
  .meta({ description: 'Column that models trained on synthetic rows are to predict in real ones' });

export const reportCreateSchema = z
  .union(
    [
      z.strictObject({
        run_id: idSchema,
        checkpoint_id: idSchema.optional(),
        rows: rowsSchema
          .optional()
          .meta({ description: 'Rows to draw; default: as many as the data set has, 50,000 at most' }),
        seed: seedSchema.default(42),
        target: targetSchema.optional(),
      }),
      z.strictObject({
        real_dataset_id: idSchema,
        synthetic_dataset_id: idSchema,
        seed: seedSchema.default(42),
        target: targetSchema.optional(),
      }),
    ],
    {
      error:
        'must have either run_id, or real_dataset_id and synthetic_dataset_id; besides seed and target, and with run_id checkpoint_id and rows (50 to 100,000)',
    },
  )
  .meta({ id: 'ReportCreate' });
export type ReportCreate = z.infer<typeof reportCreateSchema>;

export const reportQuerySchema = pageQuerySchema.extend({
  run_id: idSchema.optional(),
  project: idSchema.optional().meta({ description: 'Only those of this project' }),
});
export type ReportQuery = z.infer<typeof reportQuerySchema>;

export const reportStatuses = ['queued', 'running', 'ready', 'failed'] as const;
export type ReportStatus = (typeof reportStatuses)[number];

/** How near synthetic rows come to real ones; the download gate decides by this. */
export const privacyCheckSchema = z
  .object({
    judged_rows: z.int().meta({ description: 'Synthetic rows that were compared with all real rows' }),
    exact_matches: z.int().meta({ description: 'Of them, those that equal a real row in every learned column' }),
    exact_share: z.number(),
    expected_exact_share: z.number().meta({
      description: 'The same share of real rows that were held back: what is equal by chance',
    }),
    dcr_rows: z.int().meta({ description: 'Synthetic rows whose distance to the closest real row was measured' }),
    dcr_share: z.number().meta({
      description:
        'Of them, those at least as far from every real row as all but the closest 5 % of held-back real rows are; 0.95 is expected',
    }),
    dcr_threshold: z.number().meta({ description: 'That distance, 0 to 1' }),
  })
  .meta({ id: 'PrivacyCheck' });
export type PrivacyCheck = z.infer<typeof privacyCheckSchema>;

/** What the figures of privacy mean, in sentences. */
export const reportPrivacySchema = z.object({
  verdict: z.enum(['no_sign_of_copying', 'some_copies', 'copying']),
  sentences: z.array(z.string()),
  check: privacyCheckSchema,
});
export type ReportPrivacy = z.infer<typeof reportPrivacySchema>;

export const reportSourceSchema = z.object({
  name: z.string(),
  sha256: z.string().nullable().meta({ description: 'Of the CSV file; of drawn rows, of the file as drawn' }),
  dataset_id: idSchema.nullable(),
  rows: z.int(),
  rows_used: z.int(),
});

export const reportLineageSchema = z.object({
  real: reportSourceSchema,
  synthetic: reportSourceSchema,
  run: z
    .object({
      id: idSchema,
      name: z.string(),
      model: z.string(),
      seed: z.int().nullable(),
      config: z.record(z.string(), z.unknown()),
    })
    .nullable(),
  checkpoint: z.object({ id: idSchema, epoch: z.int(), step: z.int(), sha256: z.string() }).nullable(),
  seed: z.int().meta({ description: 'Of the drawn rows, and of everything in the report that is drawn' }),
  versions: z.record(z.string(), z.string()),
});
export type ReportLineage = z.infer<typeof reportLineageSchema>;

/** All that a report says; what could not be measured is absent, and `notes` or `quality.skipped` says why. */
export const reportContentSchema = z
  .object({
    version: z.literal(1),
    title: z.string(),
    made_at: timestampSchema,
    seconds: z.number(),
    quality: fullQualityReportSchema,
    score_texts: z
      .record(z.string(), z.object({ title: z.string(), meaning: z.string() }))
      .meta({ description: 'By the name of the score' }),
    privacy: reportPrivacySchema.optional(),
    lineage: reportLineageSchema,
    notes: z.array(z.string()).meta({ description: 'Limits that this report was made under' }),
  })
  .meta({ id: 'ReportContent' });
export type ReportContent = z.infer<typeof reportContentSchema>;

export const reportSchema = z
  .object({
    id: idSchema,
    created_at: timestampSchema,
    created_by: z.string(),
    title: z.string(),
    run_id: idSchema.nullable(),
    checkpoint_id: idSchema.nullable(),
    real_dataset_id: idSchema.nullable(),
    synthetic_dataset_id: idSchema.nullable(),
    rows: z.int().nullable().meta({ description: 'Drawn for the report; null where two data sets are compared' }),
    seed: seedSchema,
    target: z.string().nullable(),
    status: z.enum(reportStatuses),
    progress_percent: z.number(),
    phase: z.string().meta({ description: 'What is being done, in a few words' }),
    error: z.string().nullable(),
    is_copying: z
      .boolean()
      .nullable()
      .meta({ description: 'Whether rows look copied from the real ones; null until it is ready' }),
    ended_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Report' });
export type Report = z.infer<typeof reportSchema>;
export const reportPageSchema = pageSchema(reportSchema, 'ReportPage');

export const reportDetailSchema = reportSchema
  .extend({ content: reportContentSchema.nullable().meta({ description: 'Null until the status is ready' }) })
  .meta({ id: 'ReportDetail' });
export type ReportDetail = z.infer<typeof reportDetailSchema>;

/** What the download gate says about a sample; absent where the administrator has set none. */
export const sampleGateSchema = z
  .object({
    state: z.enum(['passed', 'refused', 'overridden']),
    reasons: z.array(z.string()).meta({ description: 'Why it is refused, or was; with the numbers' }),
    check: privacyCheckSchema.nullable().meta({ description: 'Null where the check could not be made' }),
    override: z.object({ by: z.string(), at: timestampSchema, reason: z.string() }).nullable(),
  })
  .meta({ id: 'SampleGate' });
export type SampleGate = z.infer<typeof sampleGateSchema>;

export const gateOverrideSchema = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(10)
      .max(1_000)
      .meta({ description: 'Why the rows may leave all the same; it is kept in the audit trail' }),
  })
  .meta({ id: 'GateOverride' });
export type GateOverride = z.infer<typeof gateOverrideSchema>;
