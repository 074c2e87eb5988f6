import { runStatuses } from '@gan-dashboard/shared-types';
import { aRun } from '../testing/builders';
import { runActions } from './run-actions';
import type { ActionFacts } from './run-actions';

function possible(partial: Partial<ActionFacts> = {}): string[] {
  const facts: ActionFacts = { run: aRun(), hasCheckpoint: true, pending: null, ...partial };
  return runActions(facts)
    .filter(({ blocked }) => blocked === '')
    .map(({ label }) => label);
}

describe('runActions', () => {
  it('offers what a running run can take', () => {
    expect(possible()).toEqual(['Pause', 'Stop and keep', 'Checkpoint now', 'Sample now', 'Fork…', 'Retry']);
    expect(possible({ hasCheckpoint: false })).not.toContain('Fork…');
  });

  it('lets a paused run go on, and a queued one leave the queue', () => {
    expect(possible({ run: aRun({ status: 'paused' }) })).toContain('Resume');
    expect(possible({ run: aRun({ status: 'queued' }), hasCheckpoint: false })).toEqual([
      'Take off the queue',
      'Retry',
    ]);
  });

  it('resumes what has ended, but not what is complete or must never resume', () => {
    for (const status of ['interrupted', 'stopped', 'failed'] as const) {
      expect(possible({ run: aRun({ status }) })).toEqual(['Resume', 'Fork…', 'Retry']);
    }
    expect(possible({ run: aRun({ status: 'completed' }) })).toEqual(['Fork…', 'Retry']);
    expect(possible({ run: aRun({ status: 'interrupted', on_interruption: 'never' }) })).toEqual(['Fork…', 'Retry']);
  });

  it('gives a reason for each action that it does not offer', () => {
    for (const status of runStatuses) {
      const states = runActions({ run: aRun({ status }), hasCheckpoint: false, pending: 'pause' });
      for (const { blocked } of states) expect(blocked).toBe('Waiting for the answer of the server.');
    }
    expect(possible({ run: aRun({ origin: 'external' }) })).toEqual([]);
  });
});
