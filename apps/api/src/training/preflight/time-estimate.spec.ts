import type { RunSize } from '@gan-dashboard/trainer';
import { describe, expect, it } from 'vitest';
import { timeEstimate } from './time-estimate';

const size: RunSize = {
  width: { at_most: 10, columns: [] },
  parameters_at_most: 1_000,
  training_rows: 500,
  steps_per_epoch: 20,
  rows_per_step: 50,
  operations_per_epoch: 8e9,
  seconds_per_epoch: 2,
  memory_bytes: 1,
};
const former = (secondsPerEpoch: number, operationsPerEpoch: number | null, isSameDataset = false) => ({
  secondsPerEpoch,
  operationsPerEpoch,
  isSameDataset,
});

describe('the time of a run', () => {
  it('is the median of former runs, scaled by the work of an epoch', () => {
    const runs = [former(1, 4e9), former(3, 8e9), former(50, 8e9), former(NaN, 8e9)];
    // 2, 3 and 50 seconds an epoch.
    expect(timeEstimate({ size, epochs: 10, runs: 2 }, runs)).toMatchObject({ seconds: 60, basis: 'measured' });
  });

  it('is told by the formula where nothing was measured', () => {
    const estimate = timeEstimate({ size, epochs: 10, runs: 1 }, []);
    expect(estimate).toMatchObject({ seconds: 20, basis: 'formula' });
    expect(estimate?.detail).toContain('4 GFLOP/s');
  });

  it('of a model without a known size goes by runs on the same data set alone', () => {
    const target = { size: null, epochs: 4, runs: 1 };
    expect(timeEstimate(target, [former(9, null), former(2, null, true)])).toMatchObject({ seconds: 8 });
    expect(timeEstimate(target, [former(9, null)])).toBeNull();
  });

  it('is not told where the number of epochs is not known', () => {
    expect(timeEstimate({ size, epochs: 0, runs: 1 }, [former(1, 1)])).toBeNull();
  });
});
