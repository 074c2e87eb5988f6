import type { RunStatus } from '@gan-dashboard/shared-types';

/** Every step that a run's life can take; whatever does not stand here is refused. */
const transitions: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  queued: ['starting', 'stopped', 'failed', 'interrupted'],
  starting: ['running', 'stopping', 'failed', 'interrupted'],
  running: ['paused', 'stopping', 'completed', 'failed', 'interrupted'],
  paused: ['running', 'stopping', 'failed', 'interrupted'],
  stopping: ['stopped', 'completed', 'failed', 'interrupted'],
  stopped: [],
  completed: [],
  failed: [],
  interrupted: [],
};

export function canMove(from: RunStatus, to: RunStatus): boolean {
  return transitions[from].includes(to);
}

/** States in which a process works for the run. */
export const workingStatuses = ['starting', 'running', 'paused', 'stopping'] as const satisfies RunStatus[];

/** States in which a run waits for a process or has one. */
export const activeStatuses = ['queued', ...workingStatuses] as const satisfies RunStatus[];

export function isActive(status: RunStatus): boolean {
  return (activeStatuses as readonly RunStatus[]).includes(status);
}
