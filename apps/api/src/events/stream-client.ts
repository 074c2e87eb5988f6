import type { Feed } from './feed';

export interface ClientLimits {
  /** Unsent bytes above which nothing more is written until the socket drains. */
  readonly highWaterBytes: number;
  /** A client that drains nothing for this long is disconnected, in ms. */
  readonly drainDeadlineMs: number;
}

export const defaultClientLimits: ClientLimits = { highWaterBytes: 64 * 1024, drainDeadlineMs: 30_000 };

/**
 * `slow`: drained nothing before the deadline; `overrun`: fell out of the ring; `failed`: the log could not be read;
 * `moved`: its run went to a project that the client may not see by this stream.
 */
export type EndReason = 'client' | 'slow' | 'overrun' | 'unsubscribed' | 'failed' | 'server' | 'moved';

/** Where the bytes of one or several streams go: the response of an SSE request or a WebSocket. */
export interface Sink {
  /** Bytes that were written and that the network has not taken yet. */
  readonly unsentBytes: number;
  /** @returns false when the bytes have to wait; `drained` is called once none waits any more. */
  write(bytes: Buffer): boolean;
  /** To be called once by each stream that writes here; nothing is heard of the sink before. */
  listen(listener: SinkListener): void;
  /** A stream has ended: its sink is closed where that is what the reason asks for. */
  release(listener: SinkListener, reason: EndReason): void;
}

export interface SinkListener {
  drained(): void;
  closed(): void;
}

/** One open stream: a cursor into a feed and the sink that it writes to. */
export class StreamClient implements SinkListener {
  /** Next position of the feed to send; undefined while the stream still replays from the database. */
  private position: number | undefined;
  /** On a stream of one run: the newest event that a replay has sent, until the feed has come that far. */
  private sentThrough: number | undefined;
  private drainTimer: NodeJS.Timeout | undefined;
  private ended = false;
  private readonly whenEnded: (() => void)[] = [];
  private whenDrained: (() => void)[] = [];
  endReason: EndReason | undefined;

  constructor(
    private readonly sink: Sink,
    readonly feed: Feed,
    private readonly limits: ClientLimits = defaultClientLimits,
  ) {
    sink.listen(this);
  }

  get isEnded(): boolean {
    return this.ended;
  }

  /** Frames of the feed that this client has not been sent; 0 while it replays from the database. */
  get framesBehind(): number {
    return this.position === undefined ? 0 : this.feed.head - this.position;
  }

  onEnd(listener: () => void): void {
    if (this.ended) listener();
    else this.whenEnded.push(listener);
  }

  /**
   * From now on the client follows the feed from `position`.
   *
   * @param sentThrough of a stream of one run: the newest event that it was sent. The feed may still be behind that,
   *   where another process writes the run: what it brings up to there is left out.
   */
  follow(position: number, sentThrough?: number): void {
    this.position = position;
    this.sentThrough = sentThrough;
    this.pump();
  }

  /** Writes bytes of its own (a status, or a page of a replay with as many messages). */
  send(bytes: Buffer, messages = 0): void {
    if (this.ended) return;
    const sent = this.feed.stats.sent[this.feed.encoding.transport];
    sent.messages += messages;
    sent.bytes += bytes.length;
    if (!this.sink.write(bytes) && this.isFull()) this.awaitDrain();
  }

  /** A heartbeat is left out while the client is behind: what waits already keeps the connection alive. */
  beat(bytes: Buffer): void {
    if (!this.drainTimer) this.send(bytes);
  }

  /** Sends what the feed holds beyond the cursor, as far as the client takes it. */
  pump(): void {
    if (this.position === undefined || this.ended) return;
    if (this.position < this.feed.tail) {
      this.end('overrun');
      return;
    }
    if (this.sentThrough !== undefined) {
      this.position = this.feed.positionAfter(this.position, this.sentThrough);
      if (this.position < this.feed.head) this.sentThrough = undefined;
    }
    while (!this.drainTimer && this.position < this.feed.head) {
      // Another stream may have filled the socket that this one shares with it.
      if (this.isFull()) {
        this.awaitDrain();
        return;
      }
      const { to, bytes, messages } = this.feed.batchFrom(this.position, this.limits.highWaterBytes);
      this.position = to;
      this.send(bytes, messages);
    }
  }

  /** Resolves once the socket has taken what was written, or the stream has ended. */
  whenWritable(): Promise<void> {
    if (this.ended) return Promise.resolve();
    if (this.isFull()) this.awaitDrain();
    if (!this.drainTimer) return Promise.resolve();
    return new Promise((resolve) => this.whenDrained.push(resolve));
  }

  /** Ends the stream; one that does not read is cut off, the others get their last bytes. */
  end(reason: EndReason): void {
    if (this.ended) return;
    if (reason === 'slow' || reason === 'overrun') this.feed.stats.dropped[this.feed.encoding.transport][reason]++;
    this.finish(reason);
    this.sink.release(this, reason);
  }

  drained(): void {
    clearTimeout(this.drainTimer);
    this.drainTimer = undefined;
    for (const resolve of this.whenDrained.splice(0)) resolve();
    this.pump();
  }

  closed(): void {
    this.finish('client');
  }

  private isFull(): boolean {
    return this.sink.unsentBytes > this.limits.highWaterBytes;
  }

  private awaitDrain(): void {
    this.drainTimer ??= setTimeout(() => this.end('slow'), this.limits.drainDeadlineMs);
  }

  private finish(reason: EndReason): void {
    if (this.ended) return;
    this.ended = true;
    this.endReason = reason;
    clearTimeout(this.drainTimer);
    this.drainTimer = undefined;
    for (const listener of [...this.whenDrained.splice(0), ...this.whenEnded.splice(0)]) listener();
  }
}
