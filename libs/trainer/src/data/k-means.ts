import type { ValueGroups } from './value-groups';

const mostIterations = 100;

/**
 * k-means of sorted groups of values (Lloyd 1982), from centres at even quantiles. In one dimension a cluster is a
 * run of neighbours, so that prefix sums make an iteration cost one look-up a cluster.
 *
 * @returns hard responsibilities `[groups, size]`: 1 for the cluster of a group, else 0
 */
export function clusterSorted(groups: ValueGroups, size: number): Float64Array {
  const { counts, sums } = prefixSums(groups);
  let ends = quantileEnds(counts, size);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const next = reassign(groups.mean, centresOf(ends, counts, sums), ends);
    if (next.every((end, k) => end === ends[k])) break;
    ends = next;
  }
  const responsibilities = new Float64Array(groups.mean.length * size);
  let cluster = 0;
  for (let i = 0; i < groups.mean.length; i++) {
    while (cluster < size - 1 && i >= (ends[cluster] ?? 0)) cluster++;
    responsibilities[i * size + cluster] = 1;
  }
  return responsibilities;
}

function prefixSums({ mean, count }: ValueGroups): { counts: Float64Array; sums: Float64Array } {
  const counts = new Float64Array(mean.length + 1);
  const sums = new Float64Array(mean.length + 1);
  mean.forEach((value, i) => {
    counts[i + 1] = (counts[i] ?? 0) + (count[i] ?? 0);
    sums[i + 1] = (sums[i] ?? 0) + value * (count[i] ?? 0);
  });
  return { counts, sums };
}

/** Where each cluster ends (exclusive), each with at least one group. */
function quantileEnds(counts: Float64Array, size: number): number[] {
  const groups = counts.length - 1;
  const total = counts[groups] ?? 0;
  let end = 0;
  return Array.from({ length: size }, (_, k) => {
    const last = groups - (size - 1 - k);
    end++;
    while (end < last && (counts[end] ?? 0) < (total * (k + 1)) / size) end++;
    return k === size - 1 ? groups : end;
  });
}

function centresOf(ends: readonly number[], counts: Float64Array, sums: Float64Array): number[] {
  return ends.map((end, k) => {
    const from = k === 0 ? 0 : (ends[k - 1] ?? 0);
    return ((sums[end] ?? 0) - (sums[from] ?? 0)) / ((counts[end] ?? 0) - (counts[from] ?? 0));
  });
}

/** Moves each border to the middle of the centres beside it; a cluster that would become empty keeps its border. */
function reassign(means: Float64Array, centres: readonly number[], ends: readonly number[]): number[] {
  const moved = centres.map((centre, k) =>
    k === centres.length - 1 ? means.length : firstAbove(means, (centre + (centres[k + 1] ?? centre)) / 2),
  );
  const isSound = moved.every((end, k) => end > (k === 0 ? 0 : (moved[k - 1] ?? 0)));
  return isSound ? moved : [...ends];
}

function firstAbove(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
