import { aLogMessage, anUpdate, at, runId } from '../testing/builders';
import { inspect } from './inspected-message';
import { FigureCounter } from './stream-figures';
import { streamTargets, streamUrl, subscription } from './stream-target';
import type { StreamTarget } from './stream-target';

const sentAt = Date.parse(at);

function message(body: unknown, arrivedAfterMs = 0, openedAt = sentAt) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return inspect(text, { number: 1, stream: 'all', at: sentAt + arrivedAfterMs, openedAt });
}

describe('inspect', () => {
  it('reads what there is of a message', () => {
    expect(message({ ...aLogMessage(7, 1), prev_seq: 5 }, 12)).toMatchObject({
      type: 'log_entry',
      channel: 'logs',
      runId,
      seq: 7,
      prevSeq: 5,
      sentAt,
      latencyMs: 12,
    });
  });

  it('takes the age of a replayed message for no latency', () => {
    expect(message(aLogMessage(7, 1), 5_000, sentAt + 1).latencyMs).toBeNull();
  });

  it('keeps what it can not read, and counts bytes, not characters', () => {
    expect(message('–no JSON')).toMatchObject({ type: 'unreadable', bytes: 10, seq: null, channel: null });
    expect(message('3')).toMatchObject({ type: 'unreadable' });
    expect(message({ type: 'cursor' })).toMatchObject({ type: 'cursor', channel: null, latencyMs: null });
  });
});

describe('FigureCounter', () => {
  it('counts messages, bytes, types, runs and the rate of the last five seconds', () => {
    const counter = new FigureCounter();
    for (const seq of [1, 2, 3]) counter.add(message(aLogMessage(seq, seq), seq * 1_000));
    counter.add(message(anUpdate(4, 1), 4_000));
    const figures = counter.figures(sentAt + 6_500);
    expect(figures).toMatchObject({ messages: 4, runs: 1, perSecond: 0.6 });
    expect(figures.bytes).toBeGreaterThan(400);
    expect(figures.types).toEqual([
      { type: 'log_entry', count: 3 },
      { type: 'training_update', count: 1 },
    ]);
  });

  it('gives the nearest rank of latencies, and none before the first', () => {
    const counter = new FigureCounter();
    expect(counter.figures(0).latency).toBeNull();
    for (let ms = 1; ms <= 100; ms += 1) counter.add(message(aLogMessage(ms, ms), ms));
    expect(counter.figures(sentAt).latency).toEqual({ last: 100, p50: 50, p95: 95 });
  });

  it('sees a gap of one channel by the place that an event says was before it, and counts repeats apart', () => {
    const counter = new FigureCounter();
    const log = (seq: number, prev_seq: number) => counter.add(message({ ...aLogMessage(seq, seq), prev_seq }));
    log(10, 8);
    counter.add(message({ ...anUpdate(11, 1), prev_seq: 3 }));
    log(13, 10);
    expect(counter.figures(sentAt)).toMatchObject({ gaps: 0, repeats: 0 });
    log(13, 10);
    log(20, 17);
    expect(counter.figures(sentAt)).toMatchObject({ gaps: 1, repeats: 1 });
  });
});

describe('streamUrl', () => {
  const target = (name: string) => streamTargets.find((candidate) => candidate.name === name) as StreamTarget;

  it('leads to the stream under the base, with run and cursor', () => {
    const base = 'https://host/gan/';
    expect(streamUrl(target('logs'), { runId: null, cursor: null }, base)).toBe('https://host/gan/events/logs');
    expect(streamUrl(target('all'), { runId: 'r', cursor: '0' }, base)).toBe(
      'https://host/gan/events?channels=training%2Cprogress%2Clogs&run=r&last_event_id=0',
    );
    expect(streamUrl(target('websocket'), { runId: 'r', cursor: '0' }, base)).toBe('wss://host/gan/ws');
    expect(streamUrl(target('websocket'), { runId: null, cursor: null }, 'http://host/')).toBe('ws://host/ws');
  });

  it('subscribes on the WebSocket', () => {
    const channels = ['training', 'progress', 'logs'];
    expect(subscription(target('websocket'), { runId: null, cursor: null })).toEqual({ subscribe: channels });
    expect(subscription(target('websocket'), { runId: 'r', cursor: '0' })).toEqual({
      subscribe: channels,
      run: 'r',
      last_event_id: '0',
    });
  });
});
