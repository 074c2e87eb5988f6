import { TestBed } from '@angular/core/testing';
import type { HealthAlert, RunMark, RunMessage } from '@gan-dashboard/shared-types';
import { RunPageApi } from '../page/run-page-api';
import { RunMarks } from './run-marks';

const timestamp = '2026-11-23T10:00:00.000Z';
const runId = '0191d1c0-0000-7000-8000-000000000001';
const pause: RunMark = { kind: 'pause', seq: 4, step: 20, timestamp };
const alert: RunMark = { kind: 'alert', seq: 7, step: 30, timestamp, severity: 'error', message: 'collapsed' };

function paused(seq: number): RunMessage {
  return { type: 'status_update', run_id: runId, seq, timestamp, data: { status: 'paused', message: 'paused' } };
}

function setUp(marks: (id: string) => Promise<RunMark[]>): RunMarks {
  TestBed.configureTestingModule({ providers: [RunMarks, { provide: RunPageApi, useValue: { marks } }] });
  return TestBed.inject(RunMarks);
}

describe('RunMarks', () => {
  it('shows what happened before the page was opened, and once what it also heard of', async () => {
    const marks = setUp(() => Promise.resolve([pause, alert]));
    marks.hear(paused(4), 999);
    marks.hear(paused(9), 40);
    await marks.open(runId);
    marks.hear(paused(4), 999);
    expect(marks.with(null)).toEqual([
      { kind: 'pause', step: 20, label: 'paused' },
      { kind: 'alert', step: 30, label: 'collapsed' },
      { kind: 'pause', step: 40, label: 'paused' },
    ]);
  });

  it('adds the verdict of the run only where its event is gone', async () => {
    const marks = setUp(() => Promise.resolve([alert]));
    await marks.open(runId);
    const verdict = { severity: 'error', step: 30, message: 'collapsed' } as HealthAlert;
    expect(marks.with(verdict)).toHaveLength(1);
    expect(marks.with({ ...verdict, step: 50 })).toHaveLength(2);
    expect(marks.with({ ...verdict, step: 50, severity: 'ok' })).toHaveLength(1);
  });

  it('keeps what it heard when the reading fails, and says so', async () => {
    const marks = setUp(() => Promise.reject(new Error('no answer')));
    marks.hear(paused(9), 40);
    await marks.open(runId);
    expect(marks.with(null)).toHaveLength(1);
    expect(marks.problem()).not.toBeNull();
  });

  it('forgets the marks of another run', async () => {
    const marks = setUp((id) => Promise.resolve(id === runId ? [pause] : []));
    await marks.open(runId);
    await marks.open('0191d1c0-0000-7000-8000-000000000002');
    expect(marks.with(null)).toEqual([]);
  });
});
