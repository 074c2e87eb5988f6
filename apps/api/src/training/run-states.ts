import type { RunStatus } from '@gan-dashboard/shared-types';

/**
 * Every step that a run's life can take; whatever does not stand here is refused. A run that is handed over goes by
 * `interrupted` back to the queue, so that its log says what happened.
 */
const transitions: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  queued: ['starting', 'stopped', 'failed', 'interrupted'],
  starting: ['running', 'stopping', 'failed', 'interrupted'],
  running: ['paused', 'stopping', 'completed', 'failed', 'interrupted'],
  paused: ['running', 'stopping', 'failed', 'interrupted'],
  stopping: ['stopped', 'completed', 'failed', 'interrupted'],
  stopped: ['queued'],
  completed: [],
  failed: ['queued'],
  // Back to running without a queue: a run from outside whose program reports again.
  interrupted: ['queued', 'running'],
};

export function canMove(from: RunStatus, to: RunStatus): boolean {
  return transitions[from].includes(to);
}

/** States in which a process works for the run. */
export const workingStatuses = ['starting', 'running', 'paused', 'stopping'] as const satisfies RunStatus[];

/** States in which a run waits for a process or has one. */
export const activeStatuses = ['queued', ...workingStatuses] as const satisfies RunStatus[];

/** States that a run can be put back into the queue from. */
export const resumableStatuses = ['stopped', 'failed', 'interrupted'] as const satisfies RunStatus[];

export function isActive(status: RunStatus): boolean {
  return (activeStatuses as readonly RunStatus[]).includes(status);
}

export function isWorking(status: RunStatus): boolean {
  return (workingStatuses as readonly RunStatus[]).includes(status);
}

/** What people can ask of a run. */
export type RunAction = 'stop' | 'pause' | 'resume' | 'checkpoint' | 'fork' | 'retry' | 'delete';

const waits = 'The run waits in the queue: no process works on it yet.';
const hasEnded = (status: RunStatus) => `The run is ${status}: no process works on it.`;
const resumeIt = 'Resume it to go on from its last checkpoint.';
const alreadyStopping = 'The run is stopping and saves its state.';

const refusals: Readonly<Record<RunAction, Partial<Record<RunStatus, string>>>> = {
  stop: {
    stopping: `${alreadyStopping} Wait until it has stopped.`,
    stopped: 'The run is stopped: there is nothing to stop.',
    completed: 'The run is completed: there is nothing to stop.',
    failed: 'The run is failed: there is nothing to stop.',
    interrupted: 'The run is interrupted: there is nothing to stop.',
  },
  pause: {
    queued: `${waits} Stop it to take it off the queue.`,
    paused: 'The run is paused already. Resume it to go on.',
    stopping: `${alreadyStopping} It can be resumed once it has stopped.`,
    stopped: `${hasEnded('stopped')} ${resumeIt}`,
    completed: hasEnded('completed'),
    failed: hasEnded('failed'),
    interrupted: `${hasEnded('interrupted')} ${resumeIt}`,
  },
  resume: {
    queued: 'The run waits in the queue already; it starts as soon as a place is free.',
    starting: 'The run is starting: there is nothing to resume.',
    running: 'The run is running: there is nothing to resume.',
    stopping: `${alreadyStopping} Resume it once it has stopped.`,
    completed: 'The run is completed: there is nothing to resume. Fork it to train on from its last checkpoint.',
  },
  checkpoint: {
    queued: `${waits} Ask again once it is running.`,
    stopping: `${alreadyStopping} The checkpoint is listed once it has stopped.`,
    stopped: `${hasEnded('stopped')} Its last checkpoint is kept.`,
    completed: `${hasEnded('completed')} Its last checkpoint is kept.`,
    failed: `${hasEnded('failed')} ${resumeIt}`,
    interrupted: `${hasEnded('interrupted')} ${resumeIt}`,
  },
  fork: {},
  retry: {
    queued: 'The run waits in the queue. Let it end first, or start a new run.',
    starting: 'The run is starting. Stop it first, or start a new run.',
    running: 'The run is running. Stop it first, or start a new run.',
    paused: 'The run is paused. Stop it first, or start a new run.',
    stopping: `${alreadyStopping} Retry it once it has stopped.`,
  },
  delete: {
    queued: 'The run is queued. Stop it first, then delete it.',
    starting: 'The run is starting. Stop it first, then delete it.',
    running: 'The run is running. Stop it first, then delete it.',
    paused: 'The run is paused. Stop it first, then delete it.',
    stopping: `${alreadyStopping} Delete it once it has stopped.`,
  },
};

/** @returns why a run in this state refuses the action, with the way out; undefined where it takes it */
export function whyNot(from: RunStatus, action: RunAction): string | undefined {
  return refusals[action][from];
}
