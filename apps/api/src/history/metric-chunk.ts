import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { bytesOf, doublesAt, encodeIntegers, IntegerReader } from './integers';
import { emptyPoints } from './points';
import type { Points } from './points';
import { emptySummaries, summarise } from './summaries';
import type { Summaries } from './summaries';

/** Points of a full chunk: a row of some 40 KB. */
export const chunkPoints = 4_096;
/** Points behind an entry of the finer and of the coarser summary that lie beside the values of a chunk. */
export const fineGroup = 16;
export const coarseGroup = 256;

/** The mean of a fine group is kept as its place between the extremes, in steps of 1/65,535. */
const meanSteps = 65_535;

/**
 * A chunk as it lies in the database, all numbers little-endian:
 * - `fine`: of every 16 points the least, the greatest and the last value as arrays of doubles, then the means as
 *   16-bit places between the extremes;
 * - `coarse`: of every 256 points the least, the greatest, the mean and the last value as arrays of doubles;
 * - `values`: the doubles that are not in `fine` already as the last of their group;
 * - `nonFinite`: of every 16 points how many are NaN or infinite, a byte each; null: all are finite.
 */
export interface StoredChunk {
  count: number;
  fine: Buffer;
  coarse: Buffer;
  values: Buffer;
  nonFinite: Buffer | null;
}

/**
 * Where and when the points of a chunk were measured; series that are measured together share it. `points` are the
 * steps, times and epochs of all points, deflated; `ends` those of the last point of every 256.
 */
export interface StoredAxis {
  ends: Buffer;
  points: Buffer;
}

/** Points in the order of their steps, no step twice, at most 4,096. */
export function encodeChunk(points: Points): StoredChunk {
  const fine = summarise(points, fineGroup);
  const coarse = summarise(points, coarseGroup);
  return {
    count: points.values.length,
    fine: Buffer.concat([bytesOf(fine.min), bytesOf(fine.max), bytesOf(fine.last), bytesOf(placesOf(fine))]),
    coarse: Buffer.concat([coarse.min, coarse.max, coarse.mean, coarse.last].map(bytesOf)),
    values: bytesOf(points.values.filter((_, index) => !isLastOfGroup(index, points.values.length))),
    nonFinite: fine.nonFinite.some((count) => count > 0) ? Buffer.from(fine.nonFinite) : null,
  };
}

export function encodeAxis(points: Points): StoredAxis {
  const { step, time, epoch } = summarise(points, coarseGroup);
  return {
    ends: Buffer.concat([step, time, epoch].map(encodeIntegers)),
    points: deflateRawSync(Buffer.concat([points.steps, points.times, points.epochs].map(encodeIntegers))),
  };
}

export type Axis = Omit<Points, 'values'>;

export function decodeAxis({ points }: Pick<StoredAxis, 'points'>, count: number): Axis {
  const reader = new IntegerReader(inflateRawSync(points));
  return { steps: reader.read(count), times: reader.read(count), epochs: reader.read(count) };
}

/** All points of a chunk. */
export function decodePoints(chunk: Pick<StoredChunk, 'count' | 'values' | 'fine'>, axis: Axis): Points {
  const { count } = chunk;
  const groups = groupsOf(count, fineGroup);
  const others = doublesAt(chunk.values, 0, count - groups);
  const lasts = doublesAt(chunk.fine, 16 * groups, groups);
  const { values } = emptyPoints(count);
  for (let group = 0; group < groups; group++) {
    const start = group * fineGroup;
    const end = Math.min(count, start + fineGroup) - 1;
    values.set(others.subarray(start - group, end - group), start);
    values[end] = lasts[group] as number;
  }
  return { ...axis, values };
}

/** The summaries of every 16 points of a chunk. */
export function decodeFine(chunk: Pick<StoredChunk, 'count' | 'fine' | 'nonFinite'>, axis: Axis): Summaries {
  const { count, fine } = chunk;
  const groups = groupsOf(count, fineGroup);
  const summaries = emptySummaries(groups);
  summaries.min = doublesAt(fine, 0, groups);
  summaries.max = doublesAt(fine, 8 * groups, groups);
  summaries.last = doublesAt(fine, 16 * groups, groups);
  for (let group = 0; group < groups; group++) {
    const end = Math.min(count, (group + 1) * fineGroup);
    summaries.count[group] = end - group * fineGroup;
    summaries.nonFinite[group] = chunk.nonFinite?.[group] ?? 0;
    summaries.mean[group] = meanAt(summaries, group, fine.readUInt16LE(24 * groups + 2 * group));
    summaries.step[group] = axis.steps[end - 1] as number;
    summaries.time[group] = axis.times[end - 1] as number;
    summaries.epoch[group] = axis.epochs[end - 1] as number;
  }
  return summaries;
}

/** The summaries of every 256 points of a chunk. */
export function decodeCoarse(
  chunk: Pick<StoredChunk, 'count' | 'coarse' | 'nonFinite'>,
  { ends }: Pick<StoredAxis, 'ends'>,
): Summaries {
  const { count, coarse, nonFinite } = chunk;
  const groups = groupsOf(count, coarseGroup);
  const reader = new IntegerReader(ends);
  const summaries: Summaries = {
    ...emptySummaries(groups),
    min: doublesAt(coarse, 0, groups),
    max: doublesAt(coarse, 8 * groups, groups),
    mean: doublesAt(coarse, 16 * groups, groups),
    last: doublesAt(coarse, 24 * groups, groups),
    step: reader.read(groups),
    time: reader.read(groups),
    epoch: reader.read(groups),
  };
  for (let group = 0; group < groups; group++) {
    summaries.count[group] = Math.min(count, (group + 1) * coarseGroup) - group * coarseGroup;
  }
  const finePerCoarse = coarseGroup / fineGroup;
  nonFinite?.forEach((lost, group) => {
    const coarser = Math.floor(group / finePerCoarse);
    summaries.nonFinite[coarser] = (summaries.nonFinite[coarser] ?? 0) + lost;
  });
  return summaries;
}

function groupsOf(count: number, size: number): number {
  return Math.ceil(count / size);
}

function isLastOfGroup(index: number, count: number): boolean {
  return index % fineGroup === fineGroup - 1 || index === count - 1;
}

/** Halves, because the difference of two doubles may not be one. */
function placesOf({ min, max, mean }: Summaries): Uint16Array {
  return Uint16Array.from(mean, (value, group) => {
    const [low, high] = [(min[group] as number) / 2, (max[group] as number) / 2];
    return low < high ? Math.round(meanSteps * ((value / 2 - low) / (high - low))) : 0;
  });
}

function meanAt({ min, max }: Summaries, group: number, place: number): number {
  const [low, high] = [min[group] as number, max[group] as number];
  if (low > high) return 0;
  if (low === high) return low;
  const share = place / meanSteps;
  return low * (1 - share) + high * share;
}
