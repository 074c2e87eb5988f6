import { describe, expect, it } from 'vitest';
import {
  channelOf,
  channels,
  eventMessageSchema,
  finalRunStatuses,
  isFinalRunStatus,
  runEventTypes,
  runEvents,
  runMessageSchema,
  runStatuses,
  streamMessageSchema,
  toRunMessage,
} from './events';
import type { NewRunEvent, RunEventData, RunEventType } from './events';

const runId = '11111111-1111-4111-8111-111111111111';
const otherId = '22222222-2222-4222-8222-222222222222';
const time = '2026-11-23T10:00:00.000Z';
const at = new Date(time);

/** One of each type. The compiler asks for the missing one when a type is added. */
const examples: { [Type in RunEventType]: RunEventData<Type> } = {
  status_update: { status: 'running', message: 'Training runs.' },
  training_start: {
    status: 'started',
    message: 'Training has started.',
    config: { epochs: 3, generator_layers: [32, 32], learning_rate_decay: true },
    data_source: 'order_book.csv',
    model: 'wgan-gp',
    total_epochs: 3,
    parameters: { generator: 4_021, critic: 3_105 },
    seed: 42,
    engine: 'tensorflow-node 4.22.0',
  },
  training_update: {
    epoch: 1,
    total_epochs: 3,
    step: 60,
    generator_loss: -0.25,
    discriminator_loss: 'NaN',
    real_scores: 'Infinity',
    fake_scores: '-Infinity',
    gradient_penalty: 0.01,
  },
  training_complete: {
    status: 'failed',
    message: 'Training failed.',
    return_code: null,
    signal: 'SIGKILL',
    error: 'the trainer ended with SIGKILL',
    duration_seconds: 12.5,
  },
  checkpoint_saved: { checkpoint_id: otherId, epoch: 3, step: 180, size_bytes: 90_000 },
  quality_update: {
    state: 'measured',
    epoch: 3,
    total_epochs: 3,
    step: 180,
    scores: { overall: { value: 0.9, floor: 0.7, ceiling: 0.98 }, coverage: { value: 1, ceiling: 1 } },
    columns: [
      {
        name: 'side',
        kind: 'category',
        shape: 0.9,
        coverage: 0.5,
        parts: [{ label: 'bid', real: 0.6, synthetic: 0.7, is_judged: true }],
      },
    ],
    is_best: true,
    seconds: 0.2,
  },
  health_alert: {
    verdict: 'not_finite',
    previous: 'balanced',
    severity: 'error',
    message: 'generator_loss became NaN.',
    rule: 'a measured number is no number',
    numbers: { generator_loss: 'NaN' },
    advice: ['Lower generator_learning_rate.'],
    epoch: 3,
    step: 180,
  },
  sample_generation_complete: { sample_id: otherId, rows: 1_000, seed: 42, format: 'csv', size_bytes: 64_000 },
  sample_generation_error: { sample_id: otherId, error: 'The disk is full.' },
  resource_update: { epoch: 1, step: 60, cpu_percent: 97.5, memory_bytes: 250_000_000 },
  progress: {
    epoch: 1,
    total_epochs: 3,
    step: 60,
    total_steps: 180,
    progress_percent: 33.3,
    phase: 'training',
    elapsed_seconds: 1.5,
    eta_seconds: 3,
  },
  log_entry: {
    message: 'epoch 1 of 3',
    source: 'training_output',
    stream: 'stdout',
    level: 'info',
    line: 1,
    timestamp: time,
  },
};

const eventOf = (type: RunEventType) => ({ type, data: examples[type], at }) as NewRunEvent;
const overTheWire = (message: unknown): unknown => JSON.parse(JSON.stringify(message));

describe('the event map', () => {
  it.each(runEventTypes)('%s has a channel and a schema, and travels unharmed', (type) => {
    expect(channels).toContain(channelOf(type));
    expect(runEvents[type].data.parse(examples[type])).toEqual(examples[type]);
    const message = toRunMessage(eventOf(type), { runId, seq: 7, prevSeq: 4 });
    const received = runMessageSchema.parse(overTheWire(message));
    expect(received).toEqual(message);
    expect(received).toMatchObject({ type, run_id: runId, seq: 7, prev_seq: 4, timestamp: time, data: examples[type] });
    expect(eventMessageSchema.parse(overTheWire(message))).toEqual(message);
  });

  it('holds exactly the types that a message may have', () => {
    const accepted = runMessageSchema.options.map((option) => option.shape.type.value);
    expect([...accepted].sort()).toEqual([...runEventTypes].sort());
    expect(Object.keys(examples).sort()).toEqual([...runEventTypes].sort());
  });

  it('sends each type over the channel that clients listen on', () => {
    expect(runEventTypes.filter((type) => channelOf(type) === 'progress')).toEqual(['progress']);
    expect(runEventTypes.filter((type) => channelOf(type) === 'logs')).toEqual(['log_entry']);
    expect(runEventTypes.filter((type) => channelOf(type) === 'training')).toHaveLength(runEventTypes.length - 2);
  });
});

describe('toRunMessage', () => {
  it('puts epoch and progress_percent of progress beside type, where existing clients read them', () => {
    const message = toRunMessage(eventOf('progress'), { runId, seq: 1 });
    expect(message).toMatchObject({ epoch: 1, progress_percent: 33.3, data: { epoch: 1, progress_percent: 33.3 } });
    const { progress_percent: _percent, ...without } = message as Record<string, unknown>;
    expect(runMessageSchema.safeParse(without).success).toBe(false);
  });

  it('leaves out what a trainer did not say', () => {
    const { epoch: _epoch, total_epochs: _total, ...update } = examples.training_update;
    expect(
      runMessageSchema.parse(toRunMessage({ type: 'training_update', data: update, at }, { runId, seq: 1 })),
    ).toEqual({ type: 'training_update', run_id: runId, seq: 1, timestamp: time, data: update });
    const progress = { progress_percent: 5, phase: 'training', elapsed_seconds: 1 } as const;
    expect(toRunMessage({ type: 'progress', data: progress, at }, { runId, seq: 1 })).toEqual({
      type: 'progress',
      run_id: runId,
      seq: 1,
      timestamp: time,
      progress_percent: 5,
      data: progress,
    });
  });

  it.each(runEventTypes.filter((type) => type !== 'progress'))('puts nothing of %s beside type', (type) => {
    const message = toRunMessage(eventOf(type), { runId, seq: 1 });
    expect(Object.keys(message).sort()).toEqual(['data', 'run_id', 'seq', 'timestamp', 'type']);
  });

  it('numbers a log line where the log puts it', () => {
    const { line: _line, ...entry } = examples.log_entry;
    const message = toRunMessage({ type: 'log_entry', data: entry, at }, { runId, seq: 2, line: 9 });
    expect(runMessageSchema.parse(overTheWire(message))).toMatchObject({ data: { ...entry, line: 9 } });
  });

  it('says the predecessor only where it is known, 0 included', () => {
    expect(toRunMessage(eventOf('log_entry'), { runId, seq: 2 })).not.toHaveProperty('prev_seq');
    expect(toRunMessage(eventOf('log_entry'), { runId, seq: 2, prevSeq: 0 })).toHaveProperty('prev_seq', 0);
  });
});

describe('runMessageSchema', () => {
  const valid = toRunMessage(eventOf('training_update'), { runId, seq: 1 });
  const accepts = (change: object) => runMessageSchema.safeParse({ ...valid, ...change }).success;

  it.each([
    ['an unknown type', { type: 'quality_guess' }],
    ['the type of another payload', { type: 'log_entry' }],
    ['a place before the first', { seq: 0 }],
    ['a place between two', { seq: 1.5 }],
    ['a run id that is none', { run_id: 'run-1' }],
    ['a time without milliseconds', { timestamp: '2026-11-23T10:00:00Z' }],
    ['a time with an offset', { timestamp: '2026-11-23T10:00:00.000+01:00' }],
    ['no data', { data: undefined }],
  ])('refuses %s', (_what, change) => {
    expect(accepts({})).toBe(true);
    expect(accepts(change)).toBe(false);
  });

  it('keeps further metrics by their own names, and only numbers', () => {
    const data = { epoch: 1, total_epochs: 3, step: 60 };
    expect(runMessageSchema.parse({ ...valid, data: { ...data, my_metric: 'NaN' } })).toHaveProperty(
      'data.my_metric',
      'NaN',
    );
    expect(accepts({ data: { ...data, my_metric: 'high' } })).toBe(false);
    expect(accepts({ data: { ...data, generator_loss: null } })).toBe(false);
  });

  it.each([-0.1, 100.1])('refuses a progress of %s %%', (percent) => {
    const progress = toRunMessage(eventOf('progress'), { runId, seq: 1 });
    const data = { ...examples.progress, progress_percent: percent };
    expect(runMessageSchema.safeParse({ ...progress, data }).success).toBe(false);
  });
});

describe('what a stream says of itself', () => {
  it.each([
    { type: 'heartbeat', timestamp: time, data: { server_time: time, last_event_id: '5-9' } },
    { type: 'heartbeat', timestamp: time, data: { server_time: time, last_event_id: null } },
    { type: 'status_update', timestamp: time, data: { status: 'idle', message: 'No run is active.' } },
    { type: 'replay_gap', run_id: runId, timestamp: time, data: { reason: 'expired', message: 'gone', next_seq: 5 } },
  ])('$type without a place in the log', (message) => {
    expect(streamMessageSchema.parse(message)).toEqual(message);
    expect(eventMessageSchema.parse(message)).toEqual(message);
    expect(runMessageSchema.safeParse(message).success).toBe(false);
  });
});

describe('the states of a run', () => {
  it('are final where the run does not go on by itself', () => {
    expect(runStatuses.filter(isFinalRunStatus).sort()).toEqual([...finalRunStatuses].sort());
    expect(isFinalRunStatus('paused')).toBe(false);
    expect(isFinalRunStatus('interrupted')).toBe(true);
  });
});
