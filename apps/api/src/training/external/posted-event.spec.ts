import { describe, expect, it } from 'vitest';
import { parseJsonLine } from '../json-lines';
import { ExternalState } from './external-state';
import { ndjsonLines } from './ndjson-lines';
import type { PostedLine } from './ndjson-lines';
import { readPosted } from './posted-event';

const now = new Date('2026-11-23T10:10:00.000Z');
const run = {
  model: 'my-gan',
  config: { rate: 1 },
  totalEpochs: 5,
  seed: null,
  createdAt: new Date('2026-11-23T10:00:00.000Z'),
  startedAt: new Date('2026-11-23T10:00:00.000Z'),
};
const read = (value: unknown, needsClientSeq = false) => readPosted(value, { run, needsClientSeq, now });
const mistakeIn = (value: unknown, needsClientSeq = false) => {
  const posted = read(value, needsClientSeq);
  return 'mistake' in posted ? posted.mistake : undefined;
};
const update = { type: 'training_update', data: { epoch: 1, step: 7, generator_loss: 0.5, 'val/loss': 'NaN' } };

describe('a posted message', () => {
  it('is an event of the contract', () => {
    expect(read({ ...update, timestamp: '2026-11-23T11:05:00+01:00', client_seq: 3 })).toEqual({
      kind: 'event',
      clientSeq: 3,
      event: { type: 'training_update', data: update.data, at: new Date('2026-11-23T10:05:00.000Z') },
    });
    expect(read({ type: 'heartbeat' })).toEqual({ kind: 'heartbeat' });
  });

  it('gets what the server knows, and nothing that it does not', () => {
    expect(read({ type: 'training_update', data: { epoch: 4, loss: 1 } })).toMatchObject({
      event: { data: { epoch: 4, step: 4, loss: 1 } },
    });
    expect(read({ type: 'progress', epoch: 4, progress_percent: 50 })).toMatchObject({
      event: { data: { epoch: 4, progress_percent: 50, phase: 'training', elapsed_seconds: 600 } },
    });
    expect(read({ type: 'log_entry', data: { message: 'a\0b', stream: 'stderr', line: 9 } })).toMatchObject({
      event: { data: { message: 'ab', source: 'training_error', level: 'info', timestamp: now.toISOString() } },
    });
    expect(read({ type: 'training_complete', data: { status: 'completed' } })).toMatchObject({
      event: {
        data: { status: 'completed', message: 'Training completed.', return_code: null, duration_seconds: 600 },
      },
    });
    const scores = { overall: { value: 0.9, floor: 0.7 } };
    expect(read({ type: 'quality_update', data: { epoch: 4, step: 40, scores } })).toMatchObject({
      event: {
        type: 'quality_update',
        data: { state: 'measured', epoch: 4, step: 40, scores, columns: [], is_best: false },
      },
    });
    const started = read({ type: 'training_start', data: {} });
    expect(started).toMatchObject({ event: { data: { model: 'my-gan', total_epochs: 5, parameters: {} } } });
    expect(started).not.toHaveProperty('event.data.seed');
  });

  it('has a time between the making of the run and now', () => {
    const timeOf = (timestamp: string) => (read({ ...update, timestamp }) as { event: { at: Date } }).event.at;
    expect(timeOf('1970-01-01T00:00:00Z')).toEqual(run.createdAt);
    expect(timeOf('2999-01-01T00:00:00Z')).toEqual(now);
  });

  it.each([
    [7, 'the line'],
    [{}, 'type: must be one of status_update'],
    [{ type: 'checkpoint_saved', data: {} }, 'type: must be one of'],
    [{ ...update, timestamp: 'yesterday' }, 'timestamp: is no time'],
    [{ ...update, client_seq: 0 }, 'client_seq'],
    [{ ...update, data: [] }, 'data'],
    [{ ...update, data: { step: 1 } }, 'data: names no metric'],
    [{ ...update, data: { loss: 1 } }, 'data.step: is missing'],
    [{ ...update, data: { step: 1, loss: 'high' } }, 'data.loss'],
    [{ ...update, data: { step: 1.5, loss: 1 } }, 'data.step'],
    [{ ...update, data: { step: 1, 'a b': 1 } }, 'data.a b: is no name of a metric'],
    [{ type: 'progress', data: { progress_percent: 101 } }, 'data.progress_percent'],
    [{ type: 'log_entry', data: { message: '' } }, 'data.message: is empty'],
    [{ type: 'log_entry', data: { message: 'x', level: 'loud' } }, 'data.level'],
    [{ type: 'status_update', data: { status: 'completed' } }, 'training_complete'],
    [{ type: 'training_complete', data: { status: 'interrupted' } }, 'data.status'],
  ])('%j is refused, by its field', (value, mistake) => expect(mistakeIn(value)).toContain(mistake));

  it('needs a number from a sender that names itself', () => {
    expect(mistakeIn(update, true)).toContain('client_seq: is missing');
    expect(mistakeIn({ ...update, client_seq: 1 }, true)).toBeUndefined();
  });
});

describe('a line of JSON', () => {
  it('may hold the bare NaN of Python', () => {
    expect(parseJsonLine('{"a": NaN, "b": [-Infinity, 1], "c": "NaN, "}')).toEqual({
      json: { a: 'NaN', b: ['-Infinity', 1], c: 'NaN, ' },
    });
    expect(parseJsonLine('{"a": ')).toMatchObject({ mistake: expect.stringContaining('no JSON') });
  });
});

describe('ndjsonLines', () => {
  async function linesOf(chunks: string[], longest = 20): Promise<PostedLine[][]> {
    const body = (async function* () {
      for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
    })();
    const batches: PostedLine[][] = [];
    for await (const batch of ndjsonLines(body, { longest, most: 2 })) batches.push(batch);
    return batches;
  }

  it('gives lines as they arrive, numbered, empty ones left out', async () => {
    expect(await linesOf(['{"a":1}\n\n{"b"', ':2}\r\n{"c":3}\n{"d":4}\n', '{"e":5}'])).toEqual([
      [{ line: 1, text: '{"a":1}' }],
      [
        { line: 3, text: '{"b":2}\r' },
        { line: 4, text: '{"c":3}' },
      ],
      [{ line: 5, text: '{"d":4}' }],
      [{ line: 6, text: '{"e":5}' }],
    ]);
  });

  it('leaves out a line that does not end, without keeping it', async () => {
    expect(await linesOf(['x'.repeat(30), 'y'.repeat(30), '\n{}\n', 'z'.repeat(30)])).toEqual([
      [
        { line: 1, text: undefined },
        { line: 2, text: '{}' },
      ],
      [{ line: 3, text: undefined }],
    ]);
  });
});

describe('the state of an external run', () => {
  const statuses = (state: ExternalState) =>
    state.events.map((event) => (event.type === 'status_update' ? event.data.status : event.type));
  const posted = (value: unknown) => {
    const result = read(value);
    if ('mistake' in result) throw new Error(result.mistake);
    return result;
  };

  it('goes to its end by the ways that the table of states allows', () => {
    const done = posted({ type: 'training_complete', data: { status: 'stopped' } });
    const state = new ExternalState('running', 0, false);
    expect(state.take(done)).toBeUndefined();
    expect(statuses(state)).toEqual(['training_complete', 'stopping', 'stopped']);
    expect(state.take(posted(update))).toContain('has ended (stopped)');
  });

  it('wakes an interrupted run, but not by a replay', () => {
    const awake = new ExternalState('interrupted', 0, false);
    awake.take(posted({ type: 'heartbeat' }));
    expect([awake.status, awake.isRevived]).toEqual(['running', true]);
    const replay = new ExternalState('interrupted', 0, true);
    replay.take(posted(update));
    expect([replay.status, replay.isRevived, replay.events.length]).toEqual(['interrupted', false, 1]);
    expect(replay.take(posted({ type: 'training_complete', data: { status: 'completed' } }))).toBeUndefined();
    expect(replay.status).toBe('completed');
  });

  it('pauses and goes on; progress never falls', () => {
    const state = new ExternalState('running', 40, false);
    state.take(posted({ type: 'status_update', data: { status: 'paused' } }));
    state.take(posted({ type: 'status_update', data: { status: 'paused' } }));
    state.take(posted({ type: 'status_update', data: { status: 'running' } }));
    state.take(posted({ type: 'progress', data: { progress_percent: 30 } }));
    expect(statuses(state)).toEqual(['paused', 'running', 'progress']);
    expect(state.events[2]).toMatchObject({ data: { progress_percent: 40 } });
    expect(
      new ExternalState('stopping', 0, false).take(posted({ type: 'status_update', data: { status: 'running' } })),
    ).toContain('stopping cannot be running');
  });
});
