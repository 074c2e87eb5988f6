import { isFinalRunStatus } from '@gan-dashboard/shared-types';
import type { Run, RunMessage, RunStatus, StreamMessage } from '@gan-dashboard/shared-types';

/** The run after a message. A message whose place the run has already passed changes nothing. */
export function applyToRun(run: Run, message: RunMessage): Run {
  if (message.run_id !== run.id || message.seq <= run.last_seq) return run;
  return { ...run, ...changeBy(run, message), last_seq: message.seq };
}

function changeBy(run: Run, message: RunMessage): Partial<Run> {
  switch (message.type) {
    case 'status_update':
      return message.data.status === 'idle' ? {} : changeOfStatus(message.data.status, message);
    case 'training_start':
      return { total_epochs: message.data.total_epochs, started_at: run.started_at ?? message.timestamp };
    case 'training_update': {
      const { epoch, total_epochs, step: _step, ...metrics } = message.data;
      return { ...counted({ epoch, total_epochs }), summary: { ...run.summary, ...measured(metrics) } };
    }
    case 'progress':
      return {
        ...counted(message.data),
        progress_percent: Math.max(run.progress_percent, message.data.progress_percent),
        eta_seconds: message.data.eta_seconds ?? null,
      };
    case 'training_complete':
      return {
        status: message.data.status,
        ended_at: message.timestamp,
        eta_seconds: null,
        error: message.data.error ?? run.error,
      };
    case 'health_alert':
      return { health: message.data };
    case 'checkpoint_saved':
    case 'quality_update':
    case 'sample_generation_complete':
    case 'sample_generation_error':
    case 'resource_update':
    case 'log_entry':
      return {};
  }
}

/** A run that goes back to the queue has neither an end nor an error any more. */
function changeOfStatus(status: RunStatus, message: Extract<RunMessage, { type: 'status_update' }>): Partial<Run> {
  if (status === 'interrupted') return { status, error: message.data.message, ended_at: message.timestamp };
  if (isFinalRunStatus(status)) return { status };
  const isWaiting = status === 'queued';
  return {
    status,
    ended_at: null,
    error: null,
    ...(isWaiting ? {} : { queue_position: null, expected_start_at: null }),
  };
}

/**
 * A stream's first words on a run: its present status, without a place in the log. Words from before the end that is
 * known of the run are stale.
 */
export function applySnapshot(run: Run, message: StreamMessage): Run {
  if (message.type !== 'status_update' || message.run_id !== run.id || message.data.status === 'idle') return run;
  const isStale = isFinalRunStatus(run.status) && (run.ended_at === null || message.timestamp <= run.ended_at);
  return isStale ? run : { ...run, status: message.data.status };
}

/** A trainer that does not count epochs, or does not say how many there are, leaves the run's own numbers as they are. */
function counted(said: {
  epoch?: number | undefined;
  total_epochs?: number | undefined;
}): Partial<Pick<Run, 'epoch' | 'total_epochs'>> {
  return {
    ...(said.epoch === undefined ? {} : { epoch: said.epoch }),
    ...(said.total_epochs === undefined ? {} : { total_epochs: said.total_epochs }),
  };
}

/** Metrics by name, without those that were not measured. */
function measured(metrics: Record<string, Run['summary'][string] | undefined>): Run['summary'] {
  const result: Run['summary'] = {};
  for (const [name, value] of Object.entries(metrics)) if (value !== undefined) result[name] = value;
  return result;
}

export function isActive(status: RunStatus): boolean {
  return !isFinalRunStatus(status);
}
