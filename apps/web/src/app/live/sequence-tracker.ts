import type { EventMessage } from '@gan-dashboard/shared-types';

/** `missed` is the number of messages between the run's previous one and this one. */
export type Place = { isNew: false } | { isNew: true; missed: number };

/**
 * Delivery is at least once; this makes it exactly once. Each run numbers its messages without a hole,
 * so a number that was seen is a repeat, and one that jumps proves a loss.
 */
export class SequenceTracker {
  private readonly lastSeq = new Map<string, number>();

  place(message: EventMessage): Place {
    if (!('seq' in message)) return { isNew: true, missed: 0 };
    const last = this.lastSeq.get(message.run_id);
    if (last !== undefined && message.seq <= last) return { isNew: false };
    this.lastSeq.set(message.run_id, message.seq);
    return { isNew: true, missed: last === undefined ? 0 : message.seq - last - 1 };
  }
}
