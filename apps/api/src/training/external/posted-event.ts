import {
  healthAlertSchema,
  logEntrySchema,
  progressSchema,
  qualityUpdateSchema,
  resourceUpdateSchema,
  runStatuses,
  statusUpdateSchema,
  trainingCompleteSchema,
  trainingStartSchema,
  trainingUpdateSchema,
} from '@gan-dashboard/shared-types';
import type { NewRunEvent } from '@gan-dashboard/shared-types';
import { z } from 'zod';
import { cleanText } from '../output-lines';
import type { RunEntity } from '../run.entity';

/** What a program outside has said. */
export type PostedEvent =
  { kind: 'heartbeat'; clientSeq?: number } | { kind: 'event'; event: NewRunEvent; clientSeq?: number };

export interface PostedContext {
  run: Pick<RunEntity, 'model' | 'config' | 'totalEpochs' | 'seed' | 'createdAt' | 'startedAt'>;
  /** A sender that names itself numbers its events. */
  needsClientSeq: boolean;
  now: Date;
}

const text = z.string().max(100_000).transform(cleanText);
const metricName = z
  .string()
  .regex(/^[A-Za-z][\w./-]{0,99}$/, 'is no name of a metric: letters, digits, _ . / and -, at most 100 characters');

/** What the contract asks of each type, less what the server knows itself. */
const dataSchemas = {
  status_update: statusUpdateSchema.extend({
    status: z.enum(['running', 'paused'], {
      error: `can be running or paused here; a run is ended by training_complete (${runStatuses.slice(-4).join(', ')})`,
    }),
    message: text.default(''),
  }),
  training_start: trainingStartSchema
    .partial()
    .extend({ message: text.default('The program has started.'), data_source: text.default('') }),
  training_update: trainingUpdateSchema.partial({ step: true }),
  training_complete: trainingCompleteSchema.partial().extend({
    status: trainingCompleteSchema.shape.status,
    message: text.optional(),
    error: text.optional(),
  }),
  resource_update: resourceUpdateSchema,
  quality_update: qualityUpdateSchema.extend({
    state: qualityUpdateSchema.shape.state.default('measured'),
    columns: qualityUpdateSchema.shape.columns.default([]),
    is_best: z.boolean().default(false),
  }),
  health_alert: healthAlertSchema,
  progress: progressSchema.partial({ elapsed_seconds: true, phase: true }),
  log_entry: logEntrySchema
    .partial({ source: true, level: true, timestamp: true, line: true })
    .extend({ message: text.refine((message) => message !== '', 'is empty') }),
} as const;
type PostedType = keyof typeof dataSchemas;
const types = Object.keys(dataSchemas) as PostedType[];

const envelopeSchema = z.looseObject({
  type: z.enum([...types, 'heartbeat'], { error: `must be one of ${[...types, 'heartbeat'].join(', ')}` }),
  data: z.record(z.string(), z.unknown()).optional(),
  timestamp: z.iso.datetime({ offset: true, error: 'is no time such as 2026-11-23T10:00:00.000Z' }).optional(),
  client_seq: z.int().min(1).optional(),
});
type Envelope = z.infer<typeof envelopeSchema>;

/**
 * Checks one message of a program outside and fills in what the server knows. Fields that stand beside `type` instead of
 * in `data` are understood, too.
 *
 * @returns the message, or what is wrong with it: the field first
 */
export function readPosted(value: unknown, context: PostedContext): PostedEvent | { mistake: string } {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) return { mistake: mistakeOf(envelope.error) };
  const { type, client_seq: clientSeq } = envelope.data;
  if (context.needsClientSeq && clientSeq === undefined) {
    return { mistake: 'client_seq: is missing; a sender that gives a client_id numbers its events' };
  }
  const numbered = clientSeq === undefined ? {} : { clientSeq };
  if (type === 'heartbeat') return { kind: 'heartbeat', ...numbered };
  const data = dataSchemas[type].safeParse(dataOf(envelope.data));
  if (!data.success) return { mistake: mistakeOf(data.error, envelope.data.data ? ['data'] : []) };
  const mistake = type === 'training_update' ? updateMistake(data.data) : undefined;
  if (mistake !== undefined) return { mistake };
  const at = timeOf(envelope.data.timestamp, context);
  return { kind: 'event', event: complete(type, data.data, { ...context, at }), ...numbered };
}

function dataOf({ data, type: _type, timestamp: _time, client_seq: _seq, ...beside }: Envelope): unknown {
  const { run_id: _run, ...rest } = beside;
  return data ?? rest;
}

function mistakeOf(error: z.ZodError, before: string[] = []): string {
  return error.issues
    .map((issue) => `${[...before, ...issue.path.map(String)].join('.') || 'the line'}: ${issue.message}`)
    .join('; ');
}

function updateMistake(data: Record<string, unknown>): string | undefined {
  if (data['step'] === undefined && data['epoch'] === undefined)
    return 'data.step: is missing; give step, epoch or both';
  const names = Object.keys(data).filter((name) => !['epoch', 'total_epochs', 'step'].includes(name));
  if (names.length === 0) return 'data: names no metric, such as generator_loss';
  if (names.length > 500) return `data: has ${names.length} metrics; 500 are taken`;
  const wrong = names.find((name) => !metricName.safeParse(name).success);
  return wrong === undefined ? undefined : `data.${wrong}: ${metricName.safeParse(wrong).error?.issues[0]?.message}`;
}

/** A clock that is wrong must not put an event before the run was made, or into the future. */
function timeOf(timestamp: string | undefined, { run, now }: PostedContext): Date {
  if (timestamp === undefined) return now;
  const said = new Date(timestamp).getTime();
  return new Date(Math.min(now.getTime(), Math.max(run.createdAt.getTime(), said)));
}

type DataOf<Type extends PostedType> = z.infer<(typeof dataSchemas)[Type]>;

/** Adds what the program need not say: it is measured here, or the run's own. Nothing that is measured there is made up. */
function complete(type: PostedType, data: unknown, { run, at }: PostedContext & { at: Date }): NewRunEvent {
  const seconds = Math.max(0, (at.getTime() - (run.startedAt ?? run.createdAt).getTime()) / 1_000);
  switch (type) {
    case 'status_update':
      return { type, data: data as DataOf<'status_update'>, at };
    case 'training_start': {
      const said = data as DataOf<'training_start'>;
      const { model, config, totalEpochs: total_epochs, seed } = run;
      const own = { model, config, total_epochs, ...(seed === null ? {} : { seed }), parameters: {} };
      return { type, data: { ...own, ...present(said), status: 'started' }, at };
    }
    case 'training_update': {
      const said = data as DataOf<'training_update'>;
      const update = { ...present(said), step: said.step ?? said.epoch ?? 0 };
      return { type, data: update, at };
    }
    case 'training_complete': {
      const said = data as DataOf<'training_complete'>;
      const message = said.message ?? `Training ${said.status}.`;
      const measured = { return_code: null, duration_seconds: seconds };
      return { type, data: { ...measured, ...present(said), message }, at };
    }
    case 'resource_update':
      return { type, data: data as DataOf<'resource_update'>, at };
    case 'quality_update':
      return { type, data: data as DataOf<'quality_update'>, at };
    case 'health_alert':
      return { type, data: data as DataOf<'health_alert'>, at };
    case 'progress':
      return {
        type,
        data: { phase: 'training', elapsed_seconds: seconds, ...present(data as DataOf<'progress'>) },
        at,
      };
    case 'log_entry': {
      const { line: _line, timestamp: _time, ...said } = data as DataOf<'log_entry'>;
      const source = said.stream === 'stderr' ? 'training_error' : 'training_output';
      return { type, data: { source, level: 'info', ...present(said), timestamp: at.toISOString() }, at };
    }
  }
}

type Present<Values> = { [Key in keyof Values]: Exclude<Values[Key], undefined> };

/** What is undefined must not stand in the way of what the server knows. */
function present<Values extends object>(values: Values): Present<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<Values>;
}
