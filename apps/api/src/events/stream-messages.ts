import type { RunMessage, StreamMessage } from '@gan-dashboard/shared-types';
import type { RunSnapshot } from './run-directory';

/** Said by a stream of all runs when none is active. */
export function idleMessage(): StreamMessage {
  return {
    type: 'status_update',
    timestamp: new Date().toISOString(),
    data: { status: 'idle', message: 'No run is active.' },
  };
}

export function statusMessage(run: RunSnapshot): StreamMessage & { run_id: RunMessage['run_id'] } {
  return {
    type: 'status_update',
    run_id: run.runId,
    timestamp: new Date().toISOString(),
    data: { status: run.status, message: run.message },
  };
}

/** `cursor` says how far the server has published; it must not move the client's own cursor. */
export function heartbeatMessage(timestamp: string, cursor: string | null): StreamMessage {
  return { type: 'heartbeat', timestamp, data: { server_time: timestamp, last_event_id: cursor } };
}
