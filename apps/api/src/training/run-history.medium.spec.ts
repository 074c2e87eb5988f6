import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import type { NewRunEvent, RunMessage } from '@gan-dashboard/shared-types';
import { EventLog } from '../events/event-log';
import { RunLogWriter } from '../events/run-log-writer';
import { LogStore } from '../history/log-store';
import { MetricStore } from '../history/metric-store';
import { RunMarks } from '../history/run-marks';
import { at, insertRun, logLine, progress, statusOf, update } from '../testing/builders';
import { createTestDataSource } from '../testing/test-data-source';
import { projectRun } from './run-projection';

describe('what a run leaves in Postgres', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let log: EventLog;
  let runId: string;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource());
    log = new EventLog(dataSource);
  });
  afterAll(() => close());
  beforeEach(async () => {
    runId = await insertRun(dataSource, { status: 'queued' });
  });

  async function record(events: Parameters<RunLogWriter['record']>[0][]): Promise<RunMessage[]> {
    return new RunLogWriter({ runId, log, onDurable: () => undefined, project: projectRun }).write(events);
  }

  const row = async () =>
    (await dataSource.query<Record<string, unknown>[]>('SELECT * FROM run WHERE id = $1', [runId]))[0];

  it('moves the run with its events', async () => {
    await record([statusOf('starting'), statusOf('running'), update(1), progress(30), update(2), progress(60)]);
    expect(await row()).toMatchObject({
      status: 'running',
      epoch: 1,
      progress_percent: 60,
      eta_seconds: 9,
      last_seq: '6',
    });
    expect((await row())?.['summary']).toEqual({ generator_loss: 0.5, discriminator_loss: -2 });
    await record([statusOf('completed')]);
    expect(await row()).toMatchObject({ status: 'completed', eta_seconds: null, owner: null });
    expect((await row())?.['ended_at']).toBeInstanceOf(Date);
  });

  it('brings a run that is resumed back to life, and lets its progress never fall', async () => {
    await record([statusOf('running'), progress(60), statusOf('interrupted')]);
    expect(await row()).toMatchObject({ status: 'interrupted', error: 'now interrupted', progress_percent: 60 });
    await record([statusOf('queued'), statusOf('starting'), progress(40), progress(30)]);
    expect(await row()).toMatchObject({ status: 'starting', error: null, ended_at: null, progress_percent: 60 });
    await record([progress(70), progress(65)]);
    expect(await row()).toMatchObject({ progress_percent: 70 });
  });

  it('changes nothing when a batch is written again', async () => {
    const batch = { runId, writerId: randomUUID(), batch: 1, events: [update(1), logLine(1)] };
    await log.append(batch, projectRun);
    await record([update(2)]);
    await log.append(batch, projectRun);
    expect(await row()).toMatchObject({ last_seq: '3' });
    expect((await new LogStore(dataSource).read(runId, { from_line: 1, limit: 10 })).items).toHaveLength(1);
    const { series } = await new MetricStore(dataSource).read(runId, { points: 100 });
    expect(series.find(({ name }) => name === 'generator_loss')?.last).toEqual([1, 0.5]);
  });

  it('keeps the last value of a step that was trained again', async () => {
    await record([update(1), update(2), update(2, { generator_loss: 7 })]);
    const { series } = await new MetricStore(dataSource).read(runId, { points: 100, names: 'generator_loss' });
    expect(series).toEqual([expect.objectContaining({ name: 'generator_loss', step: [5, 10], last: [1, 7] })]);
  });

  it('puts a long series into buckets that keep its extremes and what is not finite', async () => {
    const losses = Array.from({ length: 1_000 }, (_, index) => update(index + 1, { generator_loss: Math.sin(index) }));
    losses[501] = update(502, { generator_loss: 99 });
    losses[700] = update(701, { generator_loss: 'NaN' });
    losses[999] = update(1_000, { generator_loss: '-Infinity' });
    await record(losses);
    const { series } = await new MetricStore(dataSource).read(runId, { points: 50, names: 'generator_loss' });
    const [loss] = series;
    expect(loss?.is_complete).toBe(false);
    expect(loss?.step).toHaveLength(50);
    expect(loss?.max).toContain(99);
    expect(loss?.max).not.toContain('NaN');
    expect(loss?.last.at(-1)).toBe('-Infinity');
    const zoomed = await new MetricStore(dataSource).read(runId, { points: 50, from_step: 3_500, to_step: 3_510 });
    expect(zoomed.series.find(({ name }) => name === 'generator_loss')).toMatchObject({
      is_complete: true,
      last: [expect.any(Number), 'NaN', expect.any(Number)],
    });
  });

  it('pages and searches the log', async () => {
    const lines = Array.from({ length: 120 }, (_, index) =>
      logLine(
        index + 1,
        index % 10 === 0 ? `Checkpoint 100% of ${index}` : `line ${index}`,
        index === 50 ? 'error' : 'info',
      ),
    );
    await record(lines);
    const store = new LogStore(dataSource);
    const tail = await store.read(runId, { from_line: -20, limit: 500 });
    expect([tail.items[0]?.line, tail.items.length, tail.total_lines, tail.next_line]).toEqual([101, 20, 120, null]);
    const page = await store.read(runId, { from_line: 1, limit: 50 });
    expect([page.items.length, page.next_line]).toEqual([50, 51]);
    const found = await store.read(runId, { from_line: 1, limit: 50, search: 'checkpoint 100%' });
    expect(found.items).toHaveLength(12);
    expect(
      (await store.read(runId, { from_line: 1, limit: 50, level: 'error' })).items.map(({ line }) => line),
    ).toEqual([51]);
  });

  it('tells the alerts, pauses and samples of its log, where the run was', async () => {
    const alert = (severity: 'ok' | 'error', step: number): NewRunEvent => ({
      type: 'health_alert',
      data: {
        ...{ verdict: 'mode_collapse', severity, message: `seen at ${step}`, rule: 'when', advice: [] },
        ...{ numbers: {}, epoch: 1, step },
      },
      at,
    });
    const sampleId = randomUUID();
    const sample: NewRunEvent = {
      type: 'sample_generation_complete',
      data: { sample_id: sampleId, rows: 30, seed: 1, format: 'csv', size_bytes: 9 },
      at,
    };
    await record([statusOf('paused'), update(1), alert('error', 3), alert('ok', 4), statusOf('running'), update(2)]);
    await record([logLine(1), statusOf('paused'), update(3), sample]);
    const place = { timestamp: at.toISOString() };
    const all = [
      { kind: 'pause', seq: 1, step: 0, ...place },
      { kind: 'alert', seq: 3, step: 3, severity: 'error', message: 'seen at 3', ...place },
      { kind: 'pause', seq: 8, step: 10, ...place },
      { kind: 'sample', seq: 10, step: 15, sample_id: sampleId, rows: 30, ...place },
    ];
    const marks = new RunMarks(dataSource);
    expect(await marks.read(runId, { limit: 4 })).toEqual({ items: all, is_complete: true });
    expect(await marks.read(runId, { limit: 2 })).toEqual({ items: all.slice(2), is_complete: false });
    const other = await insertRun(dataSource);
    expect(await marks.read(other, { limit: 4 })).toEqual({ items: [], is_complete: true });
  });
});
