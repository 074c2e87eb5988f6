import { isFinalRunStatus } from '@gan-dashboard/shared-types';
import type { Dataset, Run } from '@gan-dashboard/shared-types';

export interface StartFacts {
  dataset: Dataset | undefined;
  areModelsLoaded: boolean;
  /** Titles of the settings that are wrong. */
  invalid: readonly string[];
  isStarting: boolean;
}

/** Why training can't be started now, in words that name the way out; empty where it can. */
export function startBlocker({ dataset, areModelsLoaded, invalid, isStarting }: StartFacts): string {
  if (isStarting) return $localize`The run is being started.`;
  if (!dataset) return $localize`Choose a data set first.`;
  if (dataset.status === 'importing') return $localize`“${dataset.name}” is still being imported.`;
  if (dataset.status === 'failed') return $localize`“${dataset.name}” could not be imported; choose another data set.`;
  if (dataset.row_count === 0) return $localize`“${dataset.name}” has no rows; choose another data set.`;
  if (!dataset.columns.some((column) => column.role !== 'id' && column.role !== 'excluded')) {
    return $localize`No column of “${dataset.name}” is learned; give at least one a role other than id or excluded.`;
  }
  if (!areModelsLoaded) return $localize`The models are not loaded yet.`;
  if (invalid.length > 0) return $localize`Correct first: ${invalid.join(', ')}.`;
  return '';
}

/** Why the open run can't be stopped; empty where it can. */
export function stopBlocker(run: Pick<Run, 'status' | 'name'> | undefined, isStopping: boolean): string {
  if (!run) return $localize`No run is open.`;
  if (isFinalRunStatus(run.status)) return $localize`The open run has ended (${run.status}).`;
  if (isStopping || run.status === 'stopping')
    return $localize`The run is being stopped; it ends after its current step.`;
  return '';
}
