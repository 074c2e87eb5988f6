import type { ServerResponse } from 'node:http';
import type { Feed } from './feed';

export interface ClientLimits {
  /** Unsent bytes above which nothing more is written until the socket drains. */
  readonly highWaterBytes: number;
  /** A client that drains nothing for this long is disconnected, in ms. */
  readonly drainDeadlineMs: number;
}

export const defaultClientLimits: ClientLimits = { highWaterBytes: 64 * 1024, drainDeadlineMs: 30_000 };

export type EndReason = 'client' | 'slow' | 'overrun' | 'server';

/** One open stream: a cursor into a feed and the response that it writes to. */
export class StreamClient {
  /** Next position of the feed to send; undefined while the stream still replays from the database. */
  private position: number | undefined;
  private drainTimer: NodeJS.Timeout | undefined;
  private ended = false;
  private readonly whenEnded: (() => void)[] = [];
  endReason: EndReason | undefined;

  constructor(
    private readonly response: ServerResponse,
    readonly feed: Feed,
    private readonly limits: ClientLimits = defaultClientLimits,
  ) {
    response.on('drain', () => this.onDrain());
    response.once('close', () => this.finish('client'));
    // A write to a socket that has just gone reports here; 'close' follows and ends the stream.
    response.on('error', () => undefined);
  }

  get isEnded(): boolean {
    return this.ended;
  }

  onEnd(listener: () => void): void {
    if (this.ended) listener();
    else this.whenEnded.push(listener);
  }

  /** From now on the client follows the feed from `position`. */
  follow(position: number): void {
    this.position = position;
    this.pump();
  }

  /** Writes bytes of its own (a status, a heartbeat, a page of a replay). @returns false when the client must drain first. */
  send(bytes: Buffer): boolean {
    if (this.ended) return false;
    this.response.write(bytes);
    if (this.response.writableLength <= this.limits.highWaterBytes) return true;
    this.awaitDrain();
    return false;
  }

  /** A heartbeat is left out while the client is behind: what waits already keeps the connection alive. */
  beat(bytes: Buffer): void {
    if (!this.ended && !this.drainTimer) this.response.write(bytes);
  }

  /** Sends what the feed holds beyond the cursor, as far as the client takes it. */
  pump(): void {
    if (this.position === undefined || this.ended) return;
    if (this.position < this.feed.tail) {
      this.end('overrun');
      return;
    }
    while (!this.drainTimer && this.position < this.feed.head) {
      const to = this.feed.reach(this.position, this.limits.highWaterBytes);
      const bytes = this.feed.bytesBetween(this.position, to);
      this.position = to;
      this.send(bytes);
    }
  }

  /** Resolves once the socket has taken what was written, or the stream has ended. */
  drained(): Promise<void> {
    if (this.ended || !this.drainTimer) return Promise.resolve();
    return new Promise((resolve) => {
      this.response.once('drain', resolve);
      this.onEnd(resolve);
    });
  }

  /** Ends the stream; one that does not read is cut off, the others get their last bytes. */
  end(reason: EndReason): void {
    if (this.ended) return;
    if (reason === 'server') this.response.end();
    else this.response.destroy();
    this.finish(reason);
  }

  private awaitDrain(): void {
    this.drainTimer ??= setTimeout(() => this.end('slow'), this.limits.drainDeadlineMs);
  }

  private onDrain(): void {
    clearTimeout(this.drainTimer);
    this.drainTimer = undefined;
    this.pump();
  }

  private finish(reason: EndReason): void {
    if (this.ended) return;
    this.ended = true;
    this.endReason = reason;
    clearTimeout(this.drainTimer);
    this.drainTimer = undefined;
    for (const listener of this.whenEnded.splice(0)) listener();
  }
}
