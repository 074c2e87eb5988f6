import { notMeasured } from '@gan-dashboard/shared-types';

export { percentText, quantityText, scoreText } from '@gan-dashboard/shared-types';

/** Milliseconds since 1970 as a day, with the time of day where it is not midnight. */
export function timeText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || Math.abs(ms) > 8.64e15) return notMeasured;
  const [day = '', time = ''] = new Date(ms).toISOString().split(/[T.]/);
  return time === '00:00:00' ? day : `${day} ${time}`;
}

export function countText(count: number): string {
  return count.toLocaleString('en');
}
