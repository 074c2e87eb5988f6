import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { QualityHistory, QualityPoint, QualityQuery, RunMessage } from '@gan-dashboard/shared-types';

type QualityMessage = Extract<RunMessage, { type: 'quality_update' }>;

/** Within the transaction that writes the events. What is measured again after a resume takes the place of what was there. */
export async function writeQuality(manager: EntityManager, messages: readonly QualityMessage[]): Promise<void> {
  for (const { run_id, timestamp, data } of messages) {
    await manager.query(
      `INSERT INTO run_quality (run_id, step, at, data) VALUES ($1, $2, $3, $4)
       ON CONFLICT (run_id, step) DO UPDATE SET at = excluded.at, data = excluded.data`,
      [run_id, data.step, timestamp, JSON.stringify(data)],
    );
  }
}

/** What was measured of the rows of a run's model: kept as long as the run, unlike its events. */
@Injectable()
export class QualityStore {
  constructor(private readonly dataSource: DataSource) {}

  /** In the order of steps, evenly thinned out where there are more than `points`; the first and the last stay. */
  async read(runId: string, { points }: QualityQuery): Promise<QualityHistory> {
    const rows = await this.dataSource.query<{ at: Date; data: Omit<QualityPoint, 'timestamp'>; total: string }[]>(
      `SELECT at, data, total FROM (
         SELECT at, data, step, count(*) OVER () AS total, row_number() OVER (ORDER BY step) - 1 AS place
         FROM run_quality WHERE run_id = $1
       ) numbered
       WHERE total <= $2 OR place = total - 1
          OR place % ceil((total - 1)::numeric / ($2 - 1)) = 0
       ORDER BY step`,
      [runId, points],
    );
    const total = Number(rows[0]?.total ?? 0);
    const items = rows.map(({ at, data }) => ({ ...data, timestamp: at.toISOString() }));
    return { items, total, is_complete: items.length === total };
  }
}
