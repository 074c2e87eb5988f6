import { z } from 'zod';
import { holdoutSchema } from '@gan-dashboard/trainer';
import { datasetColumnSchema, privacyCheckSchema, reportLineageSchema, seedSchema } from '@gan-dashboard/shared-types';

/**
 * What the server and a report process say to each other over IPC. One process does one task and exits; each side
 * checks what it receives.
 */
export const tableFileSchema = z.object({
  parquet_path: z.string(),
  columns: z.array(datasetColumnSchema),
});
export type TableFile = z.infer<typeof tableFileSchema>;

const bothTables = { real: tableFileSchema, synthetic: tableFileSchema, seed: seedSchema };

export const reportTaskSchema = z.object({
  task: z.literal('report'),
  ...bothTables,
  title: z.string(),
  target: z.string().nullable(),
  /** Rows that follow each other in time are cut off at the end, not drawn. */
  is_ordered: z.boolean(),
  row_limit: z.int(),
  /** What makes the rows series; null: their order means nothing. */
  series: z
    .object({
      time: z.string().nullable(),
      real_key: z.string().nullable(),
      synthetic_key: z.string().nullable(),
      features: z.array(z.string()),
    })
    .nullable()
    .default(null),
  /** Rows of the real table that the run held out; null: it trained on all, or there is no run. */
  holdout: holdoutSchema.nullable().default(null),
  lineage: reportLineageSchema,
  json_path: z.string(),
  html_path: z.string(),
});
export type ReportTask = z.input<typeof reportTaskSchema>;

export const privacyTaskSchema = z.object({ task: z.literal('privacy'), ...bothTables });
export type PrivacyTask = z.infer<typeof privacyTaskSchema>;

export const processTaskSchema = z.discriminatedUnion('task', [reportTaskSchema, privacyTaskSchema]);
export type ProcessTask = z.input<typeof processTaskSchema>;

export const reportDoneSchema = z.object({ is_copying: z.boolean() });

/** The result that belongs to each task. */
export const resultSchemas = { report: reportDoneSchema, privacy: privacyCheckSchema } as const;

export const processReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), phase: z.string(), percent: z.number() }),
  z.object({ kind: z.literal('done'), result: z.unknown() }),
  z.object({ kind: z.literal('failed'), error: z.string() }),
]);
export type ProcessReply = z.infer<typeof processReplySchema>;
