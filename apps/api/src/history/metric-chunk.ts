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

/** Of a group: its least, greatest, mean and last value. */
const bytesPerSummary = 4 * 8;

/**
 * A chunk as it lies in the database, all numbers little-endian:
 * - `coarse`: of every 256 points the least, the greatest, the mean and the last value, as four arrays of doubles;
 * - `data`: the same of every 16 points; then a byte for each 16, the places of the least (low half) and the greatest
 *   (high half) among them; then the other points: those that are not the least, the greatest or the last of their 16;
 * - `nonFinite`: of every 16 points how many are NaN or infinite, a byte each; null: all are finite. Where none is
 *   finite, both places are that of the last.
 */
export interface StoredChunk {
  count: number;
  coarse: Buffer;
  data: Buffer;
  nonFinite: Buffer | null;
}

/** The bytes of `data` that the fine summaries take. */
export function fineBytes(count: number): number {
  return bytesPerSummary * groupsOf(count, fineGroup);
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
  const { places, others } = partsOf(points.values, fine);
  return {
    count: points.values.length,
    coarse: bytesOfSummaries(summarise(points, coarseGroup)),
    data: Buffer.concat([bytesOfSummaries(fine), places, bytesOf(others)]),
    nonFinite: fine.nonFinite.some((count) => count > 0) ? Buffer.from(fine.nonFinite) : null,
  };
}

function bytesOfSummaries({ min, max, mean, last }: Summaries): Buffer {
  return Buffer.concat([min, max, mean, last].map(bytesOf));
}

/** The places of the extremes in each fine group, and the values that the summaries do not have. */
function partsOf(values: Float64Array, { min, max }: Summaries): { places: Buffer; others: Float64Array } {
  const places = Buffer.alloc(min.length);
  const others = new Float64Array(values.length);
  let kept = 0;
  for (let group = 0; group < places.length; group++) {
    const inGroup = values.subarray(group * fineGroup, (group + 1) * fineGroup);
    const last = inGroup.length - 1;
    // Of equal values different ones are taken: the more the summaries have, the fewer are left.
    const least = inGroup.findIndex((value) => Object.is(value, min[group]));
    const greatest = inGroup.subarray(0, last).findLastIndex((value) => Object.is(value, max[group]));
    places[group] = (least < 0 ? last : least) + fineGroup * (greatest < 0 ? last : greatest);
    for (let place = 0; place < last; place++) {
      if (place !== least && place !== greatest) others[kept++] = inGroup[place] as number;
    }
  }
  return { places, others: others.subarray(0, kept) };
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
export function decodePoints({ count, data }: Pick<StoredChunk, 'count' | 'data'>, axis: Axis): Points {
  const groups = groupsOf(count, fineGroup);
  const { min, max, last } = summariesOf(data, groups);
  const placesAt = fineBytes(count);
  const othersAt = placesAt + groups;
  const others = doublesAt(data, othersAt, (data.length - othersAt) / 8);
  const { values } = emptyPoints(count);
  let taken = 0;
  for (let group = 0; group < groups; group++) {
    const start = group * fineGroup;
    const end = Math.min(count, start + fineGroup) - 1;
    const places = data[placesAt + group] as number;
    const [least, greatest] = [start + (places % fineGroup), start + Math.floor(places / fineGroup)];
    for (let index = start; index < end; index++) {
      if (index !== least && index !== greatest) values[index] = others[taken++] as number;
    }
    values[least] = min[group] as number;
    values[greatest] = max[group] as number;
    values[end] = last[group] as number;
  }
  return { ...axis, values };
}

/** The summaries of every 16 points; `data` may end behind them. */
export function decodeFine({ count, data, nonFinite }: Omit<StoredChunk, 'coarse'>, axis: Axis): Summaries {
  const groups = groupsOf(count, fineGroup);
  const summaries = { ...emptySummaries(groups), ...summariesOf(data, groups) };
  for (let group = 0; group < groups; group++) {
    const end = Math.min(count, (group + 1) * fineGroup);
    summaries.count[group] = end - group * fineGroup;
    summaries.nonFinite[group] = nonFinite?.[group] ?? 0;
    summaries.step[group] = axis.steps[end - 1] as number;
    summaries.time[group] = axis.times[end - 1] as number;
    summaries.epoch[group] = axis.epochs[end - 1] as number;
  }
  return summaries;
}

/** The summaries of every 256 points. */
export function decodeCoarse(
  { count, coarse, nonFinite }: Omit<StoredChunk, 'data'>,
  { ends }: Pick<StoredAxis, 'ends'>,
): Summaries {
  const groups = groupsOf(count, coarseGroup);
  const reader = new IntegerReader(ends);
  const axis = { step: reader.read(groups), time: reader.read(groups), epoch: reader.read(groups) };
  const summaries = { ...emptySummaries(groups), ...summariesOf(coarse, groups), ...axis };
  for (let group = 0; group < groups; group++) {
    summaries.count[group] = Math.min(count, (group + 1) * coarseGroup) - group * coarseGroup;
  }
  nonFinite?.forEach((lost, group) => {
    const coarser = Math.floor((group * fineGroup) / coarseGroup);
    summaries.nonFinite[coarser] = (summaries.nonFinite[coarser] ?? 0) + lost;
  });
  return summaries;
}

function summariesOf(bytes: Buffer, groups: number): Pick<Summaries, 'min' | 'max' | 'mean' | 'last'> {
  const array = (index: number) => doublesAt(bytes, 8 * groups * index, groups);
  return { min: array(0), max: array(1), mean: array(2), last: array(3) };
}

function groupsOf(count: number, size: number): number {
  return Math.ceil(count / size);
}
