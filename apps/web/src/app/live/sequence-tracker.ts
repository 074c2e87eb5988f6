import type { EventMessage } from '@gan-dashboard/shared-types';

/** `missed` is the number of messages between the run's previous one and this one. */
export type Place = { isNew: false } | { isNew: true; missed: number };

/**
 * Delivery is at least once; this makes it exactly once. Each run numbers its messages without a hole,
 * so a number that was seen is a repeat, and one that jumps proves a loss.
 */
export class SequenceTracker {
  private readonly lastSeq: Map<string, number>;

  constructor(seen: Iterable<readonly [runId: string, seq: number]> = []) {
    this.lastSeq = new Map(seen);
  }

  place(message: EventMessage): Place {
    if (!('seq' in message)) return { isNew: true, missed: 0 };
    const last = this.lastSeq.get(message.run_id);
    if (last !== undefined && message.seq <= last) return { isNew: false };
    this.lastSeq.set(message.run_id, message.seq);
    return { isNew: true, missed: last === undefined ? 0 : message.seq - last - 1 };
  }

  /** The last place of a run; undefined before its first message. */
  seen(runId: string): number | undefined {
    return this.lastSeq.get(runId);
  }

  entries(): [runId: string, seq: number][] {
    return [...this.lastSeq];
  }
}
