import type { NewRunEvent } from '@gan-dashboard/shared-types';
import type { RunEntity } from './run.entity';
import { statusEvent } from './run-events';

/** So many attempts in a row without a new checkpoint or epoch, and a run is not taken up again by itself. */
export const maxFruitlessAttempts = 3;

export const queuedToGoOn =
  'The run waits for a free place, to go on from its last checkpoint, or from the start if it has none.';

/**
 * What becomes of a run whose process has gone, as its resume policy says. Written in one batch: nobody ever finds the
 * run between the interruption and the queue.
 */
export function eventsOfInterruption(
  run: Pick<RunEntity, 'onInterruption' | 'fruitlessAttempts'>,
  reason: string,
): { events: NewRunEvent[]; isQueued: boolean } {
  const isHopeless = run.fruitlessAttempts >= maxFruitlessAttempts;
  if (run.onInterruption === 'auto' && !isHopeless) {
    return { events: [statusEvent('interrupted', reason), statusEvent('queued', queuedToGoOn)], isQueued: true };
  }
  const wayOut = {
    auto: `It is not taken up again: ${run.fruitlessAttempts} attempts in a row led to no new checkpoint or epoch. See its log, then resume, fork or retry it.`,
    ask: 'Resume it to go on from its last checkpoint, or from the start if it has none.',
    never: 'Fork or retry it to go on.',
  }[run.onInterruption];
  return { events: [statusEvent('interrupted', `${reason} ${wayOut}`)], isQueued: false };
}
