import type { Run } from '@gan-dashboard/shared-types';
import type { Completion } from './run-picture';

export interface FailureText {
  reason: string;
  /** How the process ended, where that is known. */
  ending: string;
  advice: string;
}

/** Why a run did not reach its end; null where it did, or was stopped by a person. */
export function failureText(run: Pick<Run, 'status' | 'error'>, completion: Completion | null): FailureText | null {
  if (run.status !== 'failed' && run.status !== 'interrupted') return null;
  const reason = completion?.error ?? run.error ?? completion?.message ?? $localize`The server gave no reason.`;
  return { reason, ending: endingOf(completion), advice: adviceFor(run.status, completion) };
}

function endingOf(completion: Completion | null): string {
  if (!completion) return '';
  if (completion.signal !== undefined) return $localize`Ended by signal ${completion.signal}`;
  return completion.return_code === null ? '' : $localize`Return code ${completion.return_code}`;
}

function adviceFor(status: Run['status'], completion: Completion | null): string {
  if (status === 'interrupted') {
    return $localize`Its state up to the last checkpoint is kept: press Resume to go on from there.`;
  }
  if (completion?.signal === 'SIGKILL') {
    return $localize`The system killed the process, most often for want of memory. Use a smaller batch, smaller layers or fewer rows.`;
  }
  return $localize`The log below says more. Correct the settings or the data set, then start again.`;
}
