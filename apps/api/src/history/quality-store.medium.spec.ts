import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { toRunMessage } from '@gan-dashboard/shared-types';
import type { NewRunEvent, QualityUpdate } from '@gan-dashboard/shared-types';
import { projectRun } from '../training/run-projection';
import { insertRun } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import { MetricStore } from './metric-store';
import { QualityStore } from './quality-store';

const at = new Date('2026-11-23T10:00:07.250Z');

function measured(epoch: number, overall: number): QualityUpdate {
  return {
    ...{ state: 'measured', epoch, total_epochs: 100, step: 10 * epoch, is_best: epoch === 1 },
    scores: { overall: { value: overall, floor: 0.5, ceiling: 0.99 } },
    columns: [{ name: 'side', kind: 'category', coverage: 1, parts: [] }],
    memorising: {
      ...{ distance_ratio: 1.5, closer_to_training: 0.9, expected_closer: 0.95 },
      ...{ copied: 0, copied_in_holdout: 0, judged_rows: 100 },
    },
  };
}

describe('QualityStore', () => {
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
      projectRun(
        manager,
        events.map((event, index) => toRunMessage(event, { runId, seq: index + 1 })),
      ),
    );
  const quality = (data: QualityUpdate): NewRunEvent => ({ type: 'quality_update', data, at });
  const read = (points = 500) => new QualityStore(dataSource).read(runId, { points });

  it('keeps what was measured, and what is measured again in its place', async () => {
    await project([quality(measured(1, 0.7)), quality(measured(2, 0.8))]);
    await project([quality(measured(2, 0.85))]);
    expect(await read()).toEqual({
      items: [
        { ...measured(1, 0.7), timestamp: at.toISOString() },
        { ...measured(2, 0.85), timestamp: at.toISOString() },
      ],
      total: 2,
      is_complete: true,
    });
  });

  it('makes series of the scores and the summary of the run', async () => {
    await project([quality(measured(1, 0.7)), quality(measured(2, 0.8))]);
    const { series } = await new MetricStore(dataSource).read(runId, { points: 100 });
    expect(series.map(({ name, step, last }) => [name, step, last])).toEqual([
      ['quality_distance_ratio', [10, 20], [1.5, 1.5]],
      ['quality_overall', [10, 20], [0.7, 0.8]],
    ]);
    const [run] = await dataSource.query<{ summary: unknown }[]>('SELECT summary FROM run WHERE id = $1', [runId]);
    expect(run?.summary).toMatchObject({ quality_overall: 0.8, quality_distance_ratio: 1.5 });
  });

  it('thins a long history out and keeps its ends', async () => {
    await project(Array.from({ length: 95 }, (_, index) => quality(measured(index + 1, 0.5))));
    const { items, total, is_complete: isComplete } = await read(20);
    expect([total, isComplete, items[0]?.epoch, items.at(-1)?.epoch]).toEqual([95, false, 1, 95]);
    expect(items.length).toBeLessThanOrEqual(21);
    expect(items.length).toBeGreaterThan(15);
  });

  it('writes the last verdict into the run', async () => {
    const alert = (verdict: 'balanced' | 'mode_collapse'): NewRunEvent => ({
      type: 'health_alert',
      data: {
        ...{ verdict, severity: 'warning', message: 'seen', rule: 'when', advice: [], epoch: 1, step: 10 },
        numbers: { coverage: 0.3 },
      },
      at,
    });
    await project([alert('balanced'), alert('mode_collapse')]);
    const [run] = await dataSource.query<{ health: unknown }[]>('SELECT health FROM run WHERE id = $1', [runId]);
    expect(run?.health).toMatchObject({ verdict: 'mode_collapse', numbers: { coverage: 0.3 } });
  });
});
