import { trainingUpdateSchema } from '@gan-dashboard/shared-types';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, TrainableModel } from '../engine/engine';
import { tensorflowAlone } from '../testing/engines';
import type { WganGpConfig } from '../models/wgan-gp/config';
import { recordingObserver, smallConfig } from '../testing/settings';
import { column, mixedColumns, mixedSelect, writeParquet } from '../testing/tables';
import { loadCheckpoint } from './checkpoint';
import type { Checkpoint } from './checkpoint';
import { sampleToCsv } from './sample';
import { train } from './train';
import { TrainingControl } from './training-control';

let folder = '';
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-'));
  await writeParquet(join(folder, 'table.parquet'), mixedSelect);
  engine = await tensorflowAlone();
});
afterAll(() => rm(folder, { recursive: true }));

interface Given {
  config?: Partial<WganGpConfig>;
  name: string;
  /** Another table of one column, `x`. */
  values?: string;
  stopAfter?: number;
  resumeFrom?: Checkpoint;
  mode?: 'resume' | 'fork';
  control?: TrainingControl;
  /** Called before each step but the first, and before each column. */
  onBreath?: (breath: number) => void;
}

/** Trains in a folder of its own; each look at the clock is 40 ms after the last. */
async function run(given: Given) {
  const { config = {}, name, stopAfter = Number.POSITIVE_INFINITY, resumeFrom, mode = 'resume', control } = given;
  const { observer, told } = recordingObserver();
  const stop = new AbortController();
  let time = 0;
  let breaths = 0;
  const outcome = await train(
    {
      model: 'wgan-gp',
      config: smallConfig(config),
      seed: 7,
      data: {
        parquet_path: given.values ?? join(folder, 'table.parquet'),
        source_name: 'table.csv',
        columns: given.values ? [column({ name: 'x', type: 'number', role: 'numeric' })] : mixedColumns,
      },
      checkpoint_folder: join(folder, name),
    },
    {
      engine,
      observer,
      signal: stop.signal,
      clock: {
        now: () => (time += 40),
        breathe: () => {
          if (++breaths >= stopAfter) stop.abort();
          given.onBreath?.(breaths);
          return Promise.resolve();
        },
      },
      ...(resumeFrom ? { startFrom: { checkpoint: resumeFrom, mode } } : {}),
      ...(control ? { control } : {}),
    },
  );
  return { outcome, told, files: told.checkpoint.map(([file]) => file) };
}

/** The columns that are read before the first step: each gives one breath. */
const columnBreaths = mixedColumns.length;

describe('training', () => {
  it('tells what happens, from the start to the last checkpoint', async () => {
    const { outcome, told, files } = await run({ name: 'plain', config: { epochs: 3, checkpoint_every: 1 } });
    expect(outcome).toBe('completed');
    expect(told.started).toHaveLength(1);
    expect(told.started[0]?.[0]).toMatchObject({ total_epochs: 3, seed: 7, data_source: 'table.csv' });
    expect(told.update.map(([update]) => [update.epoch, update.step])).toEqual([
      [1, 4],
      [2, 8],
      [3, 12],
    ]);
    const update = trainingUpdateSchema.parse(told.update[0]?.[0]);
    for (const name of ['generator_loss', 'real_scores', 'fake_scores', 'gradient_norm', 'steps_per_second']) {
      expect(Number.isFinite(update[name])).toBe(true);
    }
    const { discriminator_loss: loss, gradient_penalty: penalty, wasserstein_estimate: distance } = update;
    expect(loss).toBeCloseTo(Number(penalty) - Number(distance), 5);
    expect(files.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    const content = await readFile(files[2]?.path ?? '');
    expect(createHash('sha256').update(content).digest('hex')).toBe(files[2]?.sha256);
    expect((await readdir(join(folder, 'plain'))).length).toBe(3);
  });

  it('reports progress that never falls, at most ten times a second, with the time that is left', async () => {
    const { told } = await run({ name: 'progress', config: { epochs: 10 } });
    const progress = told.progress.map(([each]) => each);
    const percents = progress.map((each) => each.progress_percent);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(progress[0]).toMatchObject({ phase: 'preparing', progress_percent: 0, total_steps: 40 });
    expect(progress.at(-1)).toMatchObject({ phase: 'saving', progress_percent: 100, epoch: 10, step: 40 });
    const times = progress.filter(({ phase }) => phase === 'training').map((each) => each.elapsed_seconds);
    times.slice(1).forEach((time, i) => expect(time - (times[i] ?? 0)).toBeGreaterThanOrEqual(0.1));
    const last = progress.filter(({ phase }) => phase === 'training').at(-1);
    expect(last?.eta_seconds).toBeGreaterThanOrEqual(0);
  });

  it('stops within one step and keeps its state', async () => {
    const { outcome, files, told } = await run({ name: 'stopped', stopAfter: columnBreaths + 6 });
    expect(outcome).toBe('stopped');
    expect(files.map(({ epoch, step }) => [epoch, step])).toEqual([[1, 6]]);
    expect(told.update).toHaveLength(1);
  });

  it('stops while it prepares, with nothing to keep', async () => {
    const { outcome, files } = await run({ name: 'early', stopAfter: 2 });
    expect([outcome, files.length]).toEqual(['stopped', 0]);
  });

  it('goes on with a table that holds -0', async () => {
    const values = join(folder, 'zeros.parquet');
    await writeParquet(
      values,
      `SELECT CASE WHEN i = 3 THEN '-0.0'::DOUBLE ELSE i + 0.5 END AS x FROM range(60) AS t(i)`,
    );
    const first = await run({ name: 'zeros', values, config: { epochs: 1 } });
    const resumeFrom = await loadCheckpoint(first.files.at(-1)?.path ?? '');
    const fork = await run({ name: 'zeros again', values, config: { epochs: 1 }, resumeFrom, mode: 'fork' });
    expect(fork.outcome).toBe('completed');
  });

  it('gives after a stop and a resume, in the middle of an epoch, what it gives without', async () => {
    const config = { epochs: 3 };
    const whole = await run({ name: 'whole', config });
    const part = await run({ name: 'part', config, stopAfter: columnBreaths + 6 });
    const resumeFrom = await loadCheckpoint(part.files[0]?.path ?? '');
    const rest = await run({ name: 'rest', config, resumeFrom });
    const [a, b] = await Promise.all([whole, rest].map(({ files }) => loadCheckpoint(files[0]?.path ?? '')));
    expect(b).toEqual(a);
    const losses = ({ told }: typeof whole) =>
      told.update.map(([{ epoch, generator_loss }]) => [epoch, generator_loss]);
    expect([...losses(part), ...losses(rest)]).toEqual(losses(whole));
  });

  it('waits in a pause, saves in it when asked, and goes on as if nothing had been', async () => {
    const config = { epochs: 3 };
    const whole = await run({ name: 'unpaused', config });
    const control = new TrainingControl();
    const paused = run({
      name: 'paused',
      config,
      control,
      onBreath: (breath) => {
        if (breath !== columnBreaths + 6) return;
        control.pause();
        setTimeout(() => control.requestCheckpoint());
        setTimeout(() => control.resume(), 1);
      },
    });
    const { told, files, outcome } = await paused;
    expect(outcome).toBe('completed');
    expect([told.paused, told.resumed]).toEqual([[[6]], [[6]]]);
    const steps = told.progress.filter(([{ phase }]) => phase === 'training').map(([{ step }]) => step);
    expect(steps, 'where it waits is told, however short ago the last report was').toContain(6);
    expect(files.map(({ step, reason }) => [step, reason])).toEqual([
      [6, 'requested'],
      [12, 'end'],
    ]);
    const [a, b] = await Promise.all([whole.files[0], files[1]].map((file) => loadCheckpoint(file?.path ?? '')));
    expect(b).toEqual(a);
  });

  it('stops in a pause and keeps its state', async () => {
    const control = new TrainingControl();
    control.pause();
    const stopAfter = columnBreaths + 1;
    const { outcome, files, told } = await run({ name: 'paused-stopped', control, stopAfter });
    expect([outcome, files.map(({ step, reason }) => [step, reason])]).toEqual(['stopped', [[1, 'stop']]]);
    expect(told.resumed).toEqual([]);
  });

  it('saves when it was asked to, and by time', async () => {
    const control = new TrainingControl();
    const onBreath = (breath: number) => {
      if (breath === columnBreaths + 2) control.requestCheckpoint();
    };
    const asked = await run({ name: 'asked', control, onBreath });
    expect(asked.files.map(({ step, reason }) => [step, reason])).toEqual([
      [2, 'requested'],
      [8, 'end'],
    ]);
    expect(asked.files[1]?.metrics['generator_loss']).toBe(asked.told.update.at(-1)?.[0].generator_loss);
    const timed = await run({ name: 'timed', config: { epochs: 10, checkpoint_seconds: 1 } });
    const scheduled = timed.files.filter(({ reason }) => reason === 'schedule');
    expect(scheduled.length).toBeGreaterThan(1);
    expect(scheduled.length).toBeLessThan(20);
  });

  it('forks: begins at step 0 with what was learned', async () => {
    const { files } = await run({ name: 'parent' });
    const parent = await loadCheckpoint(files[0]?.path ?? '');
    const config = { epochs: 1, critic_learning_rate: 1e-5, generator_learning_rate: 1e-5 };
    const fork = await run({ name: 'fork', config, resumeFrom: parent, mode: 'fork' });
    expect(fork.told.update.map(([{ epoch, step }]) => [epoch, step])).toEqual([[1, 4]]);
    const child = await loadCheckpoint(fork.files[0]?.path ?? '');
    const name = Object.keys(parent.state).find((each) => each.includes('generator')) ?? '';
    const distance = (a: Float32Array, b: Float32Array) =>
      Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? 0))));
    expect(distance(child.state[name] ?? new Float32Array(), parent.state[name] ?? new Float32Array())).toBeLessThan(
      1e-3,
    );
  });

  it('refuses to go on from the checkpoint of another run', async () => {
    const { files } = await run({ name: 'mine' });
    const checkpoint = await loadCheckpoint(files[0]?.path ?? '');
    const header = { ...checkpoint.header, seed: 8, transforms: checkpoint.header.transforms.slice(1) };
    await expect(run({ name: 'theirs', resumeFrom: { ...checkpoint, header } })).rejects.toThrow(
      'its seed is 8, not 7; its table or columns are not those of this run',
    );
  });

  it('ends with the step and advice where numbers leave their range', async () => {
    const sound = engine;
    const wganGp = await sound.wganGp();
    const createModel: typeof wganGp.createModel = (...given) => {
      const model = wganGp.createModel(...given);
      const step: TrainableModel['step'] = (at) => ({
        ...model.step(at),
        ...(at.step === 4 ? { discriminator_loss: Number.NaN } : {}),
      });
      return { ...model, step };
    };
    const broken: Engine = { ...sound, wganGp: () => Promise.resolve({ ...wganGp, createModel }) };
    engine = broken;
    try {
      await expect(run({ name: 'diverged' })).rejects.toThrow(
        /discriminator_loss became NaN at step 5 \(epoch 2\)\. Lower generator_learning_rate/,
      );
    } finally {
      engine = sound;
    }
  });
});

describe('sampling', () => {
  const around = () => ({ engine, clock: { breathe: () => Promise.resolve() }, signal: new AbortController().signal });

  it('gives the same bytes for a seed, and a longer sample begins with the shorter', async () => {
    const { files } = await run({ name: 'sampled' });
    const sample = async (rows: number, seed: number) => {
      const csv = join(folder, `sample-${rows}-${seed}.csv`);
      const task = { checkpoint_path: files[0]?.path ?? '', checkpoint_sha256: files[0]?.sha256 ?? '' };
      const result = await sampleToCsv({ ...task, rows, seed, csv_path: csv }, around());
      return { text: await readFile(csv, 'utf8'), result };
    };
    const [short, again, long, other] = [
      await sample(30, 1),
      await sample(30, 1),
      await sample(1200, 1),
      await sample(30, 2),
    ];
    expect(again.text).toBe(short.text);
    expect(long.text.startsWith(short.text)).toBe(true);
    expect(other.text).not.toBe(short.text);
    expect(long.result).toMatchObject({ rows: 1200, columns: mixedColumns.map(({ name }) => name) });
    expect(long.result?.preview).toHaveLength(20);
    const lines = long.text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(1201);
    expect(lines[0]).toBe('id,amount,level,gain,day,fixed');
    for (const line of lines.slice(1)) {
      expect(line).toMatch(/^\d+,(-?\d+(\.\d{1,2})?)?,("high, very"|low),\d+,2024-0[1-3]-\d\d,same$/);
    }
    expect(lines.some((line) => /^\d+,,/.test(line))).toBe(true);
  });

  it('refuses a checkpoint that is not the expected one', async () => {
    const { files } = await run({ name: 'refused' });
    const task = { checkpoint_path: files[0]?.path ?? '', checkpoint_sha256: 'a'.repeat(64), rows: 5, seed: 1 };
    await expect(sampleToCsv({ ...task, csv_path: join(folder, 'never.csv') }, around())).rejects.toThrow('SHA-256');
    expect(await readdir(folder)).not.toContain('never.csv');
  });
});
