import { describe, expect, it } from 'vitest';
import type { RunMessage } from '@gan-dashboard/shared-types';
import { toRunMessage } from '@gan-dashboard/shared-types';
import { update } from '../testing/builders';
import { EventHub } from './event-hub';
import type { FeedScope } from './feed-scope';
import { RunProjects } from './run-projects';
import { StreamClient } from './stream-client';
import type { Sink } from './stream-client';

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

function followerOf(hub: EventHub, scope: Partial<FeedScope>) {
  const feed = hub.feedOf({ channels: ['training'], runId: undefined, ...scope });
  const sink: Sink = { unsentBytes: 0, write: () => true, listen: () => undefined, release: () => undefined };
  const client = new StreamClient(sink, feed);
  feed.clients.add(client);
  return { client, seen: () => feed.framesFrom(feed.tail).map(({ seq }) => seq) };
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

  it('gives events of a run to the streams of its project, and after a move to those of the new one', () => {
    const projects = new RunProjects();
    const hub = new EventHub(projects);
    const [all, ofA, ofB] = [undefined, ['a'], ['b']].map((ids) => followerOf(hub, { projects: ids }));
    // Nothing has said yet where the run is: nobody who is bound to projects hears of it.
    hub.publish(messages(1));
    projects.note(runId, 'a');
    hub.publish(messages(2));
    projects.note(runId, 'b');
    hub.publish(messages(3));
    expect([all, ofA, ofB].map((follower) => follower?.seen())).toEqual([[1, 2, 3], [2], [3]]);
  });

  it('ends the streams of a run that has left the projects of their clients, and no others', () => {
    const projects = new RunProjects();
    const hub = new EventHub(projects);
    projects.note(runId, 'a');
    const [all, ofA, ofBoth] = [undefined, ['a'], ['a', 'b']].map((ids) => followerOf(hub, { runId, projects: ids }));
    const many = followerOf(hub, { projects: ['a'] });
    projects.note(runId, 'b');
    const reasons = [all, ofA, ofBoth, many].map((follower) => follower?.client.endReason);
    expect(reasons).toEqual([undefined, 'moved', undefined, undefined]);
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
