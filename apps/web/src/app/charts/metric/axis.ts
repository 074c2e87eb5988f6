import { firstAtLeast } from './metric-line';
import type { MetricLine } from './metric-line';

export const xAxes = ['step', 'epoch', 'relative', 'wall'] as const;
export type XAxis = (typeof xAxes)[number];

export const axisTitles: Readonly<Record<XAxis, string>> = {
  step: 'step',
  epoch: 'epoch',
  relative: $localize`since the start`,
  wall: 'time',
};

/**
 * Where the points of a line stand. Relative time is in seconds since `startedAt`, wall time in milliseconds since 1970.
 * Points of one epoch are spread over it, up to its whole number, so that no two stand on one spot.
 */
export function positionsOf(line: MetricLine, axis: XAxis, startedAt: number): readonly number[] {
  if (axis === 'step') return line.step;
  if (axis === 'wall') return line.time;
  if (axis === 'relative') return line.time.map((time) => (time - startedAt) / 1_000);
  return spreadEpochs(line.epoch);
}

function spreadEpochs(epochs: readonly number[]): readonly number[] {
  const spread: number[] = [];
  for (let start = 0; start < epochs.length;) {
    const epoch = epochs[start] as number;
    let end = start;
    while (end < epochs.length && epochs[end] === epoch) end++;
    const before = epochs[start - 1] ?? epoch - 1;
    for (let index = start; index < end; index++) {
      spread.push(before + ((epoch - before) * (index - start + 1)) / (end - start));
    }
    start = end;
  }
  return spread;
}

/** The step at a position, between two points in proportion; beyond the ends it is the end. */
export function stepAt(line: MetricLine, positions: readonly number[], x: number): number {
  return interpolated(positions, line.step, x);
}

export function positionAt(line: MetricLine, positions: readonly number[], step: number): number {
  return interpolated(line.step, positions, step);
}

function interpolated(from: readonly number[], to: readonly number[], at: number): number {
  const next = firstAtLeast(from, at);
  const [left, right] = [from[next - 1], from[next]];
  if (left === undefined) return to[0] ?? NaN;
  if (right === undefined) return to.at(-1) ?? NaN;
  const share = right === left ? 1 : (at - left) / (right - left);
  return (to[next - 1] as number) + share * ((to[next] as number) - (to[next - 1] as number));
}
