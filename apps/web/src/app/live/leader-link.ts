import type { LinkOptions, LinkReport, LiveLink } from './live-link';
import type { Connect, Connection, Health, LiveCommand, LiveReport } from './live-report';

/** The leader says at least this often that it lives. */
const beatEveryMs = 15_000;
/** A leader that is silent for longer is frozen; a page in sight takes its place. */
const deposedAfterMs = 60_000;
const watchEveryMs = 10_000;
/** A page that comes and is not answered within this time has met a frozen leader. */
const helloWithinMs = 5_000;

type LeaderMessage =
  | LiveReport
  /** To all pages, or in answer to one that has come. */
  | { kind: 'leader'; health: Health; to?: string }
  | { kind: 'beat' }
  | { kind: 'hello'; from: string }
  | { kind: 'command'; command: LiveCommand };

/** The parts of LockManager and BroadcastChannel that are used. */
export type LocksLike = Pick<LockManager, 'request'>;
export type ChannelLike = Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>;

export interface LeaderEnvironment {
  locks: LocksLike;
  openChannel(name: string): ChannelLike;
  connect: Connect;
}

/** @throws Error where the browser has no locks (they need https or localhost) or no channels. */
export function leaderEnvironment(connect: Connect): LeaderEnvironment {
  // Absent where the page came over plain http from another machine, whatever the type says.
  const locks = navigator.locks as LockManager | undefined;
  if (!locks || typeof BroadcastChannel === 'undefined') {
    throw new Error('This browser has no locks: they need https or localhost.');
  }
  return { locks, openChannel: (name) => new BroadcastChannel(name), connect };
}

/**
 * Where there are no shared workers: the tab that holds a lock has the connection and relays to the others. The lock
 * ends with its tab, and the next one in the queue goes on where it was.
 */
export class LeaderLink implements LiveLink {
  private readonly name: string;
  private readonly channel: ChannelLike;
  private readonly watchdog: ReturnType<typeof setInterval>;
  private connection: Connection | null = null;
  private beats: ReturnType<typeof setInterval> | undefined;
  private queued: AbortController | null = null;
  private release: () => void = () => undefined;
  private readonly id = crypto.getRandomValues(new Uint32Array(2)).join('-');
  private heardAt = Date.now() - deposedAfterMs + helloWithinMs;
  private isClosed = false;

  constructor(
    private readonly options: LinkOptions,
    private readonly environment: LeaderEnvironment,
  ) {
    this.name = `gan-dashboard-live ${new URL(options.baseUrl).pathname}`;
    this.channel = environment.openChannel(this.name);
    this.channel.onmessage = (event: MessageEvent<LeaderMessage>) => this.receive(event.data);
    this.watchdog = setInterval(() => this.watch(), watchEveryMs);
    this.say({ kind: 'hello', from: this.id });
    this.queue();
  }

  send(command: LiveCommand): void {
    // Only the leader's own visibility counts: it can't know of tabs that closed.
    if (this.connection) this.connection.obey(command);
    else if (command.kind !== 'visibility') this.say({ kind: 'command', command });
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.watchdog);
    this.queued?.abort();
    this.resign();
    this.channel.onmessage = null;
    this.channel.close();
  }

  /** Waits for the lock; with `steal` takes it from a leader that is frozen. */
  private queue(steal = false): void {
    this.queued = steal ? null : new AbortController();
    const options: LockOptions = this.queued ? { signal: this.queued.signal } : { steal: true };
    let mine: Connection | null = null;
    this.environment.locks
      .request(this.name, options, () => {
        mine = this.isClosed ? null : this.lead();
        return mine && new Promise<void>((resolve) => (this.release = resolve));
      })
      .catch((error: unknown) => {
        if (this.isClosed) return;
        // Aborted: another page took the lock by force, or this one is about to.
        if (!(error instanceof DOMException && error.name === 'AbortError')) return this.options.lost(error);
        if (mine === null || mine !== this.connection) return;
        this.resign();
        this.queue();
      });
  }

  private lead(): Connection {
    const start = { baseUrl: this.options.baseUrl, ...this.options.seen() };
    const connection = this.environment.connect(start, (report) => {
      this.options.report(report);
      this.say(report);
    });
    this.connection = connection;
    this.beats = setInterval(() => this.say({ kind: 'beat' }), beatEveryMs);
    this.options.report({ kind: 'sharing', sharing: { kind: 'leading' } });
    this.options.report({ kind: 'welcome', health: connection.health });
    this.say({ kind: 'leader', health: connection.health });
    connection.start();
    connection.obey({ kind: 'visibility', isVisible: this.options.isVisible() });
    return connection;
  }

  private resign(): void {
    clearInterval(this.beats);
    this.connection?.stop();
    this.connection = null;
    this.release();
  }

  private receive(message: LeaderMessage): void {
    this.heardAt = Date.now();
    if (this.connection) return this.serve(this.connection, message);
    switch (message.kind) {
      case 'leader':
        if (message.to !== undefined && message.to !== this.id) return;
        this.options.report({ kind: 'sharing', sharing: { kind: 'following' } });
        this.options.report({ kind: 'welcome', health: message.health });
        return;
      case 'health':
      case 'heard':
      case 'replay_gap':
        this.options.report(message satisfies LinkReport);
        return;
      case 'beat':
      case 'hello':
      case 'command':
    }
  }

  private serve(connection: Connection, message: LeaderMessage): void {
    if (message.kind === 'hello') this.say({ kind: 'leader', health: connection.health, to: message.from });
    if (message.kind === 'command') connection.obey(message.command);
  }

  private watch(): void {
    if (this.connection || !this.options.isVisible() || Date.now() - this.heardAt <= deposedAfterMs) return;
    this.heardAt = Date.now();
    this.queued?.abort();
    this.queue(true);
  }

  private say(message: LeaderMessage): void {
    this.channel.postMessage(message);
  }
}
