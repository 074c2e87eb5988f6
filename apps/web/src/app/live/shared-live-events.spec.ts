import { TestBed } from '@angular/core/testing';
import type { EventMessage } from '@gan-dashboard/shared-types';
import { aLogMessage } from '../testing/builders';
import type { LinkOptions, LinkReport, LiveLink, OpenLink } from './live-link';
import type { Health, LiveCommand } from './live-report';
import { LIVE_LINKS, SharedLiveEvents } from './shared-live-events';

class FakeLink implements LiveLink {
  readonly sent: LiveCommand[] = [];
  isClosed = false;

  constructor(readonly options: LinkOptions) {}

  send(command: LiveCommand): void {
    this.sent.push(command);
  }

  close(): void {
    this.isClosed = true;
  }
}

const live: Health = { state: { kind: 'live' }, flowingSince: 5, lastHeardAt: 6, delayMs: 7 };

describe('SharedLiveEvents', () => {
  let ways: OpenLink[];
  let links: FakeLink[];
  let events: SharedLiveEvents;
  let messages: EventMessage[];
  let resyncs: number;
  const newest = () => links.at(-1) as FakeLink;
  const hear = (seq: number) =>
    newest().options.report({
      kind: 'heard',
      at: Date.now(),
      delayMs: 4,
      cursor: `c${seq}`,
      message: aLogMessage(seq, seq),
    });

  const opens: OpenLink = (options) => {
    const link = new FakeLink(options);
    links.push(link);
    return Promise.resolve(link);
  };
  const refuses: OpenLink = () => Promise.reject(new Error('not in this browser'));

  beforeEach(() => {
    ways = [opens];
    links = [];
    messages = [];
    resyncs = 0;
    vi.spyOn(console, 'info').mockReturnValue();
    TestBed.configureTestingModule({ providers: [SharedLiveEvents, { provide: LIVE_LINKS, useFactory: () => ways }] });
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    vi.restoreAllMocks();
  });

  async function start(): Promise<void> {
    events = TestBed.inject(SharedLiveEvents);
    events.messages.subscribe((message) => messages.push(message));
    events.resync.subscribe(() => (resyncs += 1));
    events.start();
    events.start();
    await vi.waitFor(() => expect(links).toHaveLength(1));
  }

  it('takes the first way that opens, once, under the base of the page', async () => {
    ways = [refuses, opens, opens];
    await start();
    expect(links).toHaveLength(1);
    expect(newest().options.baseUrl).toBe(new URL('.', document.baseURI).href);
    expect(events.state()).toEqual({ kind: 'connecting' });
  });

  it('shows what it is told on joining, and reads the history then: it may be older than the stream', async () => {
    await start();
    newest().options.report({ kind: 'welcome', health: live });
    newest().options.report({ kind: 'sharing', sharing: { kind: 'worker', tabs: 3 } });
    expect(events.state()).toEqual({ kind: 'live' });
    expect([events.lastHeardAt(), events.delayMs()]).toEqual([6, 7]);
    expect(events.sharing()).toEqual({ kind: 'worker', tabs: 3 });
    expect(resyncs).toBe(1);
  });

  it('reads the history again whenever the flow was broken, and only then', async () => {
    await start();
    const report = (said: LinkReport) => newest().options.report(said);
    report({ kind: 'welcome', health: { ...live, state: { kind: 'connecting' }, flowingSince: null } });
    expect(resyncs).toBe(0);
    report({ kind: 'health', health: live });
    expect(resyncs).toBe(1);
    report({ kind: 'health', health: { ...live, delayMs: 9 } });
    expect(resyncs).toBe(1);
    report({
      kind: 'health',
      health: { ...live, state: { kind: 'reconnecting', attempt: 1, retryAt: null }, flowingSince: null },
    });
    report({ kind: 'health', health: { ...live, flowingSince: 99 } });
    expect(resyncs).toBe(2);
    report({ kind: 'replay_gap' });
    expect(resyncs).toBe(3);
    report({ kind: 'welcome', health: { ...live, flowingSince: 99 } });
    expect(resyncs).toBe(4);
  });

  it('gives each message once, and counts and reports what the numbering proves missing', async () => {
    await start();
    for (const seq of [5, 6, 6, 5, 9]) hear(seq);
    expect(messages.map((message) => ('seq' in message ? message.seq : null))).toEqual([5, 6, 9]);
    expect(events.missedCount()).toBe(2);
    expect(resyncs).toBe(1);
    expect(events.delayMs()).toBeGreaterThanOrEqual(4);
    expect(newest().options.seen()).toEqual({ cursor: 'c9', seen: [[aLogMessage(9, 9).run_id, 9]] });
  });

  it('takes another way when one breaks for good', async () => {
    ways = [(options) => opens(options), opens];
    await start();
    const [first] = links;
    await Promise.resolve();
    first?.options.lost(new Error('crashed'));
    await vi.waitFor(() => expect(links).toHaveLength(2));
    expect(first?.isClosed).toBe(true);
    first?.options.report({ kind: 'health', health: live });
    expect(events.state().kind).toBe('connecting');
    newest().options.report({ kind: 'health', health: live });
    expect(events.state().kind).toBe('live');
  });

  it('tells the holder of the connection when the device is back and the page in sight', async () => {
    await start();
    await vi.waitFor(() => {
      window.dispatchEvent(new Event('online'));
      expect(newest().sent).toContainEqual({ kind: 'recover' });
    });
    document.dispatchEvent(new Event('visibilitychange'));
    expect(newest().sent).toContainEqual({ kind: 'visibility', isVisible: document.visibilityState === 'visible' });
    events.reconnectNow();
    expect(newest().sent.at(-1)).toEqual({ kind: 'reconnect' });
  });

  it('leaves with the page, and joins again when the browser brings the page back as it was', async () => {
    await start();
    window.dispatchEvent(new Event('pagehide'));
    await vi.waitFor(() => expect(links[0]?.isClosed).toBe(true));
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    await vi.waitFor(() => expect(links).toHaveLength(2));
  });
});
