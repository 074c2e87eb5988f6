import type { EntityManager } from 'typeorm';
import { isFinalRunStatus } from '@gan-dashboard/shared-types';
import type { RunMessage } from '@gan-dashboard/shared-types';
import { metricsOf, projectHistory } from '../history/project-history';

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
  const names = Object.keys(changes);
  if (names.length === 0) return;
  // Column names are this file's own; the values travel as parameters.
  const assignments = names.map((name, index) =>
    name === 'summary' ? `summary = summary || $${index + 2}::jsonb` : `${name} = $${index + 2}`,
  );
  await manager.query(`UPDATE run SET ${assignments.join(', ')} WHERE id = $1`, [
    last.run_id,
    ...Object.values(changes),
  ]);
}

/** The columns of the run that a batch moves; of several events of a kind the last one counts. */
function columnsOf(messages: readonly RunMessage[]): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const message of messages) {
    switch (message.type) {
      case 'status_update':
        changes['status'] = message.data.status;
        if (message.data.status === 'starting') changes['started_at'] = message.timestamp;
        if (message.data.status !== 'idle' && isFinalRunStatus(message.data.status)) {
          changes['ended_at'] = message.timestamp;
          changes['eta_seconds'] = null;
          changes['owner'] = null;
        }
        if (message.data.status === 'interrupted') changes['error'] = message.data.message;
        break;
      case 'progress':
        Object.assign(changes, countsOf(message.data));
        changes['progress_percent'] = message.data.progress_percent;
        changes['eta_seconds'] = message.data.eta_seconds ?? null;
        break;
      case 'training_complete':
        if (message.data.error !== undefined) changes['error'] = message.data.error;
        break;
      case 'training_update':
        Object.assign(changes, countsOf(message.data));
        changes['summary'] = { ...(changes['summary'] as object | undefined), ...metricsOf(message) };
        break;
      case 'training_start':
        changes['total_epochs'] = message.data.total_epochs;
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

/** What is said of the epochs; a trainer that does not count them leaves them out. */
function countsOf(said: MessageOf<'progress' | 'training_update'>['data']): Record<string, number> {
  const counts: Record<string, number> = {};
  if (said.epoch !== undefined) counts['epoch'] = said.epoch;
  if (said.total_epochs !== undefined) counts['total_epochs'] = said.total_epochs;
  return counts;
}
