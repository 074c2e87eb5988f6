import type { RunControlName, RunStatus } from '@gan-dashboard/shared-types';

/** Injection token of what the WebSocket may do to runs; the training module provides it. */
export const RUN_CONTROL = Symbol('RUN_CONTROL');

export interface RunControl {
  /** @throws ProblemException 404 for an unknown run, 409 with the way out for one that is not in a state for it. */
  control(command: RunControlName, runId: string, actor: string): Promise<{ status: RunStatus }>;
}
