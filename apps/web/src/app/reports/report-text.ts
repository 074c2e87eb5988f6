import type { QualityScore } from '@gan-dashboard/shared-types';
import { notMeasured, shortTime } from '../design/format';

const score = new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const hundredths = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const sectionTitles: Readonly<Record<QualityScore['section'], string>> = {
  fidelity: 'Fidelity',
  diagnostic: 'Validity',
  distance: 'Distance of the distributions',
  detection: 'Detection',
  utility: 'Utility',
  privacy: 'Privacy',
  series: 'Sequences',
  order_book: 'Order book',
};

export function scoreText(value: number | null | undefined): string {
  if (value === null || value === undefined) return notMeasured;
  const isTiny = value !== 0 && Math.abs(value) < 5e-4;
  return (isTiny ? value.toExponential(1) : score.format(value)).replaceAll('-', '−');
}

export function quantityText(value: number | null | undefined): string {
  if (value === null || value === undefined) return notMeasured;
  const size = Math.abs(value);
  const text = value !== 0 && (size < 1e-4 || size >= 1e9) ? value.toExponential(3) : significant.format(value);
  return text.replaceAll('-', '−');
}

/** Milliseconds since 1970. */
export function timeText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || Math.abs(ms) > 8.64e15) return notMeasured;
  return shortTime(new Date(ms).toISOString());
}

export function shareText(share: number | null | undefined): string {
  if (share === null || share === undefined) return notMeasured;
  if (share === 0) return '0 %';
  return `${(share < 0.01 ? hundredths : tenths).format(100 * share)} %`;
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
