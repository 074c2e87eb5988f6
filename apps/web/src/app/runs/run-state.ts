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
      return message.data.status === 'idle' ? {} : { status: message.data.status };
    case 'training_start':
      return { total_epochs: message.data.total_epochs, started_at: run.started_at ?? message.timestamp };
    case 'training_update': {
      const { epoch, total_epochs, step: _step, ...metrics } = message.data;
      return { epoch, total_epochs, summary: { ...run.summary, ...measured(metrics) } };
    }
    case 'progress':
      return {
        epoch: message.data.epoch,
        total_epochs: message.data.total_epochs,
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
    case 'checkpoint_saved':
    case 'sample_generation_complete':
    case 'sample_generation_error':
    case 'resource_update':
    case 'log_entry':
      return {};
  }
}

/** A stream's first words on a run: its present status, without a place in the log. */
export function applySnapshot(run: Run, message: StreamMessage): Run {
  if (message.type !== 'status_update' || message.run_id !== run.id || isFinalRunStatus(run.status)) return run;
  return message.data.status === 'idle' ? run : { ...run, status: message.data.status };
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
