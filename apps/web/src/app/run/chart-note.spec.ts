import { chartNote } from './chart-note';
import type { ChartNoteFacts } from './chart-note';

const now = 1_000_000;
function facts(partial: Partial<ChartNoteFacts> = {}): ChartNoteFacts {
  return {
    run: { status: 'running', epoch: 7 },
    hasPoints: true,
    connection: 'live',
    lastHeardAt: now - 1_000,
    lastEventAt: now - 1_000,
    now,
    ...partial,
  };
}

describe('chartNote', () => {
  it.each<[string, Partial<ChartNoteFacts>]>([
    ['', {}],
    ['waiting for the first epoch', { hasPoints: false }],
    ['the run waits in the queue', { hasPoints: false, run: { status: 'queued', epoch: 0 } }],
    ['run stopped at epoch 7', { run: { status: 'stopped', epoch: 7 } }],
    ['run failed before the first epoch ended', { hasPoints: false, run: { status: 'failed', epoch: 0 } }],
    ['run paused at epoch 7', { run: { status: 'paused', epoch: 7 } }],
    ['stale: no event for 20 s', { lastHeardAt: now - 20_000 }],
    ['no event of this run for 31 s', { lastEventAt: now - 31_000 }],
    ['not live: the connection is lost', { connection: 'reconnecting' }],
  ])('%j', (expected, partial) => {
    expect(chartNote(facts(partial))).toBe(expected);
  });
});
