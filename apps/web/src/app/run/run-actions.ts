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
      label: $localize`Checkpoint now`,
      icon: 'save',
      hint: $localize`Saves the state after the current step; the run goes on`,
    }),
    whileAtWork(facts, {
      action: 'sample',
      label: $localize`Sample now`,
      icon: 'table',
      hint: $localize`Saves the state and draws synthetic rows from it; the run goes on`,
    }),
    fork(facts),
    retry(facts),
  ];
  return actions.map((state) => ({ ...state, blocked: waiting(facts) || state.blocked }));
}

function waiting({ run, pending }: ActionFacts): string {
  if (run.origin === 'external') return $localize`A program outside reports this run; control it there.`;
  return pending === null ? '' : $localize`Waiting for the answer of the server.`;
}

function pauseOrResume({ run }: ActionFacts): ActionState {
  const { status } = run;
  if (status === 'paused') {
    return {
      action: 'resume',
      label: $localize`Resume`,
      icon: 'play',
      hint: $localize`Goes on where it waits`,
      blocked: '',
    };
  }
  if (status === 'interrupted' || status === 'stopped' || status === 'failed') {
    const blocked =
      run.on_interruption === 'never' && status === 'interrupted' ? $localize`Set up never to resume; fork it.` : '';
    return {
      action: 'resume',
      label: $localize`Resume`,
      icon: 'play',
      hint: $localize`Goes on from its last checkpoint`,
      blocked,
    };
  }
  const blocked =
    status === 'running'
      ? ''
      : status === 'completed'
        ? $localize`The run is complete; fork it to train on.`
        : $localize`The run is ${status}.`;
  return {
    action: 'pause',
    label: $localize`Pause`,
    icon: 'pause',
    hint: $localize`Waits after the current step, ready to go on`,
    blocked,
  };
}

function stop({ run: { status } }: ActionFacts): ActionState {
  if (status === 'queued') {
    return {
      action: 'stop',
      label: $localize`Take off the queue`,
      icon: 'stop',
      hint: $localize`The run does not start`,
      blocked: '',
    };
  }
  const blocked = isFinalRunStatus(status)
    ? $localize`The run has ended (${status}).`
    : status === 'stopping'
      ? $localize`It stops.`
      : '';
  return {
    action: 'stop',
    label: $localize`Stop and keep`,
    icon: 'stop',
    hint: $localize`Ends the run and keeps its state`,
    blocked,
  };
}

function whileAtWork({ run: { status } }: ActionFacts, state: Omit<ActionState, 'blocked'>): ActionState {
  const isAtWork = status === 'running' || status === 'paused';
  return { ...state, blocked: isAtWork ? '' : $localize`The run is ${status}\: there is nothing new to save.` };
}

function fork({ hasCheckpoint }: ActionFacts): ActionState {
  const blocked = hasCheckpoint ? '' : $localize`There is no checkpoint yet to start from.`;
  const hint = $localize`A new run that starts from a checkpoint, with settings of your choice`;
  return { action: 'fork', label: $localize`Fork…`, icon: 'fork', hint, blocked };
}

function retry({ run }: ActionFacts): ActionState {
  const blocked = run.dataset_id === null ? $localize`The run names no data set.` : '';
  const hint = $localize`A new run from the start, with the same settings and seed`;
  return { action: 'retry', label: $localize`Retry`, icon: 'refresh', hint, blocked };
}
