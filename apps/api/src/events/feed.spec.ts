import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Feed, defaultFeedLimits } from './feed';
import type { Frame } from './frame';
import { ResponseSink } from './response-sink';
import { StreamClient } from './stream-client';

const runId = '6f1c1a7e-55b1-4f0e-9d3c-1f2e3d4c5b6a';

function frame(seq: number, channel: Frame['channel'] = 'training', json = `{"seq":${seq}}`): Frame {
  return { runId, seq, channel, json };
}

/** A response that takes what it is told to take and remembers it. */
class FakeResponse extends EventEmitter {
  readonly written: string[] = [];
  writableLength = 0;
  takes = true;
  ended: 'end' | 'destroy' | undefined;

  write(bytes: Buffer): boolean {
    this.written.push(bytes.toString());
    if (!this.takes) this.writableLength += bytes.length;
    return this.takes;
  }

  end(): void {
    this.ended = 'end';
  }

  destroy(): void {
    this.ended = 'destroy';
  }

  drain(): void {
    this.writableLength = 0;
    this.takes = true;
    this.emit('drain');
  }
}

function join(feed: Feed, limits?: ConstructorParameters<typeof StreamClient>[2]) {
  const response = new FakeResponse();
  const client = new StreamClient(new ResponseSink(response as unknown as ServerResponse), feed, limits);
  feed.clients.add(client);
  client.follow(feed.head);
  return { response, client };
}

let publication = 0;
function append(feed: Feed, one: Frame): void {
  feed.append(one, ++publication);
}

describe('Feed', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const oneRun = () => new Feed({ channels: ['training', 'logs'], runId });

  it('sends at once as long as nothing would be gained by waiting', () => {
    const feed = oneRun();
    const { response } = join(feed);
    for (let seq = 1; seq <= 3; seq++) {
      append(feed, frame(seq));
      vi.advanceTimersByTime(1);
      expect(response.written).toHaveLength(seq);
    }
    expect(response.written[0]).toBe(`id: ${runId}:1\ndata: {"seq":1}\n\n`);
  });

  it('gathers what comes fast, for 25 ms at most', () => {
    const feed = oneRun();
    const { response } = join(feed);
    for (let seq = 1; seq <= 400; seq++) {
      append(feed, frame(seq));
      if (seq % 2 === 0) vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(25);
    expect(response.written.join('').match(/data:/g)).toHaveLength(400);
    // 200 ms in steps of 25, and the first ones while the pace was still growing.
    expect(response.written.length).toBeLessThanOrEqual(14);
    const before = response.written.length;
    append(feed, frame(401));
    vi.advanceTimersByTime(25);
    expect(response.written).toHaveLength(before + 1);
  });

  it('lets log lines wait up to 100 ms, but not a metric behind them', () => {
    const feed = oneRun();
    const { response } = join(feed);
    append(feed, frame(1));
    vi.advanceTimersByTime(1);
    append(feed, frame(2, 'logs'));
    vi.advanceTimersByTime(50);
    expect(response.written).toHaveLength(1);
    append(feed, frame(3));
    vi.advanceTimersByTime(1);
    expect(response.written[1]).toContain('"seq":2');
    expect(response.written[1]).toContain('"seq":3');
  });

  it('gives all clients at the same place the same buffer', () => {
    const feed = oneRun();
    append(feed, frame(1));
    append(feed, frame(2));
    const batch = feed.batchFrom(0, 1_000);
    expect(batch.to).toBe(2);
    expect(feed.batchFrom(0, 1_000).bytes).toBe(batch.bytes);
  });

  it('puts ids only on streams of one run', () => {
    const feed = new Feed({ channels: ['training'], runId: undefined });
    const { response } = join(feed);
    append(feed, frame(1));
    feed.appendCursor('there');
    vi.advanceTimersByTime(100);
    expect(response.written.join('')).toBe('data: {"seq":1}\n\nid: there\n\n');
  });

  it('writes nothing more to a client above its high-water mark, and goes on where it stopped', () => {
    const feed = oneRun();
    const { response } = join(feed, { highWaterBytes: 60, drainDeadlineMs: 1_000 });
    const other = join(feed);
    response.takes = false;
    for (let seq = 1; seq <= 5; seq++) append(feed, frame(seq));
    vi.advanceTimersByTime(100);
    expect(response.written.length).toBeLessThan(5);
    expect(other.response.written.join('').match(/data:/g)).toHaveLength(5);
    while (response.written.length < 5) response.drain();
    expect(response.written.join('')).toBe(other.response.written.join(''));
  });

  it('cuts a client that drains nothing before the deadline', () => {
    const feed = oneRun();
    const { response, client } = join(feed, { highWaterBytes: 10, drainDeadlineMs: 1_000 });
    response.takes = false;
    append(feed, frame(1));
    vi.advanceTimersByTime(1_100);
    expect(response.ended).toBe('destroy');
    expect(client.endReason).toBe('slow');
  });

  it('cuts a client that fell out of the ring instead of leaving a hole', () => {
    const feed = new Feed({ channels: ['training'], runId }, { ...defaultFeedLimits, ringFrames: 3 });
    const { response, client } = join(feed, { highWaterBytes: 10, drainDeadlineMs: 60_000 });
    response.takes = false;
    append(feed, frame(1));
    vi.advanceTimersByTime(30);
    for (let seq = 2; seq <= 9; seq++) append(feed, frame(seq));
    response.drain();
    expect(client.endReason).toBe('overrun');
  });

  it('keeps its memory within the ring', () => {
    const feed = new Feed(
      { channels: ['training'], runId },
      { ...defaultFeedLimits, ringFrames: 100, ringBytes: 10_000 },
    );
    for (let seq = 1; seq <= 1_000; seq++) append(feed, frame(seq, 'training', 'x'.repeat(300)));
    expect(feed.head).toBe(1_000);
    expect(feed.head - feed.tail).toBeLessThanOrEqual(30);
  });

  it('leaves a heartbeat out while the client is behind', () => {
    const feed = oneRun();
    const { response, client } = join(feed, { highWaterBytes: 10, drainDeadlineMs: 60_000 });
    client.beat(Buffer.from('beat'));
    response.takes = false;
    append(feed, frame(1));
    vi.advanceTimersByTime(30);
    client.beat(Buffer.from('beat'));
    expect(response.written.filter((text) => text === 'beat')).toHaveLength(1);
  });
});
