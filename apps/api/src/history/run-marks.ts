import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { MarkQuery, RunEventData, RunMark, RunMarks as Marks } from '@gan-dashboard/shared-types';

type MarkRow = { seq: string; step: string; occurred_at: Date } & (
  | { type: 'health_alert'; data: RunEventData<'health_alert'> }
  | { type: 'status_update'; data: RunEventData<'status_update'> }
  | { type: 'sample_generation_complete'; data: RunEventData<'sample_generation_complete'> }
);

/**
 * Alerts, pauses and samples of a run, read from its log and so as long as that is kept. A pause and a sample have no
 * step of their own: they stand at the last one that was measured before them.
 */
@Injectable()
export class RunMarks {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest `limit` of them, in the order of the log. */
  async read(runId: string, { limit }: MarkQuery): Promise<Marks> {
    const rows = await this.dataSource.query<MarkRow[]>(
      `WITH mark AS (
         SELECT seq, type, data, occurred_at FROM run_event
         WHERE run_id = $1 AND (type = 'sample_generation_complete'
           OR (type = 'health_alert' AND data->>'severity' <> 'ok')
           OR (type = 'status_update' AND data->>'status' = 'paused'))
         ORDER BY seq DESC LIMIT $2
       )
       SELECT mark.*, CASE type WHEN 'health_alert' THEN (data->>'step')::bigint ELSE coalesce((
           SELECT (measured.data->>'step')::bigint FROM run_event measured
           WHERE measured.run_id = $1 AND measured.type = 'training_update' AND measured.seq < mark.seq
           ORDER BY measured.seq DESC LIMIT 1
         ), 0) END AS step
       FROM mark ORDER BY seq`,
      [runId, limit + 1],
    );
    return { items: rows.slice(-limit).flatMap(markOf), is_complete: rows.length <= limit };
  }
}

function markOf(row: MarkRow): RunMark[] {
  const place = { seq: Number(row.seq), step: Number(row.step), timestamp: row.occurred_at.toISOString() };
  switch (row.type) {
    case 'health_alert': {
      const { severity, message } = row.data;
      return severity === 'ok' ? [] : [{ kind: 'alert', ...place, severity, message }];
    }
    case 'status_update':
      return [{ kind: 'pause', ...place }];
    case 'sample_generation_complete':
      return [{ kind: 'sample', ...place, sample_id: row.data.sample_id, rows: row.data.rows }];
  }
}
