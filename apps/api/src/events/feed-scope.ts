import type { Channel } from '@gan-dashboard/shared-types';

/** Which part of the log a stream carries: some channels of one run, or of all runs. */
export interface FeedScope {
  readonly channels: readonly Channel[];
  readonly runId: string | undefined;
  /** Ids of the projects whose runs it carries, in order; undefined: of all projects. */
  readonly projects?: readonly string[] | undefined;
}

/** How the bytes of a stream travel. */
export const transports = ['sse', 'websocket'] as const;
export type Transport = (typeof transports)[number];

/** Equal for scopes that ask for the same events, whoever asks. */
export function scopeKey(scope: Omit<FeedScope, 'projects'>): string {
  return `${[...scope.channels].sort().join(',')}|${scope.runId ?? '*'}`;
}
