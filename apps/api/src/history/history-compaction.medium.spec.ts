import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { APP_CONFIG, readConfig } from '../platform/configuration/app-config';
import { ConfigModule } from '../platform/configuration/config.module';
import { DatabaseModule } from '../platform/database/database.module';
import { createTestDatabase } from '../platform/database/testing/test-postgres';
import type { TestDatabase } from '../platform/database/testing/test-postgres';
import { QueueModule } from '../platform/queue/queue.module';
import { insertRun } from '../testing/builders';
import { HistoryCompaction } from './history-compaction';
import { HistoryModule } from './history.module';
import { writeLines } from './log-chunks';
import { MetricStore } from './metric-store';

@Module({ imports: [ConfigModule, DatabaseModule, QueueModule, HistoryModule] })
class TestModule {}

describe('the compaction of history', () => {
  let database: TestDatabase;
  let process: TestingModule;
  let dataSource: DataSource;
  let store: MetricStore;

  beforeAll(async () => {
    database = await createTestDatabase();
    process = await Test.createTestingModule({ imports: [TestModule] })
      .overrideProvider(APP_CONFIG)
      .useValue(readConfig({ DATABASE_URL: database.url }))
      .compile();
    process.useLogger(false);
    await process.init();
    dataSource = process.get(DataSource);
    store = process.get(MetricStore);
  });
  afterAll(async () => {
    await process.close();
    await database.drop();
  });

  const rows = async (table: string, runId: string): Promise<number> => {
    const column = table === 'log_chunk' ? 'run_id' : 'subject';
    const [row] = await dataSource.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM ${table} WHERE ${column} = $1`,
      [runId],
    );
    return row?.count ?? -1;
  };
  const append = (subject: string, from: number, count = 1) => {
    const steps = Array.from({ length: count }, (_, index) => from + index);
    return store.append(subject, [{ key: 'loss', steps, times: steps, values: steps }]);
  };
  const writeLine = (runId: string, line: number) =>
    dataSource.transaction((manager) =>
      writeLines(manager, runId, [
        { message: 'a line', source: 'training', level: 'info', line, timestamp: '2026-11-23T10:00:00.000Z' },
      ]),
    );

  it('begins with a chunk of points or with many small rows, and leaves the rest of a run at work alone', async () => {
    const [long, many, short] = [await insertRun(dataSource), await insertRun(dataSource), await insertRun(dataSource)];
    await append(long, 0, 4_096);
    for (let step = 0; step < 128; step++) await append(many, step);
    for (let line = 1; line <= 64; line++) await writeLine(many, line);
    for (const one of [1, 2, 3]) {
      await append(short, one);
      await writeLine(short, one);
    }
    await process.get(HistoryCompaction).look();
    await vi.waitFor(async () => {
      expect([await rows('metric_chunk', long), await rows('metric_segment', long)]).toEqual([1, 0]);
      expect([await rows('metric_chunk', many), await rows('metric_segment', many)]).toEqual([1, 0]);
      expect(await rows('log_chunk', many)).toBe(1);
    }, 20_000);
    expect([await rows('metric_segment', short), await rows('log_chunk', short)]).toEqual([3, 3]);
  });

  it('compacts what is left when the run has ended', async () => {
    const runId = await insertRun(dataSource, { status: 'completed' });
    for (const one of [1, 2, 3]) {
      await append(runId, one);
      await writeLine(runId, one);
    }
    // The look comes by itself, every five seconds.
    await vi.waitFor(async () => {
      const left = [
        await rows('metric_segment', runId),
        await rows('metric_chunk', runId),
        await rows('log_chunk', runId),
      ];
      expect(left).toEqual([0, 1, 1]);
    }, 30_000);
    expect((await store.read(runId, { points: 10 })).series[0]?.last).toEqual([1, 2, 3]);
  });
});
