import * as z from 'zod';
import { idSchema, timestampSchema } from './common';
import { metricSeriesSchema, runQuerySchema } from './runs';

/** Which runs, and how they stand together: `GET /runs/groups`. */
export const runGroupQuerySchema = runQuerySchema
  .pick({ query: true, archived: true, deleted: true, project: true })
  .extend({
    by: z.string().regex(/^(config\.[^\s]{1,200}|model|status|dataset_id|created_by|seed)$/, {
      error: 'takes model, status, dataset_id, created_by, seed or config.<field>',
    }),
    metric: z.string().min(1).max(200).default('generator_loss'),
  });
export type RunGroupQuery = z.infer<typeof runGroupQuerySchema>;

export const runGroupSchema = z
  .object({
    value: z.string().nullable().meta({ description: 'What the runs have in common; null: they have no such field' }),
    count: z.int(),
    measured: z.int().meta({ description: 'Runs whose last value of the metric is a finite number' }),
    mean: z.number().nullable(),
    sd: z.number().nullable().meta({ description: 'Sample standard deviation; null for fewer than two values' }),
    min: z.number().nullable(),
    max: z.number().nullable(),
    run_ids: z.array(idSchema).meta({ description: 'The newest, 100 at most' }),
  })
  .meta({ id: 'RunGroup' });
export type RunGroup = z.infer<typeof runGroupSchema>;
export const runGroupsSchema = z.object({ items: z.array(runGroupSchema) }).meta({ id: 'RunGroups' });

/** What runs can be filtered, sorted and grouped by. */
export const runFieldsSchema = z
  .object({
    config: z.array(z.string()),
    metrics: z.array(z.string()),
    tags: z.array(z.string()),
    models: z.array(z.string()),
  })
  .meta({ id: 'RunFields' });
export type RunFields = z.infer<typeof runFieldsSchema>;

export const runBulkActions = ['tag', 'untag', 'archive', 'unarchive', 'delete', 'restore'] as const;
export type RunBulkAction = (typeof runBulkActions)[number];
export const runBulkSchema = z
  .object({
    ids: z.array(idSchema).min(1).max(1_000),
    action: z.enum(runBulkActions),
    tags: z.array(z.string().trim().min(1).max(100)).max(50).default([]),
  })
  .strict()
  .refine(({ action, tags }) => !action.endsWith('tag') || tags.length > 0, {
    path: ['tags'],
    error: 'names at least one tag for the actions tag and untag',
  })
  .meta({ id: 'RunBulk' });
export type RunBulk = z.infer<typeof runBulkSchema>;
export const runBulkResultSchema = z
  .object({
    changed: z.array(idSchema),
    refused: z.array(z.object({ id: idSchema, reason: z.string() })),
  })
  .meta({ id: 'RunBulkResult' });
export type RunBulkResult = z.infer<typeof runBulkResultSchema>;

const idListSchema = z
  .string()
  .transform((text) => [...new Set(text.split(',').filter((id) => id !== ''))])
  .pipe(z.array(idSchema).min(1).max(200));

/** `ids` and `names` are comma-separated lists; `points` bounds the buckets of a series. */
export const manyMetricsQuerySchema = z.object({
  ids: idListSchema,
  names: z.string().max(2_000).optional(),
  points: z.coerce.number().int().min(10).max(1_000).default(200),
  bands: z.stringbool().default(true).meta({
    description: 'false: epoch, time, min and max stay empty, mean and non_finite are left out',
  }),
});
export type ManyMetricsQuery = z.infer<typeof manyMetricsQuerySchema>;
export const manyMetricsSchema = z
  .object({ items: z.array(z.object({ run_id: idSchema, series: z.array(metricSeriesSchema) })) })
  .meta({ id: 'ManyMetrics' });
export type ManyMetrics = z.infer<typeof manyMetricsSchema>;

/** `columns` is a comma-separated list of names as in `sort`; absent: those that every run has. */
export const runExportQuerySchema = runQuerySchema.extend({
  columns: z
    .string()
    .max(8_000)
    .transform((text) => text.split(',').filter((column) => column !== ''))
    .optional(),
});
export type RunExportQuery = z.infer<typeof runExportQuerySchema>;

/** A view of the table of runs that a person keeps: the query of its address. */
export const runViewSchema = z
  .object({
    id: idSchema,
    created_at: timestampSchema,
    name: z.string(),
    state: z.string().meta({ description: 'Query part of the address of the page, without its “?”' }),
  })
  .meta({ id: 'RunView' });
export type RunView = z.infer<typeof runViewSchema>;
export const runViewsSchema = z.object({ items: z.array(runViewSchema) }).meta({ id: 'RunViews' });
export const runViewCreateSchema = z
  .object({ name: z.string().trim().min(1).max(100), state: z.string().max(8_000) })
  .strict()
  .meta({ id: 'RunViewCreate' });
export type RunViewCreate = z.infer<typeof runViewCreateSchema>;
