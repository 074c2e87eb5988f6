import { describe, expect, it } from 'vitest';
import { finalRunStatuses, runStatuses } from '@gan-dashboard/shared-types';
import type { RunStatus } from '@gan-dashboard/shared-types';
import { canMove, isActive, isWorking, resumableStatuses, whyNot, workingStatuses } from './run-states';
import type { RunAction } from './run-states';

describe('the life of a run', () => {
  it('leads from the queue over work to an end', () => {
    for (const [from, to] of [
      ['queued', 'starting'],
      ['starting', 'running'],
      ['running', 'paused'],
      ['paused', 'running'],
      ['paused', 'stopping'],
      ['running', 'stopping'],
      ['stopping', 'stopped'],
      ['running', 'completed'],
    ] as const) {
      expect(canMove(from, to)).toBe(true);
    }
  });

  it('leads out of an end only into the queue, or back to a program outside, and never out of a completed run', () => {
    const ways = (end: RunStatus) => runStatuses.filter((status) => canMove(end, status));
    expect(finalRunStatuses.map(ways)).toEqual([['queued'], [], ['queued'], ['queued', 'running']]);
    expect(finalRunStatuses.filter((status) => canMove(status, 'queued'))).toEqual([...resumableStatuses]);
  });

  it('goes from work to the queue only by way of an interruption', () => {
    for (const status of workingStatuses) {
      expect(canMove(status, 'queued')).toBe(false);
      expect(canMove(status, 'interrupted')).toBe(true);
    }
  });

  it('lets every active run fail or be interrupted', () => {
    for (const status of runStatuses.filter(isActive)) {
      expect(canMove(status, 'failed')).toBe(true);
      expect(canMove(status, 'interrupted')).toBe(true);
    }
  });

  it('does not start what was not queued', () => {
    expect(runStatuses.filter((status) => canMove(status, 'starting'))).toEqual(['queued']);
  });
});

describe('what can be asked of a run', () => {
  const allowed = (action: RunAction) => runStatuses.filter((status) => whyNot(status, action) === undefined);

  it('depends on its state', () => {
    expect(allowed('stop')).toEqual(['queued', 'starting', 'running', 'paused']);
    expect(allowed('pause')).toEqual(['starting', 'running']);
    expect(allowed('resume')).toEqual(['paused', 'stopped', 'failed', 'interrupted']);
    expect(allowed('checkpoint')).toEqual(['starting', 'running', 'paused']);
    expect(allowed('fork')).toEqual([...runStatuses]);
    expect(allowed('retry')).toEqual(runStatuses.filter((status) => !isActive(status)));
    expect(allowed('delete')).toEqual(allowed('retry'));
  });

  it('agrees with the transitions', () => {
    for (const status of runStatuses) {
      if (whyNot(status, 'stop') === undefined && isWorking(status)) expect(canMove(status, 'stopping')).toBe(true);
      if (whyNot(status, 'resume') === undefined)
        expect(canMove(status, status === 'paused' ? 'running' : 'queued')).toBe(true);
    }
  });

  it('is refused with the state the run is in', () => {
    for (const action of ['stop', 'pause', 'resume', 'checkpoint', 'retry', 'delete'] as const) {
      for (const status of runStatuses) {
        const reason = whyNot(status, action);
        if (reason !== undefined) expect(reason).toContain(status === 'queued' ? 'queue' : status);
      }
    }
  });
});
