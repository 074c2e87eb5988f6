import type { EntityManager } from 'typeorm';
import { fromWireNumber, isFinalRunStatus } from '@gan-dashboard/shared-types';
import type { RunMessage, WireNumber } from '@gan-dashboard/shared-types';

type MessageOf<Type extends RunMessage['type']> = Extract<RunMessage, { type: Type }>;

function ofType<Type extends RunMessage['type']>(messages: readonly RunMessage[], type: Type): MessageOf<Type>[] {
  return messages.filter((message): message is MessageOf<Type> => message.type === type);
}

/**
 * Brings the run's row, its metrics and its log lines up to date with a batch of its events, in the transaction that
 * writes the batch: once for each batch.
 */
export async function projectRun(manager: EntityManager, messages: readonly RunMessage[]): Promise<void> {
  const last = messages.at(-1);
  if (!last) return;
  await writeLogLines(manager, ofType(messages, 'log_entry'));
  await writeMetrics(manager, ofType(messages, 'training_update'));
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

/** The measured values of an update, by name. */
export function metricsOf(message: MessageOf<'training_update'>): Record<string, WireNumber> {
  const { epoch: _epoch, total_epochs: _total, step: _step, ...metrics } = message.data;
  return metrics;
}

async function writeLogLines(manager: EntityManager, entries: MessageOf<'log_entry'>[]): Promise<void> {
  if (entries.length === 0) return;
  await manager.query(
    `INSERT INTO run_log (run_id, line, logged_at, source, stream, level, message)
     SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])
     ON CONFLICT DO NOTHING`,
    [
      entries.map((entry) => entry.run_id),
      entries.map((entry) => entry.data.line),
      entries.map((entry) => entry.data.timestamp),
      entries.map((entry) => entry.data.source),
      entries.map((entry) => entry.data.stream ?? null),
      entries.map((entry) => entry.data.level),
      entries.map((entry) => entry.data.message),
    ],
  );
}

/** A step that is trained again after a resume overwrites what it measured before. */
async function writeMetrics(manager: EntityManager, updates: MessageOf<'training_update'>[]): Promise<void> {
  const points = new Map<string, unknown[]>();
  for (const update of updates) {
    for (const [name, value] of Object.entries(metricsOf(update))) {
      // 0: the trainer does not count epochs.
      const { epoch = 0, step } = update.data;
      points.set(`${name}@${step}`, [update.run_id, name, step, epoch, update.timestamp, fromWireNumber(value)]);
    }
  }
  if (points.size === 0) return;
  const rows = [...points.values()];
  const column = (index: number) => rows.map((row) => row[index]);
  await manager.query(
    `INSERT INTO run_metric (run_id, name, step, epoch, measured_at, value)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::int[], $5::timestamptz[], $6::float8[])
     ON CONFLICT (run_id, name, step) DO UPDATE
       SET epoch = excluded.epoch, measured_at = excluded.measured_at, value = excluded.value`,
    [column(0), column(1), column(2), column(3), column(4), column(5)],
  );
}
