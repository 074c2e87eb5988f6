import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import type { DataSourceOptions, MigrationInterface } from 'typeorm';
import { databaseOptions } from '../platform/database/database.options';
import { History1764330000000 } from '../platform/database/migrations/1764330000000-history';
import { createTestDatabase } from '../platform/database/testing/test-postgres';
import type { TestDatabase } from '../platform/database/testing/test-postgres';
import { insertRun } from '../testing/builders';
import { LogStore } from './log-store';
import { MetricStore } from './metric-store';

/** All migrations up to the one to chunks, or up to the one before it. */
function migrationsUntil(isIncluded: boolean): NonNullable<DataSourceOptions['migrations']> {
  const all = databaseOptions('').migrations as (new () => MigrationInterface)[];
  return all.slice(0, all.indexOf(History1764330000000) + (isIncluded ? 1 : 0));
}

describe('the migration to chunks', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await open(migrationsUntil(false));
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const open = (migrations: NonNullable<DataSourceOptions['migrations']>) =>
    new DataSource({ ...databaseOptions(database.url), migrations }).initialize();

  const oldRows = async () => [
    await dataSource.query<object[]>('SELECT * FROM run_metric ORDER BY run_id, name, step'),
    await dataSource.query<object[]>('SELECT * FROM run_log ORDER BY run_id, line'),
  ];

  it('moves what there is, and back', { timeout: 60_000 }, async () => {
    const runId = await insertRun(dataSource);
    await dataSource.query(
      `INSERT INTO run_metric SELECT $1, name, step * 3, step / 60, '2026-11-23T10:00:00Z'::timestamptz + step * interval '40 ms',
         CASE WHEN step % 1000 = 7 THEN 'NaN' ELSE sin(step) END
       FROM generate_series(1, 9000) step, unnest(ARRAY['generator_loss', 'real scores']) name`,
      [runId],
    );
    await dataSource.query(
      `INSERT INTO run_log SELECT $1, line, '2026-11-23T10:00:00Z', 'training_error', 'stderr', 'error', 'line ' || line
       FROM generate_series(1, 1200) line`,
      [runId],
    );
    await dataSource.query(
      `INSERT INTO run_log VALUES ($1, 1201, '2026-11-23T10:00:01Z', 'training', NULL, 'info', E'two\\nlines')`,
      [runId],
    );
    const before = await oldRows();
    await dataSource.destroy();
    dataSource = await open(migrationsUntil(true));
    const { series } = await new MetricStore(dataSource).read(runId, {
      points: 10_000,
      from_step: 3_000,
      to_step: 3_021,
    });
    expect(series.map(({ name }) => name)).toEqual(['generator_loss', 'real scores']);
    expect(series[0]).toMatchObject({
      step: [3_000, 3_003, 3_006, 3_009, 3_012, 3_015, 3_018, 3_021],
      epoch: [16, 16, 16, 16, 16, 16, 16, 16],
      last: [Math.sin(1_000), ...[1, 2, 3, 4, 5, 6].map((n) => Math.sin(1_000 + n)), 'NaN'].map((value) =>
        typeof value === 'number' ? (expect.closeTo(value, 12) as number) : value,
      ),
    });
    const page = await new LogStore(dataSource).read(runId, { from_line: -2, limit: 10 });
    expect(page.items.map(({ message, stream }) => [message, stream])).toEqual([
      ['line 1200', 'stderr'],
      ['two\nlines', undefined],
    ]);
    await dataSource.undoLastMigration();
    expect(await oldRows()).toEqual(before);
  });
});
