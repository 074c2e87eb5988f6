import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { toWireNumber } from '@gan-dashboard/shared-types';
import type { MetricHistory, MetricQuery, MetricSeries } from '@gan-dashboard/shared-types';

interface BucketRow {
  name: string;
  is_complete: boolean;
  step: string;
  epoch: number;
  time: Date;
  min: number;
  max: number;
  last: number;
}

/**
 * A series that has no more than `points` points comes whole. A longer one comes in buckets of equal count, each with
 * its extremes and its last value: nothing that stands out is lost, as it would be in a random sample.
 */
const bucketQuery = `
  WITH point AS (
    SELECT name, step, epoch, measured_at, value,
      row_number() OVER (PARTITION BY name ORDER BY step) - 1 AS position,
      count(*) OVER (PARTITION BY name) AS total
    FROM run_metric
    WHERE run_id = $1 AND ($2::text[] IS NULL OR name = ANY ($2)) AND step BETWEEN $3 AND $4
  )
  SELECT name, total <= $5 AS is_complete, max(step) AS step, max(epoch) AS epoch, max(measured_at) AS time,
    coalesce(min(value) FILTER (WHERE value <> 'NaN'), 'NaN') AS min,
    coalesce(max(value) FILTER (WHERE value <> 'NaN'), 'NaN') AS max,
    (array_agg(value ORDER BY step DESC))[1] AS last
  FROM point
  GROUP BY name, total, CASE WHEN total <= $5 THEN position ELSE position * $5 / total END
  ORDER BY name, max(step)`;

/** The metric series of runs. */
@Injectable()
export class MetricStore {
  constructor(private readonly dataSource: DataSource) {}

  async read(runId: string, query: MetricQuery): Promise<MetricHistory> {
    const names = query.names?.split(',').filter((name) => name !== '') ?? null;
    const rows = await this.dataSource.query<BucketRow[]>(bucketQuery, [
      runId,
      names,
      query.from_step ?? 0,
      query.to_step ?? Number.MAX_SAFE_INTEGER,
      query.points,
    ]);
    const series = new Map<string, MetricSeries>();
    for (const row of rows) {
      let one = series.get(row.name);
      if (!one) {
        one = {
          name: row.name,
          is_complete: row.is_complete,
          step: [],
          epoch: [],
          time: [],
          min: [],
          max: [],
          last: [],
        };
        series.set(row.name, one);
      }
      one.step.push(Number(row.step));
      one.epoch.push(row.epoch);
      one.time.push(row.time.toISOString());
      one.min.push(toWireNumber(row.min));
      one.max.push(toWireNumber(row.max));
      one.last.push(toWireNumber(row.last));
    }
    return { series: [...series.values()] };
  }
}
