import { isFinalRunStatus } from '@gan-dashboard/shared-types';
import type { QualityUpdate, Run } from '@gan-dashboard/shared-types';

/** Why there is no quality, or no newer one; empty where there is nothing to say. */
export function qualityNote(run: Run, quality: readonly QualityUpdate[]): string {
  const last = quality.at(-1);
  if (last?.state === 'failed') {
    return $localize`Measuring the quality failed at epoch ${last.epoch}\: ${last.message ?? $localize`no reason was given`}. The training went on without.`;
  }
  if (last) return '';
  if (run.origin === 'external') return $localize`This program reports no quality of its rows.`;
  if (run.config['quality_every'] === 0) {
    return $localize`Quality is off in this run: quality_every is 0. Fork it with 1 to measure.`;
  }
  if (run.config['quality_every'] === undefined) return $localize`This run was started before quality was measured.`;
  if (isFinalRunStatus(run.status))
    return $localize`The run ended before its first epoch did, so no quality was measured.`;
  return run.status === 'queued'
    ? $localize`Measured once the run has begun, first at the end of its first epoch.`
    : $localize`Measured first at the end of the first epoch.`;
}
