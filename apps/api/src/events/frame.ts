import { channelOf } from '@gan-dashboard/shared-types';
import type { Channel, RunMessage } from '@gan-dashboard/shared-types';

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
