import { ApiError } from './answer.ts';
import type { ApiClient } from './client.ts';
import { readFrames } from './frames.ts';
import type { components } from './schema.ts';

export type EventMessage = components['schemas']['EventMessage'];
export type Channel = 'training' | 'progress' | 'logs';

export interface EventOptions {
  /** Absent: all runs that the caller may see. */
  run?: string;
  /** Default: all. */
  channels?: readonly Channel[];
  /** Where to go on; `0`: from the first event that is kept. Absent: the state of now, and what happens from here. */
  lastEventId?: string;
  /** Ends the stream. */
  signal?: AbortSignal;
  /** Longest wait before a lost connection is made again, in milliseconds; default 3,000. */
  retryMs?: number;
}

/** The server sends a heartbeat every 15 s: a connection that is silent for three of them is dead. */
const silenceMs = 45_000;

/**
 * The events of a run or of all runs, each once and in order. A connection that is lost is made again with
 * `Last-Event-ID`, so that nothing of what happened in between is missing. Ends with `signal`, or when it is left.
 *
 * @throws ApiError where the server refuses the stream for good (401, 403, 404 …)
 */
export async function* readEvents(api: ApiClient, options: EventOptions = {}): AsyncGenerator<EventMessage> {
  const seen = new Map<string, number>();
  let cursor = options.lastEventId;
  while (!options.signal?.aborted) {
    try {
      for await (const frame of readFrames(await open(api, options, cursor), silenceMs)) {
        cursor = frame.id ?? cursor;
        if (frame.data === undefined) continue;
        const message = JSON.parse(frame.data) as EventMessage;
        if (isNew(message, seen)) yield message;
      }
    } catch (error) {
      if (!options.signal?.aborted && !isPassing(error)) throw error;
    }
    await pause((options.retryMs ?? 3_000) * (0.3 + 0.7 * Math.random()), options.signal);
  }
}

async function open(
  api: ApiClient,
  options: EventOptions,
  cursor: string | undefined,
): Promise<ReadableStream<Uint8Array>> {
  const { run, channels, signal } = options;
  const { data, error, response } = await api.GET('/events', {
    params: {
      query: { ...(run === undefined ? {} : { run }), ...(channels ? { channels: channels.join(',') } : {}) },
    },
    headers: cursor === undefined ? {} : { 'Last-Event-ID': cursor },
    parseAs: 'stream',
    signal: signal ?? null,
  });
  if (!response.ok || !data) throw new ApiError(response, error);
  return data;
}

/** Delivery is at least once: a message that came already has a number that is not higher. */
function isNew(message: EventMessage, seen: Map<string, number>): boolean {
  if (!('seq' in message)) return true;
  if (message.seq <= (seen.get(message.run_id) ?? 0)) return false;
  seen.set(message.run_id, message.seq);
  return true;
}

/** `fetch` says with a TypeError that a connection could not be made or was lost. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiError ? error.status >= 500 || error.status === 429 : error instanceof TypeError;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end);
  });
}
