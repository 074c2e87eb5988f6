import type { Run } from '@gan-dashboard/shared-types';
import { formatClock, formatDuration } from '../design/format';

/** Where a queued run stands and when it is expected to start; empty for any other. */
export function queueText(run: Pick<Run, 'status' | 'queue_position' | 'expected_start_at'>, now: number): string {
  if (run.status !== 'queued') return '';
  if (run.queue_position === null) return $localize`Waiting for a free place.`;
  const place =
    run.queue_position === 1 ? $localize`Next in the queue` : $localize`Place ${run.queue_position} in the queue`;
  if (run.expected_start_at === null) return $localize`${place}. When it starts is not known yet.`;
  const seconds = (Date.parse(run.expected_start_at) - now) / 1_000;
  if (seconds < 1) return $localize`${place}, to start at any moment.`;
  return $localize`${place}, expected to start in ${formatDuration(seconds)} (${formatClock(run.expected_start_at)}).`;
}
