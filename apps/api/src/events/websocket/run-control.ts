import type { RunStatus } from '@gan-dashboard/shared-types';

/** Injection token of what the WebSocket may do to runs; the training module provides it. */
export const RUN_CONTROL = Symbol('RUN_CONTROL');

export interface RunControl {
  /** @throws ProblemException 404 for an unknown run, 409 for one that has ended. */
  stop(runId: string): Promise<{ status: RunStatus }>;
}
