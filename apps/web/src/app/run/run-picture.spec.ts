import type { RunMessage } from '@gan-dashboard/shared-types';
import { aLogEntry, aLogMessage, aRun, aSeries, anUpdate, at, runId } from '../testing/builders';
import { maxPoints } from './metric-points';
import { applyMessages, pictureFromHistory } from './run-picture';
import type { RunHistory, RunPicture } from './run-picture';

function history(partial: Partial<RunHistory> = {}): RunHistory {
  return { run: aRun(), metrics: { series: [] }, log: [], checkpoints: [], tail: [], ...partial };
}

const losses = (picture: RunPicture) => picture.series.get('generator_loss')?.value;
const epochs = (picture: RunPicture) => picture.series.get('generator_loss')?.epoch;
const lines = (picture: RunPicture) => picture.log.map((entry) => entry.line);

describe('history and stream', () => {
  it('join without gap or double when the stream repeats what the history holds', () => {
    const read = history({
      run: aRun({ last_seq: 4, epoch: 2 }),
      metrics: { series: [aSeries('generator_loss', [0.1, 0.2])] },
      log: [aLogEntry(1), aLogEntry(2)],
    });
    const stream = [anUpdate(3, 2), aLogMessage(4, 2), anUpdate(5, 3), aLogMessage(6, 3)];
    const picture = applyMessages(pictureFromHistory(read), stream);
    expect(losses(picture)).toEqual([0.1, 0.2, 0.3]);
    expect(lines(picture)).toEqual([1, 2, 3]);
    expect(picture.run).toMatchObject({ last_seq: 6, epoch: 3 });
  });

  it('do not double what happened between the reading of the run and of its metrics and log', () => {
    const read = history({
      run: aRun({ last_seq: 2, epoch: 1 }),
      metrics: { series: [aSeries('generator_loss', [0.1, 0.2])] },
      log: [aLogEntry(1), aLogEntry(2)],
    });
    const picture = applyMessages(pictureFromHistory(read), [anUpdate(3, 2), aLogMessage(4, 2), anUpdate(5, 3)]);
    expect(epochs(picture)).toEqual([1, 2, 3]);
    expect(lines(picture)).toEqual([1, 2]);
    expect(picture.run.last_seq).toBe(5);
  });

  it('leave messages of other runs alone', () => {
    const picture = pictureFromHistory(history());
    const other = { ...anUpdate(1, 1), run_id: '33333333-3333-4333-8333-333333333333' };
    expect(applyMessages(picture, [other])).toEqual(picture);
  });

  it('keep NaN as a value of its own, for a gap in the line', () => {
    const read = history({ metrics: { series: [aSeries('generator_loss', [0.1, 'NaN'])] } });
    const picture = applyMessages(pictureFromHistory(read), [anUpdate(9, 3, 'NaN'), anUpdate(10, 4)]);
    expect(losses(picture)).toEqual([0.1, NaN, NaN, 0.4]);
  });

  it('stay bounded over a run of any length, with the newest points kept', () => {
    const updates = Array.from({ length: maxPoints + 500 }, (_, index) => anUpdate(index + 1, index + 1));
    let picture = pictureFromHistory(history());
    for (let start = 0; start < updates.length; start += 50) {
      picture = applyMessages(picture, updates.slice(start, start + 50));
    }
    const shown = epochs(picture) ?? [];
    expect(shown.length).toBeLessThanOrEqual(maxPoints);
    expect(shown[0]).toBe(1);
    expect(shown.slice(-3)).toEqual([4498, 4499, 4500]);
  });

  it('tell status, checkpoint, outcome and rate', () => {
    const progress = (seq: number, step: number, seconds: number): RunMessage => ({
      type: 'progress',
      run_id: runId,
      seq,
      timestamp: at,
      epoch: 1,
      progress_percent: 10,
      data: {
        epoch: 1,
        total_epochs: 10,
        step,
        total_steps: 100,
        progress_percent: 10,
        phase: 'training',
        elapsed_seconds: seconds,
      },
    });
    const checkpoint = '44444444-4444-4444-8444-444444444444';
    const picture = applyMessages(pictureFromHistory(history()), [
      progress(1, 10, 1),
      progress(2, 30, 3),
      {
        type: 'checkpoint_saved',
        run_id: runId,
        seq: 3,
        timestamp: at,
        data: { checkpoint_id: checkpoint, epoch: 1, step: 30, size_bytes: 5 },
      },
      {
        type: 'training_complete',
        run_id: runId,
        seq: 4,
        timestamp: at,
        data: {
          status: 'failed',
          message: 'out of memory',
          return_code: null,
          signal: 'SIGKILL',
          error: 'killed',
          duration_seconds: 3,
        },
      },
    ]);
    expect(picture.stepsPerSecond).toBe(10);
    expect(picture.checkpoints.map((each) => each.id)).toEqual([checkpoint]);
    expect(picture.run).toMatchObject({ status: 'failed', error: 'killed', ended_at: at, progress_percent: 10 });
    expect(picture.completion?.signal).toBe('SIGKILL');
  });

  it('keep earlier lines that were read on demand where they join the new reading', () => {
    const earlier = [aLogEntry(1), aLogEntry(2), aLogEntry(3)];
    expect(lines(pictureFromHistory(history({ log: [aLogEntry(3), aLogEntry(4)] }), earlier))).toEqual([1, 2, 3, 4]);
    expect(lines(pictureFromHistory(history({ log: [aLogEntry(9)] }), earlier))).toEqual([9]);
  });
});
