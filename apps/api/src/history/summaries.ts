import type { Points } from './points';

/**
 * What is left of groups of neighbouring points; each array has an entry for each group, in the order of steps. The
 * extremes and the mean are of the finite values: a group without one has `min` Infinity, `max` -Infinity and `mean` 0.
 * `last`, `step`, `time` and `epoch` are those of the group's last point, finite or not.
 */
export interface Summaries {
  count: Float64Array;
  nonFinite: Float64Array;
  min: Float64Array;
  max: Float64Array;
  mean: Float64Array;
  last: Float64Array;
  step: Float64Array;
  time: Float64Array;
  epoch: Float64Array;
}

export function emptySummaries(groups: number): Summaries {
  const array = () => new Float64Array(groups);
  return {
    count: array(),
    nonFinite: array(),
    min: array().fill(Infinity),
    max: array().fill(-Infinity),
    mean: array(),
    last: array(),
    step: array(),
    time: array(),
    epoch: array(),
  };
}

/** Summaries of groups of `size` points from the first on; the last group may have fewer. */
export function summarise(points: Points, size: number): Summaries {
  const length = points.steps.length;
  const groups = emptySummaries(Math.ceil(length / size));
  for (let group = 0, start = 0; start < length; group++, start += size) {
    const end = Math.min(length, start + size);
    summariseGroup(groups, group, points.values.subarray(start, end));
    groups.step[group] = points.steps[end - 1] as number;
    groups.time[group] = points.times[end - 1] as number;
    groups.epoch[group] = points.epochs[end - 1] as number;
  }
  return groups;
}

function summariseGroup(groups: Summaries, group: number, values: Float64Array): void {
  let [min, max, mean, finite] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    // A sum could leave the range of doubles.
    finite++;
    mean += value / finite - mean / finite;
  }
  groups.count[group] = values.length;
  groups.nonFinite[group] = values.length - finite;
  groups.min[group] = min;
  groups.max[group] = max;
  groups.mean[group] = Math.min(max, Math.max(min, mean));
  if (finite === 0) groups.mean[group] = 0;
  groups.last[group] = values[values.length - 1] as number;
}
