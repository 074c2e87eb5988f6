import { describe, expect, it } from 'vitest';
import type { RunMessage } from '@gan-dashboard/shared-types';
import { toRunMessage } from '@gan-dashboard/shared-types';
import { update } from '../testing/builders';
import { EventHub } from './event-hub';

const runId = '6f1c1a7e-55b1-4f0e-9d3c-1f2e3d4c5b6a';
const messages = (...seqs: number[]): RunMessage[] => seqs.map((seq) => toRunMessage(update(seq), { runId, seq }));

function hubWithFollower() {
  const hub = new EventHub();
  const seen: number[] = [];
  let missed = 0;
  hub.channels.training.subscribe(({ seq }) => seen.push(seq));
  hub.missed.subscribe(() => missed++);
  return { hub, seen, missed: () => missed };
}

describe('EventHub', () => {
  it('publishes the events of a run once and in order, whichever of two writers comes first', () => {
    const { hub, seen, missed } = hubWithFollower();
    hub.publish(messages(1, 2));
    hub.publish(messages(4));
    expect([seen, missed()]).toEqual([[1, 2], 1]);
    hub.publish(messages(3));
    // The tail, which was told, reads everything behind the last published event.
    hub.publish(messages(4, 5));
    hub.publish(messages(3, 4, 5, 6));
    expect([seen, missed()]).toEqual([[1, 2, 3, 4, 5, 6], 1]);
  });

  it('waits for the tail where a run is in the middle of its life and others may have written to it meanwhile', () => {
    const { hub, seen, missed } = hubWithFollower();
    hub.publish(messages(52));
    expect([seen, missed(), hub.lastPublished(runId)]).toEqual([[], 1, undefined]);
    hub.startAfter(runId, 50);
    hub.publish(messages(51, 52));
    hub.startAfter(runId, 40);
    hub.publish(messages(53));
    expect([seen, missed()]).toEqual([[51, 52, 53], 1]);
  });
});
