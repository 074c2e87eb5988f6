import type { SampleTask } from '@gan-dashboard/shared-types';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../run/checkpoint';
import type { Checkpoint } from '../../run/checkpoint';
import { sampleToCsv } from '../../run/sample';
import { train } from '../../run/train';
import { workerEngines } from '../../testing/engines';
import { recordingObserver } from '../../testing/settings';
import { column, writeParquet } from '../../testing/tables';

const columns = [
  column({ name: 'day', type: 'date', role: 'datetime' }),
  column({ name: 'symbol', type: 'text', role: 'categorical', sequence_role: 'key' }),
  column({ name: 'price', type: 'number', role: 'numeric', decimals: 2 }),
];
const select = `
  SELECT DATE '2024-01-01' + (i % 60)::INTEGER AS day, CASE WHEN i < 60 THEN 'A' ELSE 'B' END AS symbol,
         round(100 + 10 * sin(i / 5.0) + i % 7, 2) AS price
  FROM range(120) t(i)`;

/** Every model of sequences, small. */
const models: [string, object][] = [
  [
    'doppelganger',
    {
      ...{ epochs: 2, steps_per_epoch: 4, batch_size: 8, sequence_length: 6, lstm_units: 8, latent_dim: 4 },
      ...{
        attribute_layers: [8],
        critic_layers: [16, 16],
        checkpoint_every: 0,
        checkpoint_seconds: 0,
        quality_every: 0,
      },
    },
  ],
  [
    'quantgan',
    {
      ...{ epochs: 2, steps_per_epoch: 4, batch_size: 4, sequence_length: 6, temporal_blocks: 4, channels: 4 },
      ...{ checkpoint_every: 0, checkpoint_seconds: 0, quality_every: 0 },
    },
  ],
];

let folder = '';
const engine = workerEngines();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-'));
  await writeParquet(join(folder, 'table.parquet'), select);
});
afterAll(() => rm(folder, { recursive: true }));

async function run(model: string, config: object, given: { steps?: number; from?: Checkpoint; keyed?: boolean } = {}) {
  const { observer, told } = recordingObserver();
  const stop = new AbortController();
  let breaths = 0;
  const data = { parquet_path: join(folder, 'table.parquet'), source_name: 'table.csv' };
  const used = given.keyed === false ? columns.map(({ sequence_role: _, ...each }) => each) : columns;
  const outcome = await train(
    {
      ...{ model, config: { ...config }, seed: 7, data: { ...data, columns: used } },
      checkpoint_folder: await mkdtemp(join(folder, model)),
    },
    {
      ...{ engine, observer, signal: stop.signal },
      clock: {
        now: () => 0,
        breathe: () => {
          if (++breaths === (given.steps ?? Number.NaN) + columns.length) stop.abort();
          return Promise.resolve();
        },
      },
      ...(given.from ? { startFrom: { checkpoint: given.from, mode: 'resume' as const } } : {}),
    },
  );
  return { outcome, told, file: told.checkpoint.at(-1)?.[0] };
}

async function sample(file: { path: string; sha256: string } | undefined, wishes: Partial<SampleTask> = {}) {
  const csv_path = join(folder, 'sample.csv');
  const task = {
    checkpoint_path: file?.path ?? '',
    checkpoint_sha256: file?.sha256 ?? '',
    rows: 18,
    seed: 1,
    csv_path,
  };
  const { signal } = new AbortController();
  const around = { engine, clock: { breathe: () => Promise.resolve() }, signal };
  const { task: _task, ...rest } = { task: 'sample', ...task, ...wishes };
  await sampleToCsv(rest, around);
  return readFile(csv_path, 'utf8');
}

describe.each(models)('a run of %s', (model, config) => {
  it('tells finite metrics, epoch by epoch', async () => {
    const { outcome, told } = await run(model, { ...config, quality_every: 1, quality_budget: 100 });
    expect(outcome).toBe('completed');
    expect(told.update.map(([{ epoch, step }]) => [epoch, step])).toEqual([
      [1, 4],
      [2, 8],
    ]);
    const { generator_loss: loss, discriminator_loss: other } = told.update[1]?.[0] ?? {};
    expect([loss, other].every((value) => Number.isFinite(value))).toBe(true);
    expect(told.quality.map(([{ state, epoch }]) => [state, epoch])).toEqual([
      ['measured', 1],
      ['measured', 2],
    ]);
  });

  it('ends after a stop and a resume with the checkpoint of a run that never stopped', async () => {
    const whole = await run(model, config);
    const part = await run(model, config, { steps: 6 });
    expect([part.outcome, part.file?.step]).toEqual(['stopped', 6]);
    const rest = await run(model, config, { from: await loadCheckpoint(part.file?.path ?? '') });
    const [a, b] = await Promise.all([whole, rest].map(({ file }) => loadCheckpoint(file?.path ?? '')));
    expect(b?.state).toEqual(a?.state);
  });

  it('gives sequences with their number, key and times, the same for a seed', async () => {
    const { file } = await run(model, config);
    const sequences = { length: 5, start: { time: '2025-06-01' } };
    const [text, again, other] = [
      await sample(file, { sequences }),
      await sample(file, { sequences }),
      await sample(file, { sequences, seed: 2 }),
    ];
    expect(again).toBe(text);
    expect(other).not.toBe(text);
    const [head, ...lines] = text.trimEnd().split('\r\n');
    expect([head, lines.length]).toEqual(['sequence,day,symbol,price', 18]);
    expect(lines.map((line) => Number(line.split(',')[0]))).toEqual([
      1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4,
    ]);
    for (const line of lines) expect(line).toMatch(/^\d,2025-06-0\d,(?:[AB]|id-[0-9a-f]{8}),-?\d+(\.\d{1,2})?$/);
    expect((await sample(file, { sequences, rows: 700 })).startsWith(text)).toBe(true);
  });

  it('refuses conditions, and a table whose times repeat', async () => {
    const { file } = await run(model, config);
    const conditions = [{ column: 'symbol', equals: 'A' }];
    await expect(sample(file, { conditions })).rejects.toThrow(/rows of a sequence cannot be picked one by one/);
    await expect(run(model, config, { keyed: false })).rejects.toThrow(
      /60 rows repeat the time of another in column "day"/,
    );
  });
});
