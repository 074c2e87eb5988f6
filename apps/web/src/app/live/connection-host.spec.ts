import { aLogMessage } from '../testing/builders';
import { FakeConnection, FakePort } from '../testing/fake-links';
import { ConnectionHost } from './connection-host';
import { openWorkerLink } from './worker-link';
import type { LinkOptions, LinkReport } from './live-link';

const baseUrl = 'http://host/gan/';

describe('ConnectionHost', () => {
  let connections: FakeConnection[];
  let host: ConnectionHost;

  beforeEach(() => {
    vi.useFakeTimers();
    connections = [];
    host = new ConnectionHost((start, report) => {
      const connection = new FakeConnection(start, report);
      connections.push(connection);
      return connection;
    });
  });
  afterEach(() => vi.useRealTimers());

  function join(isVisible = true): FakePort {
    const port = new FakePort();
    host.accept(port);
    port.receive({ kind: 'join', baseUrl, isVisible });
    return port;
  }

  it('opens one connection for all pages and tells each what comes', () => {
    const [first, second] = [join(), join()];
    expect(connections).toHaveLength(1);
    expect(connections[0]?.start).toHaveBeenCalledOnce();
    const heard = { kind: 'heard', at: 1, delayMs: 2, cursor: '3', message: aLogMessage(1, 1) } as const;
    connections[0]?.report(heard);
    expect(first.sent.at(-1)).toEqual(heard);
    expect(second.sent.at(-1)).toEqual(heard);
  });

  it('tells a page that joins late how things stand, and the others how many they are', () => {
    const first = join();
    if (connections[0])
      connections[0].health = { state: { kind: 'live' }, flowingSince: 5, lastHeardAt: 6, delayMs: 7 };
    const second = join();
    const health = { state: { kind: 'live' }, flowingSince: 5, lastHeardAt: 6, delayMs: 7 };
    expect(second.sent).toEqual([{ kind: 'welcome', health, tabs: 2 }]);
    expect(first.sent.at(-1)).toEqual({ kind: 'tabs', tabs: 2 });
  });

  it('ends the connection with the last page, and opens another for the next one', () => {
    const [first, second] = [join(), join()];
    first.receive({ kind: 'leave' });
    expect(connections[0]?.stop).not.toHaveBeenCalled();
    second.receive({ kind: 'leave' });
    expect(connections[0]?.stop).toHaveBeenCalledOnce();
    join();
    expect(connections).toHaveLength(2);
  });

  it('gives up a page that does not answer, and takes it back when it does', () => {
    const [silent, alive] = [join(), join()];
    for (let turn = 0; turn < 5; turn += 1) {
      vi.advanceTimersByTime(15_000);
      alive.receive({ kind: 'pong' });
    }
    expect(alive.sent).toContainEqual({ kind: 'tabs', tabs: 1 });
    const heard = silent.sent.length;
    connections[0]?.report({ kind: 'replay_gap' });
    expect(silent.sent).toHaveLength(heard);
    silent.receive({ kind: 'pong' });
    expect(silent.sent.at(-1)).toEqual({ kind: 'rejoin' });
    silent.receive({ kind: 'join', baseUrl, isVisible: true });
    expect(silent.sent.at(-1)).toMatchObject({ kind: 'welcome', tabs: 2 });
  });

  it('passes commands on; one page in sight is enough', () => {
    const [first, second] = [join(), join(false)];
    second.receive({ kind: 'reconnect' });
    expect(connections[0]?.obey).toHaveBeenLastCalledWith({ kind: 'reconnect' });
    first.receive({ kind: 'visibility', isVisible: false });
    expect(connections[0]?.obey).toHaveBeenLastCalledWith({ kind: 'visibility', isVisible: false });
    second.receive({ kind: 'visibility', isVisible: true });
    expect(connections[0]?.obey).toHaveBeenLastCalledWith({ kind: 'visibility', isVisible: true });
  });
});

describe('openWorkerLink', () => {
  let reports: LinkReport[];
  let lost: unknown[];
  let port: FakePort;
  const worker = () => ({ port, onerror: null as ((event: Event) => void) | null });
  const options = (): LinkOptions => ({
    baseUrl,
    isVisible: () => true,
    seen: () => ({ cursor: null, seen: [] }),
    report: (report) => reports.push(report),
    lost: (error) => lost.push(error),
  });
  const health = { state: { kind: 'live' }, flowingSince: 5, lastHeardAt: 6, delayMs: 7 } as const;

  beforeEach(() => {
    vi.useFakeTimers();
    reports = [];
    lost = [];
    port = new FakePort();
  });
  afterEach(() => vi.useRealTimers());

  it('joins, reports what it hears, answers pings, and leaves', async () => {
    const opening = openWorkerLink(options(), worker);
    expect(port.sent).toEqual([{ kind: 'join', baseUrl, isVisible: true }]);
    port.receive({ kind: 'welcome', health, tabs: 2 });
    const link = await opening;
    port.receive({ kind: 'replay_gap' });
    port.receive({ kind: 'ping' });
    expect(reports).toEqual([
      { kind: 'welcome', health },
      { kind: 'sharing', sharing: { kind: 'worker', tabs: 2 } },
      { kind: 'replay_gap' },
    ]);
    expect(port.sent.at(-1)).toEqual({ kind: 'pong' });
    port.receive({ kind: 'rejoin' });
    expect(port.sent.at(-1)).toMatchObject({ kind: 'join' });
    link.close();
    expect(port.sent.at(-1)).toEqual({ kind: 'leave' });
    expect(port.isClosed).toBe(true);
  });

  it('rejects when the worker does not answer within two seconds, and leaves it', async () => {
    const opening = expect(openWorkerLink(options(), worker)).rejects.toThrow('does not answer');
    await vi.advanceTimersByTimeAsync(2_000);
    await opening;
    expect(port.sent.at(-1)).toEqual({ kind: 'leave' });
  });

  it('rejects when the worker can not be started', async () => {
    const started = worker();
    const opening = openWorkerLink(options(), () => started);
    started.onerror?.(new Event('error'));
    await expect(opening).rejects.toThrow('could not be started');
    await expect(
      openWorkerLink(options(), () => {
        throw new Error('no shared workers');
      }),
    ).rejects.toThrow('no shared workers');
  });

  it('asks a silent worker, and says that it is lost when it stays silent', async () => {
    const opening = openWorkerLink(options(), worker);
    port.receive({ kind: 'welcome', health, tabs: 1 });
    const link = await opening;
    vi.advanceTimersByTime(50_000);
    expect(port.sent.filter((message) => (message as { kind: string }).kind === 'join')).toHaveLength(2);
    expect(lost).toEqual([]);
    vi.advanceTimersByTime(100_000);
    expect(lost.length).toBeGreaterThan(0);
    link.close();
  });
});
