import * as z from 'zod';
import { idSchema, timestampSchema } from './common';
import { healthAlertSchema, qualityUpdateSchema } from './live-quality';
import { wireNumberSchema } from './wire-number';

export * from './live-quality';

export const runStatuses = [
  'queued',
  'starting',
  'running',
  'paused',
  'stopping',
  'stopped',
  'completed',
  'failed',
  'interrupted',
] as const;
export const runStatusSchema = z.enum(runStatuses).meta({ id: 'RunStatus' });
export type RunStatus = z.infer<typeof runStatusSchema>;

/** States that a run does not leave by itself. */
export const finalRunStatuses = ['stopped', 'completed', 'failed', 'interrupted'] as const satisfies RunStatus[];
export function isFinalRunStatus(status: RunStatus): boolean {
  return (finalRunStatuses as readonly RunStatus[]).includes(status);
}

/** `idle` is said by a stream when no run is active; no run ever has it. */
export const statusUpdateSchema = z
  .object({ status: z.enum(['idle', ...runStatuses]), message: z.string() })
  .meta({ id: 'StatusUpdate' });

export const trainingStartSchema = z
  .object({
    status: z.literal('started'),
    message: z.string(),
    config: z.record(z.string(), z.unknown()),
    data_source: z.string(),
    model: z.string(),
    total_epochs: z.int(),
    parameters: z.record(z.string(), z.int()).meta({ description: 'Trainable parameters of each network' }),
    seed: z.int().optional(),
    engine: z.string().optional().meta({ description: 'Engine and backend that compute the steps' }),
  })
  .meta({ id: 'TrainingStart' });

/** A trainer that does not count epochs, or does not say how many there will be, leaves `epoch` and `total_epochs` out. */
export const trainingUpdateSchema = z
  .object({
    epoch: z.int().optional(),
    total_epochs: z.int().optional(),
    step: z.int(),
    generator_loss: wireNumberSchema.optional(),
    discriminator_loss: wireNumberSchema.optional(),
    real_scores: wireNumberSchema.optional(),
    fake_scores: wireNumberSchema.optional(),
  })
  .catchall(wireNumberSchema)
  .meta({
    id: 'TrainingUpdate',
    description: 'Means over the epoch; further measured metrics stand by their own names',
  });

export const trainingCompleteSchema = z
  .object({
    status: z.enum(['completed', 'failed', 'stopped']),
    message: z.string(),
    return_code: z.int().nullable(),
    signal: z.string().optional(),
    error: z.string().optional(),
    duration_seconds: z.number(),
    best_checkpoint: z.string().optional(),
  })
  .meta({ id: 'TrainingComplete' });

export const runPhases = ['queued', 'preparing', 'training', 'evaluating', 'saving'] as const;
export const progressSchema = z
  .object({
    epoch: z.int().optional(),
    total_epochs: z.int().optional(),
    step: z.int().optional(),
    total_steps: z.int().optional(),
    progress_percent: z.number().min(0).max(100),
    phase: z.enum(runPhases),
    elapsed_seconds: z.number(),
    eta_seconds: z.number().optional(),
  })
  .meta({ id: 'Progress' });

export const logLevels = ['debug', 'info', 'warning', 'error'] as const;
export const logEntrySchema = z
  .object({
    message: z.string(),
    source: z.enum(['training', 'training_output', 'training_error', 'training_progress']),
    stream: z.enum(['stdout', 'stderr']).optional(),
    level: z.enum(logLevels),
    line: z.int().min(1),
    timestamp: timestampSchema,
  })
  .meta({ id: 'LogEntry' });
export type LogEntry = z.infer<typeof logEntrySchema>;
/** A log line before the log has numbered it. */
export type NewLogEntry = Omit<LogEntry, 'line'>;

export const checkpointSavedSchema = z
  .object({ checkpoint_id: idSchema, epoch: z.int(), step: z.int(), size_bytes: z.int() })
  .meta({ id: 'CheckpointSaved' });

export const sampleCompleteSchema = z
  .object({
    sample_id: idSchema,
    rows: z.int(),
    seed: z.int(),
    format: z.enum(['csv', 'parquet']),
    size_bytes: z.int(),
  })
  .meta({ id: 'SampleGenerationComplete' });

export const sampleErrorSchema = z
  .object({ sample_id: idSchema, error: z.string() })
  .meta({ id: 'SampleGenerationError' });

/** Measured on the run's processes and their machine; names such as `cpu_percent`, `memory_bytes`, `gpu0_utilization_percent`. */
export const resourceUpdateSchema = z
  .object({ epoch: z.int(), step: z.int() })
  .catchall(wireNumberSchema)
  .meta({ id: 'ResourceUpdate' });

export const heartbeatSchema = z
  .object({ server_time: timestampSchema, last_event_id: z.string().nullable() })
  .meta({ id: 'Heartbeat' });

export const replayGapSchema = z
  .object({
    reason: z.enum(['expired', 'unknown_cursor']),
    message: z.string(),
    next_seq: z.int().optional().meta({ description: 'On a stream of one run: the first event that follows' }),
  })
  .meta({
    id: 'ReplayGap',
    description: 'The cursor cannot be resumed from: events may be missing before this message',
  });

/**
 * The event map: every type that a run can give rise to, with the channel that carries it and the
 * schema of its `data`. The trainer, the event log, the streams, OpenAPI and the web client derive from it.
 */
export const runEvents = {
  status_update: { channel: 'training', data: statusUpdateSchema },
  training_start: { channel: 'training', data: trainingStartSchema },
  training_update: { channel: 'training', data: trainingUpdateSchema },
  training_complete: { channel: 'training', data: trainingCompleteSchema },
  checkpoint_saved: { channel: 'training', data: checkpointSavedSchema },
  quality_update: { channel: 'training', data: qualityUpdateSchema },
  health_alert: { channel: 'training', data: healthAlertSchema },
  sample_generation_complete: { channel: 'training', data: sampleCompleteSchema },
  sample_generation_error: { channel: 'training', data: sampleErrorSchema },
  resource_update: { channel: 'training', data: resourceUpdateSchema },
  progress: { channel: 'progress', data: progressSchema },
  log_entry: { channel: 'logs', data: logEntrySchema },
} as const;

export type RunEventType = keyof typeof runEvents;
export type RunEventData<Type extends RunEventType> = z.infer<(typeof runEvents)[Type]['data']>;
export const runEventTypes = Object.keys(runEvents) as RunEventType[];

export const channels = ['training', 'progress', 'logs'] as const;
export type Channel = (typeof channels)[number];
export function channelOf(type: RunEventType): Channel {
  return runEvents[type].channel;
}

/** An event of a run before the log has given it its place; a log line has no number yet. */
export type NewRunEvent = {
  [Type in RunEventType]: { type: Type; data: Type extends 'log_entry' ? NewLogEntry : RunEventData<Type>; at: Date };
}[RunEventType];

/** Where the log puts an event; `line` is the number of a log line. */
export interface EventPlace {
  runId: string;
  seq: number;
  prevSeq?: number;
  line?: number;
}

const envelope = {
  run_id: idSchema,
  seq: z.int().min(1).meta({ description: 'Rises by one per run over all channels, with no hole' }),
  prev_seq: z
    .int()
    .min(0)
    .optional()
    .meta({ description: "The channel's previous event of this run; 0 before the first" }),
  timestamp: timestampSchema,
};

function messageOf<Type extends RunEventType, Data extends z.ZodType>(type: Type, { data }: { data: Data }) {
  return z.object({ type: z.literal(type), ...envelope, data });
}

/** `epoch` and `progress_percent` also stand beside `type`: existing clients read them there. */
const progressMessageSchema = messageOf('progress', runEvents.progress).extend({
  epoch: z.int().optional(),
  progress_percent: z.number(),
});

/** One message of a run as it travels: the JSON of a frame's `data:` line, of the WebSocket and of REST. */
export const runMessageSchema = z
  .discriminatedUnion('type', [
    messageOf('status_update', runEvents.status_update),
    messageOf('training_start', runEvents.training_start),
    messageOf('training_update', runEvents.training_update),
    messageOf('training_complete', runEvents.training_complete),
    messageOf('checkpoint_saved', runEvents.checkpoint_saved),
    messageOf('quality_update', runEvents.quality_update),
    messageOf('health_alert', runEvents.health_alert),
    messageOf('sample_generation_complete', runEvents.sample_generation_complete),
    messageOf('sample_generation_error', runEvents.sample_generation_error),
    messageOf('resource_update', runEvents.resource_update),
    progressMessageSchema,
    messageOf('log_entry', runEvents.log_entry),
  ])
  .meta({ id: 'RunMessage' });
export type RunMessage = z.infer<typeof runMessageSchema>;

/** What a stream says of itself: it belongs to no run and has no place in the log. */
export const streamMessageSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('heartbeat'), timestamp: timestampSchema, data: heartbeatSchema }),
    z.object({
      type: z.literal('status_update'),
      run_id: idSchema.optional(),
      timestamp: timestampSchema,
      data: statusUpdateSchema,
    }),
    z.object({
      type: z.literal('replay_gap'),
      run_id: idSchema.optional(),
      timestamp: timestampSchema,
      data: replayGapSchema,
    }),
  ])
  .meta({ id: 'StreamMessage' });
export type StreamMessage = z.infer<typeof streamMessageSchema>;

/** Any message that an event stream can carry. */
export const eventMessageSchema = z.union([runMessageSchema, streamMessageSchema]).meta({ id: 'EventMessage' });
export type EventMessage = z.infer<typeof eventMessageSchema>;

/** Puts a logged event into its wire form. */
export function toRunMessage(event: NewRunEvent, place: EventPlace): RunMessage {
  const message = {
    type: event.type,
    run_id: place.runId,
    seq: place.seq,
    ...(place.prevSeq === undefined ? {} : { prev_seq: place.prevSeq }),
    timestamp: event.at.toISOString(),
    ...(event.type === 'progress' ? { epoch: event.data.epoch, progress_percent: event.data.progress_percent } : {}),
    data: place.line === undefined ? event.data : { ...event.data, line: place.line },
  };
  // The pairing of type and data is the union's own; spreading only loses it for the compiler.
  return message as RunMessage;
}
