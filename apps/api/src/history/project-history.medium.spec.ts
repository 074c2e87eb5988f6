import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { toRunMessage } from '@gan-dashboard/shared-types';
import type { NewRunEvent } from '@gan-dashboard/shared-types';
import { insertRun, update } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import { MetricStore } from './metric-store';
import { projectHistory } from './project-history';

describe('projectHistory', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let runId: string;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource());
  });
  afterAll(() => close());
  beforeEach(async () => {
    runId = await insertRun(dataSource);
  });

  const project = (events: readonly NewRunEvent[]) =>
    dataSource.transaction((manager) =>
      projectHistory(
        manager,
        events.map((event, index) => toRunMessage(event, { runId, seq: index + 1 })),
      ),
    );
  const read = (names?: string) =>
    new MetricStore(dataSource).read(runId, { points: 100, ...(names !== undefined && { names }) });

  it('keeps metrics and resources with their own steps and times', async () => {
    const later = new Date('2026-11-23T10:00:07.250Z');
    await project([
      update(1, { wasserstein: 3 }),
      { type: 'resource_update', data: { epoch: 1, step: 7, cpu_percent: 81.5 }, at: later },
      update(2),
    ]);
    const { series } = await read('cpu_percent,wasserstein,generator_loss,unknown');
    expect(series).toEqual([
      expect.objectContaining({
        name: 'cpu_percent',
        step: [7],
        epoch: [1],
        time: [later.toISOString()],
        last: [81.5],
      }),
      expect.objectContaining({
        name: 'generator_loss',
        is_complete: true,
        step: [5, 10],
        epoch: [1, 2],
        last: [1, 0.5],
      }),
      expect.objectContaining({ name: 'wasserstein', step: [5], min: [3], max: [3], last: [3] }),
    ]);
  });

  it('writes one row for what was measured together', async () => {
    await project([update(1), update(2, { rare: 1 }), update(3)]);
    const rows = await dataSource.query<object[]>(
      'SELECT keys, count FROM metric_segment WHERE subject = $1 ORDER BY count DESC',
      [runId],
    );
    expect(rows).toEqual([
      { keys: ['generator_loss', 'discriminator_loss'], count: 3 },
      { keys: ['rare'], count: 1 },
    ]);
  });

  it('says NaN and the infinities as they were measured', async () => {
    await project([update(1, { generator_loss: 'NaN' }), update(2, { generator_loss: '-Infinity' })]);
    const { series } = await read('generator_loss');
    expect(series[0]).toMatchObject({
      min: ['NaN', '-Infinity'],
      max: ['NaN', '-Infinity'],
      last: ['NaN', '-Infinity'],
    });
  });
});
