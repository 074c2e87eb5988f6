import * as z from 'zod';
import { idSchema, pageQuerySchema, timestampSchema } from './common';
import { logEntrySchema, logLevels, runMessageSchema, runStatusSchema } from './events';
import { healthAlertSchema } from './live-quality';
import { wireNumberSchema } from './wire-number';

export const seedSchema = z.int().min(0).max(2_147_483_647);

export const runOrigins = ['dashboard', 'external'] as const;

/** A higher one is taken first; among equals the one that was queued first. */
export const prioritySchema = z.int().min(-100).max(100);

/**
 * What happens to a run whose process has gone: `auto` queues it again from its last checkpoint, `ask` leaves it
 * interrupted until somebody resumes it, `never` refuses that too (fork or retry it instead).
 */
export const resumePolicies = ['auto', 'ask', 'never'] as const;
export type ResumePolicy = (typeof resumePolicies)[number];

export const runSchema = z
  .object({
    id: idSchema,
    created_at: timestampSchema,
    created_by: z.string(),
    name: z.string(),
    status: runStatusSchema,
    model: z.string(),
    config: z.record(z.string(), z.unknown()),
    dataset_id: idSchema.nullable(),
    seed: seedSchema.nullable().meta({ description: 'null: an external run that named none' }),
    epoch: z.int().meta({ description: '0 before the first one' }),
    total_epochs: z.int().meta({ description: '0 where it is not known' }),
    progress_percent: z.number(),
    eta_seconds: z.number().nullable(),
    started_at: timestampSchema.nullable(),
    ended_at: timestampSchema.nullable(),
    tags: z.array(z.string()),
    notes: z.string(),
    summary: z.record(z.string(), wireNumberSchema).meta({ description: 'Last value of each metric' }),
    error: z.string().nullable(),
    health: healthAlertSchema.nullable().optional().meta({
      description: 'The verdict on the training that was given last; null before the first',
    }),
    parent_run_id: idSchema.nullable(),
    parent_checkpoint_id: idSchema.nullable().meta({ description: 'Checkpoint that a forked run started from' }),
    origin: z.enum(runOrigins).meta({ description: 'external: a program outside reports into the run' }),
    priority: prioritySchema,
    on_interruption: z.enum(resumePolicies),
    attempt: z.int().meta({ description: 'How often a process has taken the run up' }),
    worker_id: idSchema.nullable().meta({ description: 'The worker that is at work on the run' }),
    queue_position: z.int().nullable().meta({ description: '1 is next; null unless queued' }),
    expected_start_at: timestampSchema
      .nullable()
      .meta({ description: 'Estimated from the remaining times of the runs before it; null where one is unknown' }),
    archived: z.boolean(),
    last_seq: z.int().meta({ description: 'Place of the newest event in the log of the run' }),
    project_id: idSchema.optional().meta({ description: 'The project that it belongs to' }),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof runSchema>;
export const runPageSchema = z
  .object({
    items: z.array(runSchema),
    next_cursor: z.string().nullable(),
    total: z.int().optional().meta({ description: 'How many there are in all; only where count=true asks for it' }),
  })
  .meta({ id: 'RunPage' });
export type RunPage = z.infer<typeof runPageSchema>;

const tagsSchema = z.array(z.string().trim().min(1).max(100)).max(50);

export const runCreateSchema = z
  .object({
    dataset_id: idSchema,
    model: z.string().min(1).max(100),
    config: z.record(z.string(), z.unknown()).default({}),
    seed: seedSchema.optional(),
    name: z.string().trim().min(1).max(200).optional(),
    tags: tagsSchema.default([]),
    notes: z.string().max(20_000).default(''),
    priority: prioritySchema.default(0),
    on_interruption: z.enum(resumePolicies).optional().meta({ description: 'Absent: as the server is set up' }),
    project_id: idSchema.optional().meta({ description: 'Absent: the project of the data set' }),
  })
  .strict()
  .meta({ id: 'RunCreate' });
export type RunCreate = z.infer<typeof runCreateSchema>;

/** A run that a program outside reports into: it is at work as soon as it is made. */
export const externalRunCreateSchema = z
  .object({
    origin: z.literal('external'),
    name: z.string().trim().min(1).max(200).optional(),
    model: z.string().trim().min(1).max(100).default('external'),
    config: z.record(z.string(), z.unknown()).default({}),
    dataset_id: idSchema.optional(),
    seed: seedSchema.optional(),
    total_epochs: z.int().min(1).max(1_000_000_000).optional(),
    tags: tagsSchema.default([]),
    notes: z.string().max(20_000).default(''),
    project_id: idSchema
      .optional()
      .meta({ description: 'Absent: the project of the data set, or the default project' }),
  })
  .strict()
  .meta({ id: 'ExternalRunCreate' });
export type ExternalRunCreate = z.infer<typeof externalRunCreateSchema>;

/** The body of `POST /runs`: without an `origin` it is a run of the dashboard's own. */
export const runRequestSchema = z
  .discriminatedUnion('origin', [
    runCreateSchema.extend({ origin: z.literal('dashboard').optional() }),
    externalRunCreateSchema,
  ])
  .meta({ id: 'RunRequest' });
export type RunRequest = z.infer<typeof runRequestSchema>;

export const runPatchSchema = z
  .object({
    name: z.string().trim().min(1).max(200).optional(),
    tags: tagsSchema.optional(),
    notes: z.string().max(20_000).optional(),
    archived: z.boolean().optional(),
    priority: prioritySchema.optional(),
    on_interruption: z.enum(resumePolicies).optional(),
    project_id: idSchema.optional().meta({ description: 'Moves the run there, with all that it has made' }),
  })
  .strict()
  .meta({ id: 'RunPatch' });
export type RunPatch = z.infer<typeof runPatchSchema>;

/** A new run that starts from a checkpoint, with the changes of `config` to the settings of its parent. */
export const runForkSchema = z
  .object({
    checkpoint_id: idSchema.optional().meta({ description: 'Absent: the newest checkpoint' }),
    config: z.record(z.string(), z.unknown()).default({}),
    seed: seedSchema.optional(),
    name: z.string().trim().min(1).max(200).optional(),
    tags: tagsSchema.optional(),
    notes: z.string().max(20_000).optional(),
    priority: prioritySchema.default(0),
  })
  .strict()
  .meta({ id: 'RunFork' });
export type RunFork = z.infer<typeof runForkSchema>;

export const runSorts = [
  'created_at',
  'name',
  'status',
  'progress_percent',
  'ended_at',
  'started_at',
  'model',
  'seed',
  'epoch',
  'created_by',
  'priority',
  'duration',
] as const;
const runSortSchema = z
  .union([z.enum(runSorts), z.string().regex(/^(config|summary)\.[^\s]{1,200}$/)], {
    error: `takes ${runSorts.join(', ')}, config.<field> or summary.<metric>`,
  })
  .meta({ description: `${runSorts.join(', ')}, config.<field> or summary.<metric>` });
export const runQuerySchema = pageQuerySchema.extend({
  status: runStatusSchema.optional(),
  dataset_id: idSchema.optional(),
  search: z.string().max(200).optional(),
  model: z.string().max(100).optional(),
  origin: z.enum(runOrigins).optional(),
  tag: z.string().max(100).optional(),
  query: z.string().max(2_000).optional().meta({
    description: 'Such as: generator_loss < 1 and (tag:prod or not status:failed)',
  }),
  sort: runSortSchema.default('created_at'),
  order: z.enum(['asc', 'desc']).default('desc'),
  archived: z.stringbool().default(false),
  deleted: z.stringbool().optional().meta({ description: 'Those that were deleted and can be restored' }),
  offset: z.coerce.number().int().min(0).max(10_000_000).optional().meta({
    description: 'Starts in the middle of the list; next_cursor goes on from there. Without effect beside a cursor',
  }),
  count: z.stringbool().optional().meta({ description: 'The page says the total' }),
  project: idSchema.optional().meta({ description: 'Only those of this project' }),
});
export type RunQuery = z.infer<typeof runQuerySchema>;

/** `names` is a comma-separated list; `points` bounds the buckets of a series. */
export const metricQuerySchema = z.object({
  names: z.string().max(2_000).optional(),
  from_step: z.coerce.number().int().min(0).optional(),
  to_step: z.coerce.number().int().min(0).optional(),
  points: z.coerce.number().int().min(10).max(10_000).default(1_000),
});
export type MetricQuery = z.infer<typeof metricQuerySchema>;

/** One metric over steps. Each position is one bucket; a bucket of one point has min = max = last. */
export const metricSeriesSchema = z
  .object({
    name: z.string(),
    is_complete: z.boolean().meta({ description: 'Every point stands by itself: nothing was put into buckets' }),
    step: z.array(z.int()),
    epoch: z.array(z.int()),
    time: z.array(timestampSchema),
    min: z.array(wireNumberSchema),
    max: z.array(wireNumberSchema),
    last: z.array(wireNumberSchema),
    mean: z.array(wireNumberSchema).optional().meta({ description: 'Of the finite values; absent where complete' }),
    non_finite: z.array(z.int()).optional().meta({
      description: 'Values of each bucket that are NaN or infinite; min, max and mean leave them out. Absent: none',
    }),
  })
  .meta({ id: 'MetricSeries' });
export type MetricSeries = z.infer<typeof metricSeriesSchema>;
export const metricHistorySchema = z.object({ series: z.array(metricSeriesSchema) }).meta({ id: 'MetricHistory' });
export type MetricHistory = z.infer<typeof metricHistorySchema>;

/** `from_line` counts from 1; a negative one counts from the end (-200: the last 200 lines). */
export const logQuerySchema = z.object({
  from_line: z.coerce.number().int().default(-200),
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
  search: z.string().max(500).optional(),
  level: z.enum(logLevels).optional(),
  stream: logEntrySchema.shape.stream,
});
export type LogQuery = z.infer<typeof logQuerySchema>;

/** Which lines of a log match, for stepping through them. */
export const logMatchQuerySchema = logQuerySchema
  .pick({ search: true, level: true, stream: true })
  .extend({ limit: z.coerce.number().int().min(1).max(50_000).default(10_000) });
export type LogMatchQuery = z.infer<typeof logMatchQuerySchema>;
export const logMatchesSchema = z
  .object({
    lines: z.array(z.int()).meta({ description: 'Numbers of the first lines that match, at most `limit` of them' }),
    total: z.int().meta({ description: 'How many lines match' }),
    total_lines: z.int(),
  })
  .meta({ id: 'LogMatches' });
export type LogMatches = z.infer<typeof logMatchesSchema>;
export const logPageSchema = z
  .object({ items: z.array(logEntrySchema), total_lines: z.int(), next_line: z.int().nullable() })
  .meta({ id: 'LogPage' });
export type LogPage = z.infer<typeof logPageSchema>;

export const eventQuerySchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
});
export const eventPageSchema = z
  .object({ items: z.array(runMessageSchema), next_after: z.int().nullable() })
  .meta({ id: 'EventPage' });
export type EventPage = z.infer<typeof eventPageSchema>;
