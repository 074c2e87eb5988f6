import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSequences } from '../../../data/series/sequence-table';
import { WindowSource } from '../../../data/series/windows';
import type { Engine } from '../../../engine/engine';
import { chooseBackend } from '../../../engine/tensorflow-backend';
import { download, upload } from '../../../engine/tensorflow/parameters';
import { Random } from '../../../random/random';
import { workerEngines } from '../../../testing/engines';
import { instrumentColumns, instruments } from '../../../testing/sequences';
import { openModel } from '../../open-model';
import { doppelgangerConfigSchema } from './config';
import { buildGenerator, drawNoise, emissionOf, generateWindows } from './networks';
import { Doppelganger } from './training';

const config = doppelgangerConfigSchema.parse({
  ...{ batch_size: 16, sequence_length: 7, rows_per_emission: 2, attribute_layers: [8], lstm_units: 6, latent_dim: 3 },
  ...{ critic_layers: [12, 12], checkpoint_seconds: 0, quality_every: 0 },
});

async function windowsOf() {
  const table = await readSequences(instruments(), instrumentColumns, 100);
  return new WindowSource(table, { length: 7, stride: 1, isScaledByWindow: true, isDecorrelated: true });
}

let engine: Engine;
beforeAll(async () => {
  await chooseBackend();
  engine = workerEngines();
});

describe('the generator of doppelganger', () => {
  it('makes windows of shares and numbers in [-1, 1]', async () => {
    const { layout } = await windowsOf();
    const shape = { layout, config };
    expect(emissionOf(shape)).toEqual({ rows: 2, steps: 4 });
    const noise = drawNoise(shape, 5, Random.of(1));
    const made = tf.tidy(() => download(generateWindows(shape, upload(buildGenerator(shape, Random.of(2))), noise)));
    expect(made).toHaveLength(5 * layout.width);
    expect(made.every((value) => Math.abs(value) <= 1)).toBe(true);
    const choice = layout.attributes.spans.find(({ kind }) => kind === 'choice');
    const width = choice?.kind === 'choice' ? choice.width : 0;
    const shares = made.slice(choice?.start ?? 0, (choice?.start ?? 0) + width);
    expect(shares.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  });

  it('has the gradients that finite differences give', async () => {
    const { layout } = await windowsOf();
    const shape = { layout, config: { ...config, gumbel_temperature: 1 } };
    const noise = drawNoise(shape, 4, Random.of(3));
    const parameters = buildGenerator(shape, Random.of(4));
    const weights = Random.of(5).fillNormal(new Float32Array(4 * layout.width));
    const lossOf = (...given: tf.Tensor[]): tf.Scalar =>
      tf.sum(tf.mul(generateWindows(shape, given, noise), tf.tensor2d(weights, [4, layout.width])));
    const valueOf = () => tf.tidy(() => lossOf(...upload(parameters)).dataSync()[0] ?? Number.NaN);
    const gradients = tf.tidy(() => tf.grads(lossOf)(upload(parameters)).map(download));
    const random = Random.of(6);
    for (const [index, { name, values }] of parameters.entries()) {
      const at = random.integer(values.length);
      const kept = values[at] ?? 0;
      const step = 1e-2;
      values[at] = kept + step;
      const above = valueOf();
      values[at] = kept - step;
      const below = valueOf();
      values[at] = kept;
      const expected = (above - below) / (2 * step);
      expect(Math.abs((gradients[index]?.[at] ?? 0) - expected), name).toBeLessThan(0.02 * Math.abs(expected) + 0.02);
    }
  });
});

describe('doppelganger under training', () => {
  it('keeps the number of tensors flat and gives finite metrics by the same names', async () => {
    const windows = await windowsOf();
    const model = new Doppelganger({ layout: windows.layout, config }, windows, 1);
    const before = tf.memory().numTensors;
    const metrics = [0, 1, 2].map((step) => model.step({ step, totalSteps: 3 }));
    expect(tf.memory().numTensors).toBe(before);
    expect(metrics.every((told) => Object.values(told).every(Number.isFinite))).toBe(true);
    expect(Object.keys(metrics[2] ?? {})).toEqual(Object.keys(metrics[0] ?? {}));
    const {
      discriminator_loss: loss,
      real_scores: real,
      fake_scores: fake,
      gradient_penalty: penalty,
    } = metrics[0] ?? {};
    expect(loss).toBeCloseTo((fake ?? 0) - (real ?? 0) + (penalty ?? 0), 4);
  });

  it('goes on from its state to the bit, and from another seed to something else', async () => {
    const windows = await windowsOf();
    const shape = { layout: windows.layout, config };
    const run = (model: Doppelganger, from: number, to: number) => {
      for (let step = from; step < to; step++) model.step({ step, totalSteps: 6 });
      return model.getState();
    };
    const whole = run(new Doppelganger(shape, windows, 5), 0, 6);
    const half = run(new Doppelganger(shape, windows, 5), 0, 3);
    const resumed = new Doppelganger(shape, windows, 5);
    resumed.setState(half);
    expect(run(resumed, 3, 6)).toEqual(whole);
    expect(run(new Doppelganger(shape, windows, 6), 0, 6)).not.toEqual(whole);
  });

  it('leaves out the auxiliary critic where nothing belongs to a window as a whole', async () => {
    const windows = await windowsOf();
    const model = new Doppelganger({ layout: windows.layout, config: { ...config, auxiliary_weight: 0 } }, windows, 1);
    expect(Object.keys(model.parameters)).toEqual(['generator', 'critic']);
    expect(model.step({ step: 0, totalSteps: 1 })).not.toHaveProperty('auxiliary_loss');
  });
});

describe('sequences of doppelganger', () => {
  async function sampler(sequences?: { length?: number; start?: { time?: string } }) {
    const model = openModel('doppelganger', config, engine);
    const onColumn = () => Promise.resolve();
    const fitted = await model.fit(instruments(), instrumentColumns, { seed: 1, onColumn });
    const { transforms, rowCount } = fitted;
    return model.openSampler({ transforms, rowCount, state: fitted.model.getState(), sequences });
  }

  it('are rows of the source with a number before them, one sequence after the other', async () => {
    const rows = (await sampler()).draw({ from: 0, rows: 14 }, 1);
    expect(rows.map(([number]) => number)).toEqual([1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]);
    expect(rows[0]?.slice(0, 2)).toEqual([1, '2024-01-01']);
    for (const half of [rows.slice(0, 7), rows.slice(7)]) expect(new Set(half.map((row) => row[2])).size).toBe(1);
    expect(rows.every((row) => row.length === 8)).toBe(true);
  });

  it('are the same for a seed, however they are asked for', async () => {
    const [whole, again] = [await sampler(), await sampler()];
    const all = whole.draw({ from: 0, rows: 400 }, 9);
    const parts = [again.draw({ from: 0, rows: 150 }, 9), again.draw({ from: 150, rows: 250 }, 9)].flat();
    expect(parts).toEqual(all);
    expect(whole.draw({ from: 0, rows: 10 }, 10)).not.toEqual(all.slice(0, 10));
  });

  it('can be shorter, and are refused where they are longer than what was learned', async () => {
    const rows = (await sampler({ length: 3, start: { time: '2025-01-01' } })).draw({ from: 0, rows: 4 }, 1);
    expect(rows.map((row) => [row[0], row[1]])).toEqual([
      [1, '2025-01-01'],
      [1, '2025-01-02'],
      [1, '2025-01-03'],
      [2, '2025-01-01'],
    ]);
    await expect(sampler({ length: 8 })).rejects.toThrow(/length of 8.*at most 7 rows/);
  });
});
