import type { Connect, Connection, LiveCommand } from './live-report';
import type { HostMessage, PageMessage, PortLike } from './worker-protocol';

const pingEveryMs = 15_000;
/** A page that left so many pings unanswered is gone without a word, or frozen. Counted, not timed: devices sleep. */
const givenUpAfterPings = 4;

interface Member {
  isVisible: boolean;
  unansweredPings: number;
}

/** The shared worker's side: one connection for all pages of this browser, open while there is a page. */
export class ConnectionHost {
  private readonly members = new Map<PortLike, Member>();
  private connection: Connection | null = null;
  private pings: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly connect: Connect) {}

  accept(port: PortLike): void {
    port.onmessage = (event: MessageEvent<PageMessage>) => this.receive(port, event.data);
  }

  private receive(port: PortLike, message: PageMessage): void {
    if (message.kind === 'join') return this.join(port, message);
    if (message.kind === 'leave') return this.leave(port);
    const member = this.members.get(port);
    // It was given up and lives: it does not know what it missed.
    if (!member) return say(port, { kind: 'rejoin' });
    member.unansweredPings = 0;
    switch (message.kind) {
      case 'pong':
        return;
      case 'reconnect':
      case 'recover':
        return this.connection?.obey(message);
      case 'visibility':
        member.isVisible = message.isVisible;
        return this.tellVisibility();
    }
  }

  private join(port: PortLike, { baseUrl, isVisible }: { baseUrl: string; isVisible: boolean }): void {
    this.members.set(port, { isVisible, unansweredPings: 0 });
    this.connection ??= this.open(baseUrl);
    say(port, { kind: 'welcome', health: this.connection.health, tabs: this.members.size });
    this.tellTabs(port);
    this.tellVisibility();
  }

  private leave(port: PortLike): void {
    if (!this.members.delete(port)) return;
    this.tellTabs();
    this.tellVisibility();
    if (this.members.size > 0) return;
    clearInterval(this.pings);
    this.connection?.stop();
    this.connection = null;
  }

  private open(baseUrl: string): Connection {
    this.pings = setInterval(() => this.ping(), pingEveryMs);
    const connection = this.connect({ baseUrl, cursor: null, seen: [] }, (report) => this.tellAll(report));
    connection.start();
    return connection;
  }

  private ping(): void {
    for (const [port, member] of this.members) {
      if (member.unansweredPings >= givenUpAfterPings) this.leave(port);
      else member.unansweredPings += 1;
    }
    this.tellAll({ kind: 'ping' });
  }

  /** Hidden pages don't need what is asked for to be fresh; one page in sight does. */
  private tellVisibility(): void {
    const isVisible = [...this.members.values()].some((member) => member.isVisible);
    const command: LiveCommand = { kind: 'visibility', isVisible };
    this.connection?.obey(command);
  }

  private tellTabs(except?: PortLike): void {
    for (const port of this.members.keys()) if (port !== except) say(port, { kind: 'tabs', tabs: this.members.size });
  }

  private tellAll(message: HostMessage): void {
    for (const port of this.members.keys()) say(port, message);
  }
}

function say(port: PortLike, message: HostMessage): void {
  port.postMessage(message);
}
