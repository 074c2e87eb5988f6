import type { Random } from '../../random/random';

/**
 * How windows are divided. `random`: each by itself, as TimeGAN does; windows that overlap then stand on both sides.
 * `block`: by stretches of neighbouring windows, without those that overlap the other side.
 */
export type WindowSplit = 'block' | 'random';

const BLOCKS = 20;

export interface SplitRequest {
  /** Windows in the order of time, one from each step on. */
  count: number;
  /** Steps of a window. */
  length: number;
  split: WindowSplit;
  /** Default 0.2. */
  testShare?: number;
}

/** Numbers of the windows to train and to test on. */
export function splitWindows(
  { count, length, split, testShare = 0.2 }: SplitRequest,
  random: Random,
): { training: Uint32Array; test: Uint32Array } {
  if (split === 'random') {
    const order = random.permutation(count);
    const tested = Math.round(testShare * count);
    return { training: order.subarray(tested), test: order.subarray(0, tested) };
  }
  const blocks = Math.max(2, Math.min(BLOCKS, Math.floor(count / (2 * length))));
  const tested = new Set(random.permutation(blocks).subarray(0, Math.max(1, Math.round(testShare * blocks))));
  const blockOf = (window: number): number => Math.min(blocks - 1, Math.floor((window * blocks) / count));
  const isTested = (window: number): boolean => tested.has(blockOf(window));
  const all = Uint32Array.from({ length: count }, (_, window) => window);
  const overlaps = (window: number): boolean => {
    for (let other = Math.max(0, window - length + 1); other < Math.min(count, window + length); other++) {
      if (isTested(other)) return true;
    }
    return false;
  };
  return { training: all.filter((window) => !overlaps(window)), test: all.filter(isTested) };
}
