import { channelOf } from '@gan-dashboard/shared-types';
import type { Channel, RunMessage, StreamMessage } from '@gan-dashboard/shared-types';
import { formatRunCursor } from './event-cursor';

/** A logged event in the form that streams send: its JSON, encoded once. */
export interface Frame {
  readonly runId: string;
  readonly seq: number;
  readonly channel: Channel;
  readonly json: string;
}

export function frameOf(message: RunMessage): Frame {
  return {
    runId: message.run_id,
    seq: message.seq,
    channel: channelOf(message.type),
    json: JSON.stringify(message),
  };
}

/** On a stream of one run every frame carries its cursor. */
export function frameWithId(frame: Frame): Buffer {
  return Buffer.from(`id: ${formatRunCursor(frame.runId, frame.seq)}\ndata: ${frame.json}\n\n`);
}

/** On a stream of many runs the cursor follows in a frame of its own. */
export function frameWithoutId(frame: Frame): Buffer {
  return Buffer.from(`data: ${frame.json}\n\n`);
}

/** Moves `Last-Event-ID` without dispatching a message. */
export function idOnlyFrame(cursor: string): Buffer {
  return Buffer.from(`id: ${cursor}\n\n`);
}

/** What a stream says of itself; `cursor` where the message also sets a first `Last-Event-ID`. */
export function streamFrame(message: StreamMessage, cursor?: string): Buffer {
  const id = cursor === undefined ? '' : `id: ${cursor}\n`;
  return Buffer.from(`${id}data: ${JSON.stringify(message)}\n\n`);
}
