import { isFinalRunStatus } from '@gan-dashboard/shared-types';
import type { Run } from '@gan-dashboard/shared-types';

/** Why a metric of a run has no value, in a sentence that stands where its chart will be. */
export function emptyReason({ status, epoch, total_epochs: epochs }: Pick<Run, 'status' | 'epoch' | 'total_epochs'>) {
  if (isFinalRunStatus(status)) return $localize`No value: the run ended (${status}) without one.`;
  if (status === 'queued') return $localize`No value yet: the run is queued.`;
  if (status === 'starting') return $localize`No value yet: the run is starting.`;
  if (status === 'paused') return $localize`No value yet: the run is paused at epoch ${epoch}.`;
  if (status === 'stopping') return $localize`No value yet: the run is being stopped.`;
  // Some models never report some metrics: what is missing after an epoch is not promised for the next.
  if (epoch > 0) return $localize`No value yet: none was reported up to epoch ${epoch}.`;
  return epochs > 0
    ? $localize`No value yet: the first ones come when epoch 1 ends.`
    : $localize`No value yet: none was reported.`;
}
