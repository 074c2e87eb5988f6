import { TestBed } from '@angular/core/testing';
import type { EventMessage } from '@gan-dashboard/shared-types';
import { aLogMessage, at } from '../testing/builders';
import { backoffMs } from './backoff';
import { EventSourceLiveEvents, OPEN_EVENT_SOURCE } from './event-source-live-events';
import type { EventSourceLike } from './event-source-live-events';

class FakeEventSource implements EventSourceLike {
  onopen: EventSourceLike['onopen'] = null;
  onmessage: EventSourceLike['onmessage'] = null;
  onerror: EventSourceLike['onerror'] = null;
  isClosed = false;

  constructor(readonly url: string) {}

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.onopen?.call(this as unknown as EventSource, new Event('open'));
  }

  fail(): void {
    this.onerror?.call(this as unknown as EventSource, new Event('error'));
  }

  say(message: unknown, lastEventId = ''): void {
    const event = new MessageEvent('message', { data: JSON.stringify(message), lastEventId });
    this.onmessage?.call(this as unknown as EventSource, event);
  }
}

function heartbeat(cursor: string | null = null): EventMessage {
  return { type: 'heartbeat', timestamp: at, data: { server_time: at, last_event_id: cursor } };
}

describe('EventSourceLiveEvents', () => {
  let sources: FakeEventSource[];
  let live: EventSourceLiveEvents;
  let messages: EventMessage[];
  let resyncs: number;
  const newest = () => sources.at(-1) as FakeEventSource;

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse(at) });
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    sources = [];
    TestBed.configureTestingModule({
      providers: [
        EventSourceLiveEvents,
        {
          provide: OPEN_EVENT_SOURCE,
          useValue: (url: string) => {
            const source = new FakeEventSource(url);
            sources.push(source);
            return source;
          },
        },
      ],
    });
    live = TestBed.inject(EventSourceLiveEvents);
    messages = [];
    resyncs = 0;
    live.messages.subscribe((message) => messages.push(message));
    live.resync.subscribe(() => (resyncs += 1));
    live.start();
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('opens one connection for all channels, relative to the base href', () => {
    live.start();
    expect(sources).toHaveLength(1);
    const url = new URL(newest().url);
    expect(url.pathname).toBe(new URL('events', document.baseURI).pathname);
    expect(url.searchParams.get('channels')).toBe('training,progress,logs');
    expect(url.searchParams.has('last_event_id')).toBe(false);
  });

  it('is live once opened and measures the delay of what it hears', () => {
    expect(live.state().kind).toBe('connecting');
    newest().open();
    expect(live.state().kind).toBe('live');
    vi.advanceTimersByTime(250);
    newest().say(aLogMessage(1, 1));
    expect(live.delayMs()).toBe(250);
    expect(live.lastHeardAt()).toBe(Date.now());
    expect(resyncs).toBe(0);
  });

  it('gives each message once, and counts and reports what the numbering proves missing', () => {
    newest().open();
    for (const seq of [5, 6, 6, 5, 9]) newest().say(aLogMessage(seq, seq));
    expect(messages.map((message) => ('seq' in message ? message.seq : null))).toEqual([5, 6, 9]);
    expect(live.missedCount()).toBe(2);
    expect(resyncs).toBe(1);
  });

  it('reconnects by itself after an error, at its cursor, and asks for the history', () => {
    newest().open();
    newest().say(aLogMessage(1, 1), '17');
    newest().fail();
    expect(sources[0]?.isClosed).toBe(true);
    const delay = backoffMs(0, 0.5);
    expect(live.state()).toEqual({ kind: 'reconnecting', attempt: 1, retryAt: Date.now() + delay });
    vi.advanceTimersByTime(delay);
    expect(sources).toHaveLength(2);
    expect(new URL(newest().url).searchParams.get('last_event_id')).toBe('17');
    newest().open();
    expect(live.state().kind).toBe('live');
    expect(resyncs).toBe(1);
  });

  it('waits longer with each failed attempt and starts afresh once it hears something', () => {
    newest().fail();
    vi.advanceTimersByTime(backoffMs(0, 0.5));
    newest().fail();
    expect(live.state()).toMatchObject({ attempt: 2, retryAt: Date.now() + backoffMs(1, 0.5) });
    expect(backoffMs(1, 0.5)).toBeGreaterThan(backoffMs(0, 0.5));
    vi.advanceTimersByTime(backoffMs(1, 0.5));
    newest().open();
    newest().say(heartbeat());
    newest().fail();
    expect(live.state()).toMatchObject({ attempt: 1 });
  });

  it('takes the cursor of a heartbeat and passes heartbeats to nobody', () => {
    newest().open();
    newest().say(heartbeat('31'));
    expect(messages).toEqual([]);
    live.reconnectNow();
    expect(new URL(newest().url).searchParams.get('last_event_id')).toBe('31');
  });

  it('reconnects when nothing was heard for 45 s, and not while heartbeats come', () => {
    newest().open();
    for (let count = 0; count < 6; count += 1) {
      vi.advanceTimersByTime(15_000);
      newest().say(heartbeat());
    }
    expect(sources).toHaveLength(1);
    vi.advanceTimersByTime(50_000);
    expect(sources).toHaveLength(2);
    expect(sources[0]?.isClosed).toBe(true);
  });

  it('does not wait for the timer when the device is back on the network', () => {
    newest().open();
    window.dispatchEvent(new Event('online'));
    expect(sources).toHaveLength(1);
    newest().fail();
    window.dispatchEvent(new Event('online'));
    expect(sources).toHaveLength(2);
    vi.advanceTimersByTime(60_000 - 30_000);
    expect(sources).toHaveLength(2);
  });

  it('says offline where the device has no network, and goes on trying', () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    newest().open();
    newest().fail();
    expect(live.state().kind).toBe('offline');
    vi.advanceTimersByTime(backoffMs(0, 0.5));
    expect(sources).toHaveLength(2);
  });

  it('reports an unknown type once, and reads the history after a replay gap', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    newest().open();
    newest().say({ type: 'moon_phase', timestamp: at });
    newest().say({ type: 'moon_phase', timestamp: at });
    newest().say({ type: 'log_entry', timestamp: at, run_id: 'no id' });
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([
      'An event of type "moon_phase" is of an unknown type and is not shown',
      'An event of type "log_entry" does not fit the contract and is not shown',
    ]);
    expect(messages).toEqual([]);
    newest().say({ type: 'replay_gap', timestamp: at, data: {} });
    expect(resyncs).toBe(1);
  });
});
