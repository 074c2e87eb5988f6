import type { RunStatus } from '@gan-dashboard/shared-types';

/** What a stream must know of a run when a client opens it. */
export interface RunSnapshot {
  runId: string;
  status: RunStatus;
  message: string;
  lastSeq: number;
}

/** Injection token of the directory; the training module provides it. */
export const RUN_DIRECTORY = Symbol('RUN_DIRECTORY');

/** Answers which runs there are, as far as streams need it. */
export interface RunDirectory {
  snapshot(runId: string): Promise<RunSnapshot | undefined>;
  /** @param projects that they must be in; undefined: all */
  active(projects?: readonly string[]): Promise<RunSnapshot[]>;
}
