import type { TimeEstimate } from '@gan-dashboard/shared-types';
import type { RunSize } from '@gan-dashboard/trainer';

/** A run of this server that was at work. */
export interface FormerRun {
  isSameDataset: boolean;
  /** Seconds of one epoch, measured. */
  secondsPerEpoch: number;
  /** Null for models whose size their settings do not tell. */
  operationsPerEpoch: number | null;
}

/**
 * How long runs will take: by the median speed of former runs of the model, scaled by the work of an epoch, else by the
 * rate that the engine reaches on one core.
 *
 * @returns null where neither is known
 */
export function timeEstimate(
  { size, epochs, runs }: { size: RunSize | null; epochs: number; runs: number },
  former: readonly FormerRun[],
): TimeEstimate | null {
  if (epochs <= 0) return null;
  const seconds = former.flatMap((run) => secondsByRun(run, size));
  if (seconds.length > 0) {
    const times =
      seconds.length === 1 ? 'the speed of 1 former run' : `the median speed of ${seconds.length} former runs`;
    return {
      seconds: median(seconds) * epochs * runs,
      basis: 'measured',
      detail: `By ${times} of this model on this server${size ? ', scaled by the work of an epoch' : ' on this data set'}.`,
    };
  }
  if (!size) return null;
  const rate = size.operations_per_epoch / size.seconds_per_epoch / 1e9;
  return {
    seconds: size.seconds_per_epoch * epochs * runs,
    basis: 'formula',
    detail: `No former run of this model was measured here: 6 operations a weight and row at ${rate.toFixed(0)} GFLOP/s, the rate of one core. Can be off by several times.`,
  };
}

function secondsByRun(
  { isSameDataset, secondsPerEpoch, operationsPerEpoch }: FormerRun,
  size: RunSize | null,
): number[] {
  if (!Number.isFinite(secondsPerEpoch) || secondsPerEpoch <= 0) return [];
  if (!size || operationsPerEpoch === null) return isSameDataset ? [secondsPerEpoch] : [];
  return [(secondsPerEpoch * size.operations_per_epoch) / operationsPerEpoch];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}
