import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DataSource } from 'typeorm';
import { createTestDataSource } from '../testing/test-data-source';
import { MetricCompactor } from './metric-compactor';
import { MetricStore } from './metric-store';
import { NaiveSeries } from './testing/naive-series';

/** Up to some thousands of points at rising steps from somewhere on, which may overwrite earlier ones. */
const flush = fc.record({
  key: fc.constantFrom('generator_loss', 'gpu0', 'a"b'),
  start: fc.integer({ min: -50, max: 12_000 }),
  stride: fc.constantFrom(1, 1, 1, 3, 40),
  count: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1_000, max: 9_000 })),
  seed: fc.nat(1_000),
  oddEvery: fc.constantFrom(0, 0, 7, 500),
});
const range = fc.record({
  from: fc.option(fc.integer({ min: -100, max: 14_000 }), { nil: undefined }),
  length: fc.option(fc.integer({ min: 0, max: 14_000 }), { nil: undefined }),
  points: fc.oneof(fc.integer({ min: 10, max: 40 }), fc.integer({ min: 10, max: 3_000 })),
});
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ append: flush }) },
  { weight: 2, arbitrary: fc.constant({ compact: true as const }) },
  { weight: 3, arbitrary: fc.record({ read: range }) },
);

function pointsOf({ start, stride, count, seed, oddEvery }: typeof flush extends fc.Arbitrary<infer F> ? F : never) {
  const odd = [NaN, Infinity, -Infinity];
  const valueAt = (index: number) =>
    oddEvery > 0 && (index + seed) % oddEvery === 0
      ? (odd[index % 3] as number)
      : Math.sin(index * seed) * 10 ** (seed % 9);
  return {
    steps: Array.from({ length: count }, (_, index) => start + stride * index),
    times: Array.from({ length: count }, (_, index) => 1_795_428_000_000 + 37 * index + (index % 5) + seed),
    epochs: Array.from({ length: count }, (_, index) => Math.floor(index / 100) + (seed % 3)),
    values: Array.from({ length: count }, (_, index) => valueAt(index)),
  };
}

describe('the metric store', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let store: MetricStore;
  let compactor: MetricCompactor;

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource());
    store = new MetricStore(dataSource);
    compactor = new MetricCompactor(dataSource);
  });
  afterAll(() => close());

  const count = async (table: string, subject: string): Promise<number> => {
    const [row] = await dataSource.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM ${table} WHERE subject = $1`,
      [subject],
    );
    return row?.count ?? -1;
  };

  it('reads what a naive series would, whenever it is compacted', { timeout: 240_000 }, async () => {
    const actions = fc.array(action, { minLength: 3, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(actions, range, async (before, last) => {
        const subject = randomUUID();
        const model = new Map<string, NaiveSeries>();
        for (const one of [...before, { read: last }]) {
          if ('append' in one) {
            const points = pointsOf(one.append);
            await store.append(subject, [{ key: one.append.key, ...points }]);
            const series = model.get(one.append.key) ?? new NaiveSeries();
            series.write(points);
            model.set(one.append.key, series);
          } else if ('compact' in one) await compactor.compact(subject);
          else {
            const { from, length, points } = one.read;
            const to = length === undefined ? undefined : (from ?? 0) + length;
            const limits = { ...(from !== undefined && { from_step: from }), ...(to !== undefined && { to_step: to }) };
            const { series } = await store.read(subject, { ...limits, points });
            for (const [key, naive] of model) {
              const read = series.find(({ name }) => name === key);
              naive.expectRead(read, { from: from ?? -Infinity, to: to ?? Infinity, points });
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('neither hides nor doubles a point while it is compacted', { timeout: 60_000 }, async () => {
    const subject = randomUUID();
    const keys = ['a', 'b'];
    let written = 0;
    let isDone = false;
    const write = async () => {
      for (let flushed = 0; flushed < 150; flushed++) {
        const steps = Array.from({ length: 100 }, (_, index) => written + index);
        const values = steps.map((step) => step * 2);
        await store.append(
          subject,
          keys.map((key) => ({ key, steps, times: steps, values })),
        );
        written += 100;
      }
      isDone = true;
    };
    const compact = async () => {
      while (!isDone) await compactor.compact(subject);
    };
    const read = async () => {
      let readings = 0;
      while (!isDone) {
        const atLeast = written;
        const from = Math.max(0, atLeast - 9_000);
        // Bounded above, too: however many points are written meanwhile, none is put into a bucket.
        const { series } = await store.read(subject, { points: 10_000, from_step: from, to_step: atLeast + 900 });
        for (const { step, last } of series) {
          expect(step).toEqual(Array.from(step, (_, index) => from + index));
          expect(last).toEqual(step.map((one) => one * 2));
          expect(from + step.length).toBeGreaterThanOrEqual(atLeast);
        }
        if (atLeast > 0) expect(series.map(({ name }) => name)).toEqual(keys);
        readings++;
      }
      return readings;
    };
    const [, , readings] = await Promise.all([write(), compact(), read()]);
    expect(readings).toBeGreaterThan(10);
    await compactor.compact(subject);
    expect([await count('metric_segment', subject), await count('metric_chunk', subject)]).toEqual([0, 8]);
  });

  it('begins anew when compaction comes in between, and at last holds against any', async () => {
    const subject = randomUUID();
    const append = (steps: number[]) => store.append(subject, [{ key: 'a', steps, times: steps, values: steps }]);
    await append(Array.from({ length: 100 }, (_, step) => step));
    await compactor.compact(subject);
    const runner = dataSource.createQueryRunner();
    const query = runner.manager.query.bind(runner.manager);
    let written = 100;
    // Before each chunk is fetched it is replaced by one with another point.
    vi.spyOn(runner.manager, 'query').mockImplementation(async (text, parameters) => {
      await append([written++]);
      await compactor.compact(subject);
      return query(text, parameters);
    });
    vi.spyOn(dataSource, 'createQueryRunner').mockReturnValueOnce(runner);
    const { series } = await store.read(subject, { points: 1_000 });
    expect(series[0]?.last).toEqual(Array.from({ length: 102 }, (_, step) => step));
    vi.restoreAllMocks();
    expect((await store.read(subject, { points: 1_000 })).series[0]?.last).toHaveLength(written);
  });

  it('keeps the steps and times of series that are measured together once', async () => {
    const subject = randomUUID();
    const steps = Array.from({ length: 10_000 }, (_, index) => index);
    const series = ['a', 'b', 'c'].map((key) => ({ key, steps, times: steps, values: steps }));
    await store.append(subject, series);
    await compactor.compact(subject);
    expect([await count('metric_chunk', subject), await count('metric_axis', subject)]).toEqual([9, 3]);
    await store.append(subject, [{ key: 'a', steps: [10_000], times: [7], values: [1] }]);
    await compactor.compact(subject);
    // Of the chunks that were not full only that of `a` has grown.
    expect([await count('metric_chunk', subject), await count('metric_axis', subject)]).toEqual([9, 4]);
  });

  it('takes keys that the database would not, and names what it refuses', async () => {
    const subject = randomUUID();
    const point = { steps: [1], times: [1], values: [1] };
    await store.append(subject, [
      { key: 'nul\0', ...point },
      { key: 'x'.repeat(5_000), ...point },
      { key: '', ...point },
    ]);
    const { series } = await store.read(subject, { points: 10 });
    expect(series.map(({ name }) => name)).toEqual(['', 'nul', 'x'.repeat(200)]);
    const refused = (series: object) => store.append(subject, [{ key: 'loss', ...point, ...series }]);
    await expect(refused({ steps: [1, 2] })).rejects.toThrow('series "loss" has 2 steps but 1 times');
    await expect(refused({ steps: [0.5] })).rejects.toThrow('series "loss": steps[0] is 0.5; send a whole number');
    await expect(refused({ times: [1e16] })).rejects.toThrow('times[0] is 10000000000000000');
    await expect(refused({ epochs: [NaN] })).rejects.toThrow('epochs[0] is NaN');
  });

  it('forgets the series of a run or worker that is removed', async () => {
    const subject = randomUUID();
    await dataSource.query(
      `INSERT INTO worker (id, created_at, instance_key, host, process_id, role, cores, memory_bytes, slots)
       VALUES ($1, now(), 1, 'here', 1, 'worker', 2, 1, 1)`,
      [subject],
    );
    await store.append(subject, [{ key: 'cpu', steps: [1], times: [1], values: [1] }]);
    await compactor.compact(subject);
    await store.append(subject, [{ key: 'cpu', steps: [2], times: [1], values: [1] }]);
    await dataSource.query('DELETE FROM worker WHERE id = $1', [subject]);
    const left = ['metric_segment', 'metric_chunk', 'metric_axis'].map((table) => count(table, subject));
    expect(await Promise.all(left)).toEqual([0, 0, 0]);
  });
});
