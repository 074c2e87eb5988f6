import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { NewRunEvent, RunEventData, WireNumber } from '@gan-dashboard/shared-types';

export const at = new Date('2026-11-23T10:00:00.000Z');

export function statusOf(status: RunEventData<'status_update'>['status'] = 'running'): NewRunEvent {
  return { type: 'status_update', data: { status, message: `now ${status}` }, at };
}

export function update(epoch: number, values: Record<string, WireNumber> = {}): NewRunEvent {
  return {
    type: 'training_update',
    data: {
      epoch,
      total_epochs: 10,
      step: epoch * 5,
      generator_loss: 1 / epoch,
      discriminator_loss: -epoch,
      ...values,
    },
    at,
  };
}

export function progress(percent: number): NewRunEvent {
  const data = { epoch: 1, total_epochs: 10, step: 1, total_steps: 50, phase: 'training', elapsed_seconds: 1 } as const;
  return { type: 'progress', data: { ...data, progress_percent: percent, eta_seconds: 9 }, at };
}

export function logLine(
  number: number,
  message = `line ${number}`,
  level: RunEventData<'log_entry'>['level'] = 'info',
): NewRunEvent {
  const data = {
    message,
    source: 'training_output',
    stream: 'stdout',
    level,
    timestamp: at.toISOString(),
  } as const;
  return { type: 'log_entry', data, at };
}

/** A run's row, as far as its events need it; one that is there already stays as it is. */
export async function insertRun(
  dataSource: DataSource,
  values: { id?: string; status?: string; name?: string } = {},
): Promise<string> {
  const { id = randomUUID() } = values;
  await dataSource.query(
    `INSERT INTO run (id, created_at, created_by, name, status, model, config, seed, total_epochs)
     VALUES ($1, now(), 'test', $2, $3, 'wgan-gp', '{}', 1, 10) ON CONFLICT DO NOTHING`,
    [id, values.name ?? 'a run', values.status ?? 'running'],
  );
  return id;
}
