import { encodingOf } from './encoding';
import type { Encoding } from './encoding';
import { formatRunCursor } from './event-cursor';
import { EventStats } from './event-stats';
import type { FeedScope, Transport } from './feed-scope';
import { FlushPacer } from './flush-pacer';
import type { Frame } from './frame';
import type { StreamClient } from './stream-client';

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
  /** Absent where only the cursor moves. */
  readonly frame: Frame | undefined;
}

/** What lies between two positions, as one buffer that all clients at the same place share. */
export interface Batch {
  readonly to: number;
  readonly bytes: Buffer;
  /** Events in it; cursors are not counted. */
  readonly messages: number;
}

/**
 * The frames of one scope, encoded once, in a ring that all its clients read with a cursor of their own.
 * Positions count all frames ever appended. Writes are coalesced: at once when the feed is quiet, else together with
 * what arrives within `flushMs` at most (`logFlushMs` when nothing but log lines wait).
 */
export class Feed {
  readonly clients = new Set<StreamClient>();
  readonly encoding: Encoding;
  readonly stats: EventStats;
  private readonly ring: RingEntry[] = [];
  private ringBytes = 0;
  private firstPosition = 0;
  private flushTimer: NodeJS.Timeout | undefined;
  private flushAt = Infinity;
  private lastFlush = -Infinity;
  private readonly pacer: FlushPacer;
  /** When the oldest event that waits for a flush was published. */
  private waitingSince: number | undefined;
  /** The newest event whose cursor was not told yet, on a stream that tells cursors after each batch. */
  private untold: Frame | undefined;
  private readonly batches = new Map<number, Batch & { maxBytes: number }>();

  constructor(
    readonly scope: FeedScope,
    private readonly limits: FeedLimits = defaultFeedLimits,
    options: { transport?: Transport; stats?: EventStats } = {},
  ) {
    this.pacer = new FlushPacer(limits.flushMs);
    this.encoding = encodingOf(options.transport ?? 'sse', scope);
    this.stats = options.stats ?? new EventStats();
  }

  /** Position that the next frame will take. */
  get head(): number {
    return this.firstPosition + this.ring.length;
  }

  /** Oldest position that is still in memory. */
  get tail(): number {
    return this.firstPosition;
  }

  /** @param project of the frame's run; where it is not known, only streams of all projects carry it */
  carries(frame: Frame, project: string | undefined): boolean {
    const { runId, channels, projects } = this.scope;
    return (
      (runId === undefined || runId === frame.runId) &&
      channels.includes(frame.channel) &&
      (projects === undefined || (project !== undefined && projects.includes(project)))
    );
  }

  /** Frames that were published together bear the same `publication`. */
  append(frame: Frame, publication: number): void {
    this.push({ bytes: this.encoding.event(frame), frame });
    if (this.encoding.needsRunCursor) this.untold = frame;
    const now = performance.now();
    this.waitingSince ??= now;
    this.pacer.arrived(publication);
    this.schedule(now, frame.channel === 'logs' ? this.limits.logFlushMs : this.pacer.rest);
  }

  /** Appends the cursor that is reached once all frames before it were received. */
  appendCursor(cursor: string): void {
    this.push({ bytes: this.encoding.cursor(cursor), frame: undefined });
    this.schedule(performance.now(), this.limits.logFlushMs);
  }

  /** Frames from a position on, for a client that joins after a replay. */
  framesFrom(position: number): Frame[] {
    return this.ring.slice(position - this.firstPosition).flatMap(({ frame }) => (frame ? [frame] : []));
  }

  /** The first position from `from` on whose event comes after `seq`; for a feed of one run, whose events come in order. */
  positionAfter(from: number, seq: number): number {
    let index = from - this.firstPosition;
    while (index < this.ring.length && (this.ring[index]?.frame?.seq ?? 0) <= seq) index++;
    return this.firstPosition + index;
  }

  /** What a client at `from` takes next: at most `maxBytes`, but at least one frame. */
  batchFrom(from: number, maxBytes: number): Batch {
    const known = this.batches.get(from);
    if (known?.maxBytes === maxBytes) return known;
    const start = from - this.firstPosition;
    let end = start;
    let size = 0;
    let messages = 0;
    for (let entry = this.ring[end]; entry; entry = this.ring[end]) {
      if (size + entry.bytes.length > maxBytes && end > start) break;
      size += entry.bytes.length;
      if (entry.frame) messages++;
      end++;
    }
    const entries = this.ring.slice(start, end);
    const bytes =
      entries.length === 1 && entries[0]
        ? entries[0].bytes
        : Buffer.concat(
            entries.map((entry) => entry.bytes),
            size,
          );
    const batch = { to: from + entries.length, bytes, messages, maxBytes };
    this.batches.set(from, batch);
    return batch;
  }

  /** Writes to every client what it has not got yet. */
  flush(): void {
    this.close();
    const start = performance.now();
    this.lastFlush = start;
    if (this.untold) this.push({ bytes: this.encoding.cursor(cursorOf(this.untold)), frame: undefined });
    this.untold = undefined;
    if (this.waitingSince !== undefined) this.stats.flushLagSeconds.observe((start - this.waitingSince) / 1_000);
    this.waitingSince = undefined;
    for (const client of this.clients) client.pump();
    this.batches.clear();
    this.pacer.written();
    this.stats.flushSeconds.observe((performance.now() - start) / 1_000);
  }

  close(): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    this.flushAt = Infinity;
  }

  private push(entry: RingEntry): void {
    // A batch that ended at the old head would keep its clients from what has come.
    if (this.batches.size > 0) this.batches.clear();
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
    }
  }

  private schedule(now: number, longestWait: number): void {
    const due = Math.max(now, this.lastFlush + longestWait);
    if (due >= this.flushAt) return;
    clearTimeout(this.flushTimer);
    this.flushAt = due;
    this.flushTimer = setTimeout(() => this.flush(), due - now);
  }
}

function cursorOf(frame: Frame): string {
  return formatRunCursor(frame.runId, frame.seq);
}
