import { aLogMessage } from '../testing/builders';
import { FakeAir, FakeConnection, FakeLocks } from '../testing/fake-links';
import { LeaderLink } from './leader-link';
import type { LinkReport } from './live-link';

class Tab {
  readonly reports: LinkReport[] = [];
  readonly connections: FakeConnection[] = [];
  readonly link: LeaderLink;
  cursor: string | null = null;

  constructor(browser: { locks: FakeLocks; air: FakeAir }) {
    this.link = new LeaderLink(
      {
        baseUrl: 'http://host/gan/',
        isVisible: () => true,
        seen: () => ({ cursor: this.cursor, seen: [['run', 7]] }),
        report: (report) => {
          this.reports.push(report);
          if (report.kind === 'heard') this.cursor = report.cursor;
        },
        lost: (error) => {
          throw error;
        },
      },
      {
        locks: browser.locks,
        openChannel: () => browser.air.open(),
        connect: (start, report) => {
          const connection = new FakeConnection(start, report);
          this.connections.push(connection);
          return connection;
        },
      },
    );
  }

  get sharing(): unknown {
    return this.reports.findLast((report) => report.kind === 'sharing')?.sharing.kind;
  }

  get welcomes(): number {
    return this.reports.filter((report) => report.kind === 'welcome').length;
  }
}

describe('LeaderLink', () => {
  let browser: { locks: FakeLocks; air: FakeAir };
  let tabs: Tab[];
  const open = () => {
    const tab = new Tab(browser);
    tabs.push(tab);
    return tab;
  };
  const heard = { kind: 'heard', at: 1, delayMs: 2, cursor: '17', message: aLogMessage(1, 1) } as const;

  beforeEach(() => {
    vi.useFakeTimers();
    browser = { locks: new FakeLocks(), air: new FakeAir() };
    tabs = [];
  });
  afterEach(() => {
    for (const tab of tabs) tab.link.close();
    vi.useRealTimers();
  });

  it('lets one tab hold the connection and relay it', () => {
    const [first, second, third] = [open(), open(), open()];
    expect([first.sharing, second.sharing, third.sharing]).toEqual(['leading', 'following', 'following']);
    expect([first, second, third].map((tab) => tab.connections.length)).toEqual([1, 0, 0]);
    first.connections[0]?.report(heard);
    for (const tab of tabs) expect(tab.reports.at(-1)).toEqual(heard);
  });

  it('welcomes the tab that comes, and does not bother the others', () => {
    const [, second] = [open(), open()];
    expect(second.welcomes).toBe(1);
    open();
    expect(second.welcomes).toBe(1);
  });

  it('goes on where the leader was when it closes', async () => {
    const [first, second, third] = [open(), open(), open()];
    first.connections[0]?.report(heard);
    first.link.close();
    expect(first.connections[0]?.stop).toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(0);
    expect([second.sharing, third.sharing]).toEqual(['leading', 'following']);
    expect(second.connections[0]?.from).toEqual({ baseUrl: 'http://host/gan/', cursor: '17', seen: [['run', 7]] });
    expect(third.welcomes).toBe(2);
    second.connections[0]?.report({ kind: 'replay_gap' });
    expect(third.reports.at(-1)).toEqual({ kind: 'replay_gap' });
  });

  it('passes commands to the leader; only its own sight counts', () => {
    const [first, second] = [open(), open()];
    second.link.send({ kind: 'reconnect' });
    expect(first.connections[0]?.obey).toHaveBeenLastCalledWith({ kind: 'reconnect' });
    second.link.send({ kind: 'visibility', isVisible: false });
    expect(first.connections[0]?.obey).toHaveBeenLastCalledWith({ kind: 'reconnect' });
    first.link.send({ kind: 'visibility', isVisible: false });
    expect(first.connections[0]?.obey).toHaveBeenLastCalledWith({ kind: 'visibility', isVisible: false });
  });

  it('leaves the lead to a tab that lives while it beats', async () => {
    const [, second] = [open(), open()];
    await vi.advanceTimersByTimeAsync(300_000);
    expect(second.connections).toHaveLength(0);
  });

  it('takes the lead from a tab that is frozen, which then follows', async () => {
    const frozenAir = { locks: browser.locks, air: new FakeAir() };
    const frozen = new Tab(frozenAir);
    tabs.push(frozen);
    const second = open();
    expect(second.connections).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(second.sharing).toBe('leading');
    expect(frozen.connections[0]?.stop).toHaveBeenCalled();
    second.link.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(frozen.connections).toHaveLength(2);
  });
});
