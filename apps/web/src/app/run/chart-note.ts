import type { Run } from '@gan-dashboard/shared-types';
import { isFinalRunStatus } from '@gan-dashboard/shared-types';
import type { ConnectionState } from '../live/live-events';
import { staleAfterMs } from '../shell/connection-text';

export interface ChartNoteFacts {
  run: Pick<Run, 'status' | 'epoch'>;
  hasPoints: boolean;
  connection: ConnectionState['kind'];
  /** When the stream last spoke at all, and when of this run; milliseconds since 1970, null before. */
  lastHeardAt: number | null;
  lastEventAt: number | null;
  now: number;
}

/** Why a chart is empty or does not move; empty while it moves. */
export function chartNote(facts: ChartNoteFacts): string {
  const { run, hasPoints } = facts;
  if (isFinalRunStatus(run.status)) {
    return hasPoints
      ? $localize`run ${run.status} at epoch ${run.epoch}`
      : $localize`run ${run.status} before the first epoch ended`;
  }
  if (facts.connection === 'reconnecting' || facts.connection === 'offline')
    return $localize`not live: the connection is lost`;
  const silence = silentSeconds(facts.lastHeardAt, facts.now);
  if (silence !== null) return $localize`stale: no event for ${silence} s`;
  if (run.status === 'queued') return $localize`the run waits in the queue`;
  if (run.status === 'paused') return $localize`run paused at epoch ${run.epoch}`;
  if (!hasPoints) return $localize`waiting for the first epoch`;
  const quiet = silentSeconds(facts.lastEventAt, facts.now);
  return quiet === null ? '' : $localize`no event of this run for ${quiet} s`;
}

function silentSeconds(since: number | null, now: number): number | null {
  if (since === null || now - since < staleAfterMs) return null;
  return Math.floor((now - since) / 1_000);
}
