import { channels } from '@gan-dashboard/shared-types';
import type { Channel, SubscribeRequest } from '@gan-dashboard/shared-types';

export interface StreamTarget {
  /** Short name, unique. */
  name: string;
  transport: 'sse' | 'websocket';
  /** Relative to the base of the application. */
  path: string;
  channels: readonly Channel[];
  about: string;
}

/** What the server offers: each channel by itself, all on one connection, and the WebSocket. */
export const streamTargets: readonly StreamTarget[] = [
  {
    name: 'training',
    transport: 'sse',
    path: 'events/training',
    channels: ['training'],
    about: $localize`status, metrics and outcome of runs`,
  },
  {
    name: 'progress',
    transport: 'sse',
    path: 'events/progress',
    channels: ['progress'],
    about: $localize`progress of runs`,
  },
  { name: 'logs', transport: 'sse', path: 'events/logs', channels: ['logs'], about: $localize`log lines of runs` },
  { name: 'all', transport: 'sse', path: 'events', channels, about: $localize`the three channels on one connection` },
  {
    name: 'websocket',
    transport: 'websocket',
    path: 'ws',
    channels,
    about: $localize`the three channels over a WebSocket`,
  },
];

/** What a stream is opened with. */
export interface StreamRequest {
  /** Null: all runs. */
  runId: string | null;
  /** Null: from now on; `0`: from the start of the log. */
  cursor: string | null;
}

/** The address of a stream under `baseUrl`. */
export function streamUrl(target: StreamTarget, request: StreamRequest, baseUrl: string): string {
  const url = new URL(target.path, baseUrl);
  if (target.transport === 'websocket') {
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  }
  if (target.path === 'events') url.searchParams.set('channels', target.channels.join(','));
  if (request.runId !== null) url.searchParams.set('run', request.runId);
  if (request.cursor !== null) url.searchParams.set('last_event_id', request.cursor);
  return url.href;
}

/** The first message on a WebSocket. */
export function subscription(target: StreamTarget, { runId, cursor }: StreamRequest): SubscribeRequest {
  return {
    subscribe: [...target.channels],
    ...(runId === null ? {} : { run: runId }),
    ...(cursor === null ? {} : { last_event_id: cursor }),
  };
}
