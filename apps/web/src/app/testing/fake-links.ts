import type { Connection, ConnectionStart, Health, LiveCommand, LiveReport } from '../live/live-report';
import type { ChannelLike, LocksLike } from '../live/leader-link';
import type { PortLike } from '../live/worker-protocol';

/** A connection that does what a test says. */
export class FakeConnection implements Connection {
  health: Health = { state: { kind: 'connecting' }, flowingSince: null, lastHeardAt: null, delayMs: null };
  readonly start = vi.fn<() => void>();
  readonly stop = vi.fn<() => void>();
  readonly obey = vi.fn<(command: LiveCommand) => void>();

  constructor(
    readonly from: ConnectionStart,
    readonly report: (report: LiveReport) => void,
  ) {}
}

export class FakePort implements PortLike {
  onmessage: PortLike['onmessage'] = null;
  readonly sent: unknown[] = [];
  isClosed = false;

  postMessage(message: unknown): void {
    this.sent.push(message);
  }

  close(): void {
    this.isClosed = true;
  }

  receive(message: unknown): void {
    this.onmessage?.call(this as unknown as MessagePort, new MessageEvent('message', { data: message }));
  }
}

/** One browser's channels: what one says, the others hear. */
export class FakeAir {
  private readonly channels = new Set<FakeChannel>();

  open(): FakeChannel {
    const channel = new FakeChannel(this.channels);
    this.channels.add(channel);
    return channel;
  }
}

class FakeChannel implements ChannelLike {
  onmessage: ChannelLike['onmessage'] = null;

  constructor(private readonly all: Set<FakeChannel>) {}

  postMessage(message: unknown): void {
    for (const other of [...this.all]) {
      if (other !== this)
        other.onmessage?.call(other as unknown as BroadcastChannel, new MessageEvent('message', { data: message }));
    }
  }

  close(): void {
    this.all.delete(this);
  }
}

interface Waiting {
  grant(): void;
}

/** One lock, held until what was granted is settled; the next in the queue follows. */
export class FakeLocks {
  private readonly queue: Waiting[] = [];
  private depose: (() => void) | null = null;

  readonly request = ((_name: string, options: LockOptions, granted: () => unknown) =>
    new Promise<unknown>((resolve, reject) => {
      const abort = () => reject(new DOMException('aborted', 'AbortError'));
      const waiting: Waiting = {
        grant: () => {
          this.depose = abort;
          void Promise.resolve(granted()).then((value) => {
            if (this.depose === abort) this.next();
            resolve(value);
          });
        },
      };
      options.signal?.addEventListener('abort', () => {
        const place = this.queue.indexOf(waiting);
        if (place >= 0) this.queue.splice(place, 1);
        abort();
      });
      if (options.steal) {
        this.depose?.();
        waiting.grant();
      } else if (this.depose) this.queue.push(waiting);
      else waiting.grant();
    })) as LocksLike['request'];

  private next(): void {
    this.depose = null;
    this.queue.shift()?.grant();
  }
}
