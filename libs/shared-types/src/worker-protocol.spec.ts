import { describe, expect, it } from 'vitest';
import { workerCommandSchema, workerMessageSchema } from './worker-protocol';
import type { WorkerMessage } from './worker-protocol';

const train = {
  task: 'train',
  run_id: '11111111-1111-4111-8111-111111111111',
  model: 'wgan-gp',
  config: { epochs: 3 },
  seed: 7,
  data: {
    parquet_path: 'data/rows.parquet',
    source_name: 'book.csv',
    columns: [{ name: 'price', type: 'number', role: 'numeric', missing: 0, distinct: 9 }],
  },
  checkpoint_folder: 'data/checkpoints',
};
const sample = {
  task: 'sample',
  checkpoint_path: 'data/checkpoints/3.ckpt',
  checkpoint_sha256: 'ab',
  rows: 10,
  seed: 7,
  csv_path: 'data/out.csv',
};

describe('workerCommandSchema', () => {
  it.each([[train], [sample], ...['stop', 'pause', 'resume', 'checkpoint'].map((task) => [{ task }])])(
    'takes %j',
    (command) => {
      expect(workerCommandSchema.parse(command)).toEqual(command);
    },
  );

  it.each([
    [{ task: 'wait' }],
    [{}],
    [{ ...train, run_id: 'one' }],
    [{ ...train, seed: -1 }],
    [{ ...train, data: undefined }],
    [{ ...sample, rows: 0 }],
  ])('refuses %j', (command) => expect(workerCommandSchema.safeParse(command).success).toBe(false));
});

/** One of each kind. The compiler asks for the missing one when a kind is added. */
const messages: { [Kind in WorkerMessage['kind']]: Omit<Extract<WorkerMessage, { kind: Kind }>, 'kind'> } = {
  ready: {},
  started: {
    data: {
      status: 'started',
      message: 'Training has started.',
      config: {},
      data_source: 'book.csv',
      model: 'wgan-gp',
      total_epochs: 3,
      parameters: { generator: 10 },
      seed: 7,
    },
  },
  update: { data: { epoch: 1, total_epochs: 3, step: 20, generator_loss: 'NaN' } },
  progress: {
    data: {
      epoch: 1,
      total_epochs: 3,
      step: 20,
      total_steps: 60,
      progress_percent: 33.3,
      phase: 'training',
      elapsed_seconds: 1,
    },
  },
  log: { level: 'warning', message: 'slow' },
  checkpoint: {
    data: {
      path: 'data/3.ckpt',
      sha256: 'ab',
      size_bytes: 10,
      epoch: 3,
      step: 60,
      reason: 'requested',
      metrics: { generator_loss: -0.5, gradient_norm: 'NaN' },
    },
  },
  quality: {
    data: { state: 'failed', message: 'no memory', epoch: 3, step: 60, scores: {}, columns: [], is_best: false },
  },
  health: {
    data: {
      verdict: 'balanced',
      severity: 'ok',
      message: 'The players are balanced.',
      rule: 'no other rule applies',
      numbers: { gradient_norm: 1 },
      advice: [],
      epoch: 1,
      step: 20,
    },
  },
  paused: { step: 60 },
  resumed: { step: 60 },
  sampled: { rows: 2, columns: ['price'], preview: [[1.5], [null]] },
  finished: { outcome: 'completed', reason: 'no better for 5 measurements' },
  failed: { error: 'out of memory' },
};
const kinds = Object.keys(messages) as WorkerMessage['kind'][];

describe('workerMessageSchema', () => {
  it.each(kinds)('takes %s as it comes over IPC', (kind) => {
    const message = { kind, ...messages[kind] };
    expect(workerMessageSchema.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });

  it('knows exactly these kinds', () => {
    expect(workerMessageSchema.options.map((option) => option.shape.kind.value).sort()).toEqual([...kinds].sort());
    expect(workerMessageSchema.safeParse({ kind: 'hello' }).success).toBe(false);
    expect(workerMessageSchema.safeParse('ready').success).toBe(false);
  });

  it.each([
    [{ kind: 'finished', outcome: 'failed' }],
    [{ kind: 'log', level: 'fatal', message: '' }],
    [{ kind: 'update', data: { epoch: 1, total_epochs: 3, step: 20, generator_loss: null } }],
    [{ kind: 'failed' }],
  ])('refuses %j', (message) => expect(workerMessageSchema.safeParse(message).success).toBe(false));
});
