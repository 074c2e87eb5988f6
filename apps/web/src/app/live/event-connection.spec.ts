import type { EventMessage } from '@gan-dashboard/shared-types';
import { aLogMessage, aRun, at, runId } from '../testing/builders';
import { FakeEnvironment } from '../testing/fake-streams';
import { backoffMs } from './backoff';
import { EventConnection } from './event-connection';
import type { LiveReport } from './live-report';

function heartbeat(cursor: string | null = null): EventMessage {
  return { type: 'heartbeat', timestamp: at, data: { server_time: at, last_event_id: cursor } };
}

describe('EventConnection', () => {
  let environment: FakeEnvironment;
  let connection: EventConnection;
  let reports: LiveReport[];
  const newest = () => environment.newest;
  const state = () => connection.health.state;
  const seqs = () =>
    reports.flatMap((report) =>
      report.kind === 'heard' && report.message && 'seq' in report.message ? [report.message.seq] : [],
    );

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse(at) });
    environment = new FakeEnvironment();
    reports = [];
    connection = new EventConnection({ baseUrl: 'http://host/gan/', cursor: null, seen: [] }, environment, (report) =>
      reports.push(report),
    );
    connection.start();
  });

  afterEach(() => {
    connection.stop();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('opens one connection for all channels, under the base of the application', () => {
    connection.start();
    expect(environment.sources).toHaveLength(1);
    const url = new URL(newest().url);
    expect(url.pathname).toBe('/gan/events');
    expect(url.searchParams.get('channels')).toBe('training,progress,logs');
    expect(url.searchParams.has('last_event_id')).toBe(false);
  });

  it('is live once opened and measures the delay of what it hears', () => {
    expect(state().kind).toBe('connecting');
    newest().open();
    expect(connection.health).toMatchObject({ state: { kind: 'live' }, flowingSince: Date.now() });
    vi.advanceTimersByTime(250);
    newest().say(aLogMessage(1, 1), '9');
    const message = aLogMessage(1, 1);
    expect(reports.at(-1)).toEqual({ kind: 'heard', at: Date.now(), delayMs: 250, cursor: '9', message });
    expect(connection.health).toMatchObject({ lastHeardAt: Date.now(), delayMs: 250 });
  });

  it('takes the age of replayed messages for no delay', () => {
    vi.advanceTimersByTime(4_000);
    newest().open();
    newest().say(aLogMessage(1, 1));
    expect(reports.at(-1)).toMatchObject({ kind: 'heard', delayMs: null });
  });

  it('gives each message once', () => {
    newest().open();
    for (const seq of [5, 6, 6, 5, 9]) newest().say(aLogMessage(seq, seq));
    expect(seqs()).toEqual([5, 6, 9]);
  });

  it('reconnects by itself after an error, at its cursor', () => {
    newest().open();
    newest().say(aLogMessage(1, 1), '17');
    newest().fail();
    expect(environment.sources[0]?.isClosed).toBe(true);
    const delay = backoffMs(0, 0.5);
    expect(state()).toEqual({ kind: 'reconnecting', attempt: 1, retryAt: Date.now() + delay });
    expect(connection.health.flowingSince).toBeNull();
    vi.advanceTimersByTime(delay);
    expect(environment.sources).toHaveLength(2);
    expect(newest().cursor).toBe('17');
    newest().open();
    expect(connection.health).toMatchObject({ state: { kind: 'live' }, flowingSince: Date.now() });
  });

  it('waits longer with each failed attempt and starts afresh once it hears something', () => {
    newest().fail();
    vi.advanceTimersByTime(backoffMs(0, 0.5));
    newest().fail();
    expect(state()).toMatchObject({ attempt: 2, retryAt: Date.now() + backoffMs(1, 0.5) });
    expect(backoffMs(1, 0.5)).toBeGreaterThan(backoffMs(0, 0.5));
    vi.advanceTimersByTime(backoffMs(1, 0.5));
    newest().open();
    newest().say(heartbeat());
    newest().fail();
    expect(state()).toMatchObject({ attempt: 1 });
  });

  it('keeps its own cursor where a heartbeat names that of the server, which may be ahead', () => {
    newest().open();
    newest().say(aLogMessage(1, 1), '17');
    newest().say(heartbeat('31'), '18');
    expect(reports.at(-1)).toMatchObject({ kind: 'heard', cursor: '18', message: null });
    connection.obey({ kind: 'reconnect' });
    expect(newest().cursor).toBe('18');
  });

  it('reconnects when nothing was heard for 45 s, and not while heartbeats come', () => {
    newest().open();
    for (let count = 0; count < 6; count += 1) {
      newest().say(heartbeat());
      vi.advanceTimersByTime(15_000);
    }
    expect(environment.sources).toHaveLength(1);
    vi.advanceTimersByTime(35_000);
    expect(environment.sources).toHaveLength(2);
    expect(environment.sources[0]?.isClosed).toBe(true);
  });

  it('reconnects at once after the device slept, and not where only the timers of a hidden page are slow', () => {
    newest().open();
    newest().say(heartbeat());
    vi.setSystemTime(Date.now() + 60_000);
    newest().say(heartbeat());
    vi.advanceTimersByTime(5_000);
    expect(environment.sources).toHaveLength(1);
    vi.setSystemTime(Date.now() + 60_000);
    vi.advanceTimersByTime(5_000);
    expect(environment.sources).toHaveLength(2);
  });

  it('does not wait for the timer when the device is back on the network; a healthy connection stays', () => {
    newest().open();
    newest().say(heartbeat());
    connection.obey({ kind: 'recover' });
    expect(environment.sources).toHaveLength(1);
    newest().fail();
    connection.obey({ kind: 'recover' });
    expect(environment.sources).toHaveLength(2);
  });

  it('says offline where the device has no network, and goes on trying', () => {
    environment.online = false;
    newest().open();
    newest().fail();
    expect(state().kind).toBe('offline');
    vi.advanceTimersByTime(backoffMs(0, 0.5));
    expect(environment.sources).toHaveLength(2);
  });

  it('reports an unknown type once, and a replay gap', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    newest().open();
    newest().say({ type: 'moon_phase', timestamp: at });
    newest().say({ type: 'moon_phase', timestamp: at });
    newest().say({ type: 'log_entry', timestamp: at, run_id: 'no id' });
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([
      'An event of type "moon_phase" is of an unknown type and is not shown',
      'An event of type "log_entry" does not fit the contract and is not shown',
    ]);
    newest().say({ type: 'replay_gap', timestamp: at, data: {} });
    expect(reports.at(-1)).toEqual({ kind: 'replay_gap' });
  });

  describe('where a proxy blocks streams', () => {
    const events = `api/v1/runs/${runId}/events`;
    function serve(lastSeq: number, items: EventMessage[] = []): void {
      environment.answers.set('healthz', { status: 'ok' });
      environment.answers.set('api/v1/runs', { items: [aRun({ last_seq: lastSeq })], next_cursor: null });
      environment.answers.set(events, { items, next_after: null });
    }

    it('polls when nothing came within 5 s, and asks only for what is new', async () => {
      serve(7);
      newest().open();
      await vi.advanceTimersByTimeAsync(5_000);
      expect(state()).toEqual({ kind: 'polling', everyMs: 2_000, reason: 'silent' });
      expect(environment.sources[0]?.isClosed).toBe(true);
      expect(environment.asked).toEqual(['healthz', 'api/v1/runs?limit=100']);
      serve(9, [aLogMessage(8, 1), aLogMessage(9, 2)]);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(seqs()).toEqual([8, 9]);
      expect(environment.asked.at(-1)).toBe(`${events}?after=7&limit=1000`);
      const asked = environment.asked.length;
      await vi.advanceTimersByTimeAsync(2_000);
      expect(environment.asked.slice(asked)).toEqual(['api/v1/runs?limit=100']);
    });

    it('takes a stream that resumes without a word for one that is held back, too', async () => {
      serve(7);
      newest().open();
      newest().say(heartbeat(), '17');
      connection.obey({ kind: 'reconnect' });
      newest().open();
      await vi.advanceTimersByTimeAsync(4_900);
      expect(state().kind).toBe('live');
      await vi.advanceTimersByTimeAsync(100);
      expect(state().kind).toBe('polling');
    });

    it('polls after three refusals while the server answers', async () => {
      serve(7);
      newest().fail();
      await vi.advanceTimersByTimeAsync(backoffMs(0, 0.5));
      newest().fail();
      await vi.advanceTimersByTimeAsync(backoffMs(1, 0.5));
      expect(environment.asked).toEqual([]);
      newest().fail();
      await vi.advanceTimersByTimeAsync(0);
      expect(state()).toMatchObject({ kind: 'polling', reason: 'refused' });
    });

    it('goes on reconnecting where the server does not answer either', async () => {
      for (let attempt = 0; attempt < 4; attempt += 1) {
        newest().fail();
        await vi.advanceTimersByTimeAsync(0);
        expect(state()).toMatchObject({ kind: 'reconnecting', attempt: attempt + 1 });
        await vi.advanceTimersByTimeAsync(backoffMs(attempt, 0.5));
      }
      expect(environment.sources).toHaveLength(5);
    });

    it('asks less often while no page is in sight', async () => {
      serve(7);
      await vi.advanceTimersByTimeAsync(5_000);
      connection.obey({ kind: 'visibility', isVisible: false });
      await vi.advanceTimersByTimeAsync(2_000);
      expect(state()).toMatchObject({ everyMs: 15_000 });
      const asked = environment.asked.length;
      await vi.advanceTimersByTimeAsync(14_000);
      expect(environment.asked).toHaveLength(asked);
      connection.obey({ kind: 'visibility', isVisible: true });
      await vi.advanceTimersByTimeAsync(0);
      expect(environment.asked).toHaveLength(asked + 1);
    });

    it('tries the stream every minute and goes back to it without a hole or a repeat', async () => {
      serve(7);
      await vi.advanceTimersByTimeAsync(5_000);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(environment.sources).toHaveLength(2);
      newest().open();
      await vi.advanceTimersByTimeAsync(5_000);
      expect(newest().isClosed).toBe(true);
      expect(state().kind).toBe('polling');
      await vi.advanceTimersByTimeAsync(60_000);
      expect(environment.sources).toHaveLength(3);
      newest().open();
      serve(9, [aLogMessage(8, 1), aLogMessage(9, 2)]);
      newest().say(aLogMessage(9, 2));
      newest().say(aLogMessage(10, 3));
      await vi.advanceTimersByTimeAsync(0);
      expect(seqs()).toEqual([8, 9, 10]);
      expect(connection.health).toMatchObject({ state: { kind: 'live' }, flowingSince: Date.now() });
      const asked = environment.asked.length;
      await vi.advanceTimersByTimeAsync(10_000);
      expect(environment.asked).toHaveLength(asked);
      newest().fail();
      expect(state()).toMatchObject({ kind: 'reconnecting', attempt: 1 });
      await vi.advanceTimersByTimeAsync(backoffMs(0, 0.5));
      expect(environment.sources).toHaveLength(4);
    });

    it('says that the connection is lost when polls fail too', async () => {
      serve(7);
      await vi.advanceTimersByTimeAsync(5_000);
      environment.answers.clear();
      await vi.advanceTimersByTimeAsync(4_000);
      expect(state()).toMatchObject({ kind: 'reconnecting' });
      expect(environment.sources).toHaveLength(2);
    });
  });

  it('starts where another connection ended', () => {
    const next = new EventConnection(
      { baseUrl: 'http://host/gan/', cursor: '17', seen: [[runId, 4]] },
      environment,
      (report) => reports.push(report),
    );
    next.start();
    expect(newest().cursor).toBe('17');
    newest().open();
    for (const seq of [4, 5]) newest().say(aLogMessage(seq, seq));
    expect(seqs()).toEqual([5]);
    next.stop();
    expect(newest().isClosed).toBe(true);
  });
});
