import type { QualityUpdate } from '@gan-dashboard/shared-types';

/** More measurements than a strip has pixels are of no use; a run of days stays bounded. */
export const maxMeasurements = 400;

/**
 * Measurements in the order of steps. A step that is measured again, after a resume or because history and stream
 * overlap, takes the place of what was there.
 */
export function mergeQuality(
  known: readonly QualityUpdate[],
  added: readonly QualityUpdate[],
): readonly QualityUpdate[] {
  if (added.length === 0) return known;
  const byStep = new Map([...known, ...added].map((update) => [update.step, update]));
  return thinned([...byStep.values()].toSorted((a, b) => a.step - b.step));
}

/** Drops every second one of the older half; the first and the newest are kept. */
function thinned(updates: readonly QualityUpdate[]): readonly QualityUpdate[] {
  if (updates.length <= maxMeasurements) return updates;
  const half = Math.floor(updates.length / 2);
  return updates.filter((_, index) => index >= half || index % 2 === 0);
}

export function measuredOf(updates: readonly QualityUpdate[]): readonly QualityUpdate[] {
  return updates.filter(({ state }) => state === 'measured');
}
