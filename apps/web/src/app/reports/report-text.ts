import type { QualityScore } from '@gan-dashboard/shared-types';
import { notMeasured, shortTime } from '../design/format';

export { percentText as shareText, quantityText, scoreText, sectionTitles } from '@gan-dashboard/shared-types';

/** Milliseconds since 1970. */
export function timeText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || Math.abs(ms) > 8.64e15) return notMeasured;
  return shortTime(new Date(ms).toISOString());
}

export type Flag = 'above' | 'below' | undefined;

/** A floor that the ceiling does not reach says nothing: shuffled columns keep their shapes exactly. */
export function flagOf({ value, floor, ceiling, better, is_above_ceiling: isAbove }: QualityScore): Flag {
  if (isAbove) return 'above';
  if (typeof value !== 'number' || typeof floor !== 'number') return undefined;
  const isWorse = (one: number, other: number) => (better === 'higher' ? one < other : one > other);
  if (typeof ceiling === 'number' && !isWorse(floor, ceiling)) return undefined;
  return isWorse(value, floor) ? 'below' : undefined;
}
