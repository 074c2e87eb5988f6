import { describe, expect, it } from 'vitest';
import { finalRunStatuses, runStatuses } from '@gan-dashboard/shared-types';
import { canMove, isActive } from './run-states';

describe('the life of a run', () => {
  it('leads from the queue over work to an end', () => {
    for (const [from, to] of [
      ['queued', 'starting'],
      ['starting', 'running'],
      ['running', 'stopping'],
      ['stopping', 'stopped'],
      ['running', 'completed'],
    ] as const) {
      expect(canMove(from, to)).toBe(true);
    }
  });

  it('never leads out of an end', () => {
    for (const end of finalRunStatuses) for (const to of runStatuses) expect(canMove(end, to)).toBe(false);
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
