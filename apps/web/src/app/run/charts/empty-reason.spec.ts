import type { Run } from '@gan-dashboard/shared-types';
import { emptyReason } from './empty-reason';

describe('why a metric has no value', () => {
  it.each<[string, Run['status'], number]>([
    ['No value yet: the first ones come when epoch 1 ends.', 'running', 0],
    ['No value yet: none was reported up to epoch 4.', 'running', 4],
    ['No value yet: the run is queued.', 'queued', 0],
    ['No value yet: the run is starting.', 'starting', 0],
    ['No value yet: the run is paused at epoch 2.', 'paused', 2],
    ['No value yet: the run is being stopped.', 'stopping', 0],
    ['No value: the run ended (failed) without one.', 'failed', 0],
    ['No value: the run ended (completed) without one.', 'completed', 3],
  ])('%s', (expected, status, epoch) => {
    expect(emptyReason({ status, epoch, total_epochs: 10 })).toBe(expected);
  });

  it('promises no epoch where none are counted', () => {
    const run = { status: 'running', epoch: 0, total_epochs: 0 } as const;
    expect(emptyReason(run)).toBe('No value yet: none was reported.');
  });
});
