import { isFinalRunStatus } from '@gan-dashboard/shared-types';
import type { Run } from '@gan-dashboard/shared-types';
import type { IconName } from '../design/icon';

export type RunAction = 'pause' | 'resume' | 'stop' | 'checkpoint' | 'sample' | 'fork' | 'retry';

export interface ActionState {
  action: RunAction;
  label: string;
  icon: IconName;
  /** What it does, for the tooltip. */
  hint: string;
  /** Why it can't be done now; empty where it can. */
  blocked: string;
}

export interface ActionFacts {
  run: Pick<Run, 'status' | 'origin' | 'on_interruption' | 'dataset_id'>;
  hasCheckpoint: boolean;
  /** The action that is being asked for. */
  pending: RunAction | null;
}

/** What can be done to a run now, and why the rest can't. */
export function runActions(facts: ActionFacts): ActionState[] {
  const actions = [
    pauseOrResume(facts),
    stop(facts),
    whileAtWork(facts, {
      action: 'checkpoint',
      label: 'Checkpoint now',
      icon: 'save',
      hint: 'Saves the state after the current step; the run goes on',
    }),
    whileAtWork(facts, {
      action: 'sample',
      label: 'Sample now',
      icon: 'table',
      hint: 'Saves the state and draws synthetic rows from it; the run goes on',
    }),
    fork(facts),
    retry(facts),
  ];
  return actions.map((state) => ({ ...state, blocked: waiting(facts) || state.blocked }));
}

function waiting({ run, pending }: ActionFacts): string {
  if (run.origin === 'external') return 'A program outside reports this run; control it there.';
  return pending === null ? '' : 'Waiting for the answer of the server.';
}

function pauseOrResume({ run }: ActionFacts): ActionState {
  const { status } = run;
  if (status === 'paused') {
    return { action: 'resume', label: 'Resume', icon: 'play', hint: 'Goes on where it waits', blocked: '' };
  }
  if (status === 'interrupted' || status === 'stopped' || status === 'failed') {
    const blocked =
      run.on_interruption === 'never' && status === 'interrupted' ? 'Set up never to resume; fork it.' : '';
    return { action: 'resume', label: 'Resume', icon: 'play', hint: 'Goes on from its last checkpoint', blocked };
  }
  const blocked =
    status === 'running'
      ? ''
      : status === 'completed'
        ? 'The run is complete; fork it to train on.'
        : `The run is ${status}.`;
  return {
    action: 'pause',
    label: 'Pause',
    icon: 'pause',
    hint: 'Waits after the current step, ready to go on',
    blocked,
  };
}

function stop({ run: { status } }: ActionFacts): ActionState {
  if (status === 'queued') {
    return { action: 'stop', label: 'Take off the queue', icon: 'stop', hint: 'The run does not start', blocked: '' };
  }
  const blocked = isFinalRunStatus(status)
    ? `The run has ended (${status}).`
    : status === 'stopping'
      ? 'It stops.'
      : '';
  return { action: 'stop', label: 'Stop and keep', icon: 'stop', hint: 'Ends the run and keeps its state', blocked };
}

function whileAtWork({ run: { status } }: ActionFacts, state: Omit<ActionState, 'blocked'>): ActionState {
  const isAtWork = status === 'running' || status === 'paused';
  return { ...state, blocked: isAtWork ? '' : `The run is ${status}: there is nothing new to save.` };
}

function fork({ hasCheckpoint }: ActionFacts): ActionState {
  const blocked = hasCheckpoint ? '' : 'There is no checkpoint yet to start from.';
  const hint = 'A new run that starts from a checkpoint, with settings of your choice';
  return { action: 'fork', label: 'Fork…', icon: 'fork', hint, blocked };
}

function retry({ run }: ActionFacts): ActionState {
  const blocked = run.dataset_id === null ? 'The run names no data set.' : '';
  const hint = 'A new run from the start, with the same settings and seed';
  return { action: 'retry', label: 'Retry', icon: 'refresh', hint, blocked };
}
