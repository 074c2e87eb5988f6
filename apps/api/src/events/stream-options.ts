import { defaultClientLimits } from './stream-client';
import type { ClientLimits } from './stream-client';

/** Injection token; where nothing is provided, `defaultStreamOptions` hold. */
export const STREAM_OPTIONS = Symbol('STREAM_OPTIONS');

export interface StreamOptions {
  /** Time between two heartbeats of a stream or a WebSocket, in ms; shorter than the read timeout of any proxy. */
  readonly heartbeatMs: number;
  /** Time between two pings of a WebSocket and longest wait for its pong, in ms. */
  readonly pingMs: number;
  readonly pongMs: number;
  /** Limits of each stream, whatever its transport. */
  readonly client: ClientLimits;
}

export const defaultStreamOptions: StreamOptions = {
  heartbeatMs: 15_000,
  pingMs: 25_000,
  pongMs: 8_000,
  client: defaultClientLimits,
};
