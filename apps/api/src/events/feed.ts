import type { Channel } from '@gan-dashboard/shared-types';
import { frameWithId, frameWithoutId, idOnlyFrame } from './frame';
import type { Frame } from './frame';
import type { StreamClient } from './stream-client';

/** Which part of the log a stream carries: some channels of one run, or of all runs. */
export interface FeedScope {
  readonly channels: readonly Channel[];
  readonly runId: string | undefined;
}

export interface FeedLimits {
  /** Frames and bytes that stay in memory for clients that are behind. */
  readonly ringFrames: number;
  readonly ringBytes: number;
  /** Longest wait before a frame leaves, in ms, while others leave all the time. */
  readonly flushMs: number;
  readonly logFlushMs: number;
}

export const defaultFeedLimits: FeedLimits = { ringFrames: 4_096, ringBytes: 4 << 20, flushMs: 25, logFlushMs: 100 };

interface RingEntry {
  readonly bytes: Buffer;
  /** Absent on id-only frames. */
  readonly frame: Frame | undefined;
}

/** Key of a scope: streams with equal keys get equal bytes and share one feed. */
export function feedKey(scope: FeedScope): string {
  return `${[...scope.channels].sort().join(',')}|${scope.runId ?? '*'}`;
}

/**
 * The frames of one scope, encoded once, in a ring that all its clients read with a cursor of their own.
 * Positions count all frames ever appended. Writes are coalesced: at once when the feed was quiet, else together
 * with what arrives within `flushMs` (`logFlushMs` when nothing but log lines wait).
 */
export class Feed {
  readonly clients = new Set<StreamClient>();
  private readonly ring: RingEntry[] = [];
  private ringBytes = 0;
  private firstPosition = 0;
  private flushTimer: NodeJS.Timeout | undefined;
  private flushAt = Infinity;
  private lastFlush = -Infinity;
  private readonly joined = new Map<string, Buffer>();

  constructor(
    readonly scope: FeedScope,
    private readonly limits: FeedLimits = defaultFeedLimits,
  ) {}

  /** Position that the next frame will take. */
  get head(): number {
    return this.firstPosition + this.ring.length;
  }

  /** Oldest position that is still in memory. */
  get tail(): number {
    return this.firstPosition;
  }

  carries(frame: Frame): boolean {
    return (
      (this.scope.runId === undefined || this.scope.runId === frame.runId) &&
      this.scope.channels.includes(frame.channel)
    );
  }

  append(frame: Frame): void {
    const bytes = this.scope.runId === undefined ? frameWithoutId(frame) : frameWithId(frame);
    this.push({ bytes, frame });
    this.schedule(frame.channel === 'logs' ? this.limits.logFlushMs : this.limits.flushMs);
  }

  /** Appends the cursor that is reached once all frames before it were received. */
  appendCursor(cursor: string): void {
    this.push({ bytes: idOnlyFrame(cursor), frame: undefined });
    this.schedule(this.limits.logFlushMs);
  }

  /** Frames from a position on, for a client that joins after a replay. */
  framesFrom(position: number): Frame[] {
    return this.ring.slice(position - this.firstPosition).flatMap(({ frame }) => (frame ? [frame] : []));
  }

  /** The bytes between two positions, as one buffer that all clients at the same place share. */
  bytesBetween(from: number, to: number): Buffer {
    const key = `${from}-${to}`;
    const known = this.joined.get(key);
    if (known) return known;
    const entries = this.ring.slice(from - this.firstPosition, to - this.firstPosition);
    const bytes =
      entries.length === 1 && entries[0] ? entries[0].bytes : Buffer.concat(entries.map((entry) => entry.bytes));
    this.joined.set(key, bytes);
    return bytes;
  }

  /** Position that a client at `from` reaches when it takes at most `maxBytes` (at least one frame). */
  reach(from: number, maxBytes: number): number {
    let position = from;
    let bytes = 0;
    for (let index = from - this.firstPosition; index < this.ring.length; index++) {
      bytes += this.ring[index]?.bytes.length ?? 0;
      if (bytes > maxBytes && position > from) break;
      position++;
    }
    return position;
  }

  /** Writes to every client what it has not got yet. */
  flush(): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    this.flushAt = Infinity;
    this.lastFlush = performance.now();
    for (const client of this.clients) client.pump();
    this.joined.clear();
  }

  close(): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    this.flushAt = Infinity;
  }

  private push(entry: RingEntry): void {
    this.ring.push(entry);
    this.ringBytes += entry.bytes.length;
    let dropped = 0;
    while (this.ring.length - dropped > this.limits.ringFrames || this.ringBytes > this.limits.ringBytes) {
      const oldest = this.ring[dropped];
      if (!oldest || dropped === this.ring.length - 1) break;
      this.ringBytes -= oldest.bytes.length;
      dropped++;
    }
    if (dropped > 0) {
      this.ring.splice(0, dropped);
      this.firstPosition += dropped;
      this.joined.clear();
    }
  }

  private schedule(longestWait: number): void {
    const now = performance.now();
    const due = Math.max(now, this.lastFlush + longestWait);
    if (due >= this.flushAt) return;
    clearTimeout(this.flushTimer);
    this.flushAt = due;
    this.flushTimer = setTimeout(() => this.flush(), due - now);
  }
}
