import type { RunStatus, StreamMessage } from '@gan-dashboard/shared-types';
import { aRun, at, runId } from '../testing/builders';
import { applySnapshot, applyToRun } from './run-state';

const later = '2026-11-23T10:05:00.000Z';

function status(status: RunStatus, seq = 1) {
  return { type: 'status_update', run_id: runId, seq, timestamp: later, data: { status, message: 'why' } } as const;
}

function snapshot(timestamp: string): StreamMessage {
  return { type: 'status_update', run_id: runId, timestamp, data: { status: 'running', message: '' } };
}

describe('a run that goes on after its end', () => {
  it('loses its end and its error when it is queued again', () => {
    const interrupted = applyToRun(aRun(), status('interrupted'));
    expect(interrupted).toMatchObject({ status: 'interrupted', error: 'why', ended_at: later });
    const queued = applyToRun(interrupted, status('queued', 2));
    expect(queued).toMatchObject({ status: 'queued', error: null, ended_at: null });
  });

  it('has no place in the queue once it is taken up', () => {
    const queued = aRun({ status: 'queued', queue_position: 2, expected_start_at: later });
    expect(applyToRun(queued, status('starting'))).toMatchObject({ queue_position: null, expected_start_at: null });
  });

  it('believes a snapshot that is newer than its end, and no older one', () => {
    const ended = aRun({ status: 'stopped', ended_at: later });
    expect(applySnapshot(ended, snapshot(at)).status).toBe('stopped');
    expect(applySnapshot(ended, snapshot('2026-11-23T10:06:00.000Z')).status).toBe('running');
  });
});
