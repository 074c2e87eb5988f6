import type { EntityManager } from 'typeorm';
import { isFinalRunStatus } from '@gan-dashboard/shared-types';
import type { RunMessage } from '@gan-dashboard/shared-types';
import { metricsOf, projectHistory } from '../history/project-history';
import { queryPrepared } from '../platform/database/prepared-query';

type MessageOf<Type extends RunMessage['type']> = Extract<RunMessage, { type: Type }>;

/**
 * Brings the run's row, its metrics and its log lines up to date with a batch of its events, in the transaction that
 * writes the batch: once for each batch.
 */
export async function projectRun(manager: EntityManager, messages: readonly RunMessage[]): Promise<void> {
  const last = messages.at(-1);
  if (!last) return;
  await projectHistory(manager, messages);
  const changes = columnsOf(messages);
  const moved = columns.filter((name) => name in changes);
  if (moved.length === 0) return;
  await queryPrepared(manager, {
    name: `move_run_${moved.map((name) => columns.indexOf(name)).join('_')}`,
    text: `UPDATE run SET ${moved.map((name, index) => assignmentOf(name, `$${index + 2}`)).join(', ')} WHERE id = $1`,
    values: [last.run_id, ...moved.map((name) => changes[name])],
  });
}

/** The columns of the run that its events move. */
const columns = [
  'status',
  'started_at',
  'ended_at',
  'eta_seconds',
  'owner',
  'worker_id',
  'error',
  'epoch',
  'progress_percent',
  'total_epochs',
  'summary',
  'health',
] as const;
type Changes = Partial<Record<(typeof columns)[number], unknown>>;

function assignmentOf(name: (typeof columns)[number], parameter: string): string {
  if (name === 'summary') return `summary = summary || ${parameter}::jsonb`;
  // What is trained again after a resume has been reached before.
  if (name === 'progress_percent') return `progress_percent = greatest(progress_percent, ${parameter})`;
  // The first start counts; later ones go on from there.
  if (name === 'started_at') return `started_at = coalesce(started_at, ${parameter})`;
  return `${name} = ${parameter}`;
}

/** The columns of the run that a batch moves; of several events of a kind the last one counts. */
function columnsOf(messages: readonly RunMessage[]): Changes {
  const changes: Changes = {};
  for (const message of messages) {
    switch (message.type) {
      case 'status_update':
        Object.assign(changes, stateOf(message));
        break;
      case 'progress':
        Object.assign(changes, countsOf(message.data));
        changes.progress_percent = Math.max(message.data.progress_percent, Number(changes.progress_percent ?? 0));
        changes.eta_seconds = message.data.eta_seconds ?? null;
        break;
      case 'training_complete':
        if (message.data.error !== undefined) changes.error = message.data.error;
        break;
      case 'quality_update':
        changes.summary = { ...(changes.summary as object | undefined), ...metricsOf(message) };
        break;
      case 'health_alert':
        changes.health = JSON.stringify(message.data);
        break;
      case 'training_update':
        Object.assign(changes, countsOf(message.data));
        changes.summary = { ...(changes.summary as object | undefined), ...metricsOf(message) };
        break;
      case 'training_start':
        changes.total_epochs = message.data.total_epochs;
        break;
      case 'checkpoint_saved':
      case 'sample_generation_complete':
      case 'sample_generation_error':
      case 'resource_update':
      case 'log_entry':
        break;
    }
  }
  return changes;
}

function stateOf({ data: { status, message }, timestamp }: MessageOf<'status_update'>): Changes {
  if (status === 'idle') return {};
  if (isFinalRunStatus(status)) {
    const error = status === 'interrupted' ? { error: message } : {};
    return { status, ended_at: timestamp, eta_seconds: null, owner: null, worker_id: null, ...error };
  }
  // A run that is resumed has not ended, and what ended it before is not its error any more.
  if (status === 'queued') return { status, ended_at: null, error: null, owner: null, worker_id: null };
  return status === 'starting' ? { status, started_at: timestamp } : { status };
}

/** What is said of the epochs; a trainer that does not count them leaves them out. */
function countsOf(said: MessageOf<'progress' | 'training_update'>['data']): Record<string, number> {
  const counts: Record<string, number> = {};
  if (said.epoch !== undefined) counts['epoch'] = said.epoch;
  if (said.total_epochs !== undefined) counts['total_epochs'] = said.total_epochs;
  return counts;
}
