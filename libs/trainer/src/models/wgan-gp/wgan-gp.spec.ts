import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { BatchSource } from '../../data/batch-source';
import { fitTable } from '../../data/table-transform';
import { chooseBackend } from '../../engine/tensorflow-backend';
import { Random } from '../../random/random';
import { smallConfig, smallLayout } from '../../testing/settings';
import { categories, column, memoryTable, quantities } from '../../testing/tables';
import { Adam } from '../../engine/adam';
import { generate } from './generator-step';
import { parametersOf } from './network';
import { buildCritic, buildGenerator, criticStep, generatorStep, headSettings, WganGp, wganGpSampler } from './wgan-gp';
import type { Trained } from './wgan-gp';

const config = smallConfig();
const rows = 20;
const { width } = smallLayout;
const heads = headSettings(smallLayout, config);

function trained(network: Trained['network']): Trained {
  return { network, optimiser: new Adam(parametersOf(network), { learningRate: 1e-3, beta1: 0.5, beta2: 0.9 }) };
}

function pair(seed: number) {
  const random = Random.of(seed);
  const generator = trained(buildGenerator(smallLayout, config, random));
  const critic = trained(buildCritic(smallLayout, config, random));
  const noise = random.fillNormal(new Float32Array(rows * config.latent_dim));
  const batch = {
    real: random.fillUniform(new Float32Array(rows * width), -1, 1),
    fake: generate(generator.network, noise, heads, random),
    mix: random.fillUniform(new Float32Array(rows), 0, 1),
  };
  return { generator, critic, noise, batch, random };
}

const copy = ({ network }: Trained) => parametersOf(network).map((array) => array.slice());

/** Two columns that lean on each other: a number near -3 or near 3, and the name of its side. */
async function twoSides(rowCount: number) {
  const random = Random.of(11);
  const sides = Array.from({ length: rowCount }, () => (random.uniform() < 0.7 ? 'right' : 'left'));
  const noise = random.fillNormal(new Float32Array(rowCount));
  const values = sides.map((side, i) => (side === 'right' ? 3 : -3) + 0.5 * (noise[i] ?? 0));
  const columns = [
    column({ name: 'side', type: 'text', role: 'categorical' }),
    column({ name: 'value', type: 'number', role: 'numeric' }),
  ];
  const { encoded } = await fitTable(memoryTable({ side: categories(sides), value: quantities(values) }), columns, 10);
  return encoded;
}

beforeAll(async () => {
  await chooseBackend();
});

describe('wgan-gp', () => {
  it('has the shapes that its config and the table ask for', () => {
    const { generator, critic, batch } = pair(1);
    expect(generator.network.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [8, 16],
      [16, 16],
      [16, 7],
    ]);
    expect(critic.network.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [7, 16],
      [16, 16],
      [16, 1],
    ]);
    expect(batch.fake.length).toBe(rows * width);
  });

  it('makes rows whose groups are shares and whose numbers lie in [-1, 1]', () => {
    const { batch } = pair(2);
    for (let row = 0; row < rows; row++) {
      const cells = batch.fake.subarray(row * width, (row + 1) * width);
      expect(Math.abs(cells[0] ?? 2)).toBeLessThanOrEqual(1);
      expect((cells[2] ?? 0) + (cells[3] ?? 0)).toBeCloseTo(1, 5);
      expect((cells[4] ?? 0) + (cells[5] ?? 0) + (cells[6] ?? 0)).toBeCloseTo(1, 5);
    }
  });

  it('leaves the generator bit-identical in a critic step, and the reverse', () => {
    const { generator, critic, batch, noise, random } = pair(3);
    const [generatorBefore, criticBefore] = [copy(generator), copy(critic)];
    criticStep(critic, batch, { penaltyWeight: 10 });
    expect(copy(generator)).toEqual(generatorBefore);
    expect(copy(critic)).not.toEqual(criticBefore);
    const criticAfter = copy(critic);
    generatorStep(generator, critic.network, { noise, heads }, random);
    expect(copy(critic)).toEqual(criticAfter);
    expect(copy(generator)).not.toEqual(generatorBefore);
  });

  it('reports a critic loss that is the sum of its parts', () => {
    const { critic, batch } = pair(4);
    const losses = criticStep(critic, batch, { penaltyWeight: 10 });
    expect(losses.loss).toBeCloseTo(losses.fakeScore - losses.realScore + losses.gradientPenalty, 6);
    expect(losses.gradientPenalty).toBeGreaterThan(0);
  });

  it('keeps the number of tensors flat', async () => {
    const table = await twoSides(64);
    const model = new WganGp(table.layout, config, 1);
    const batches = new BatchSource(table, 1, 32);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 5; step++) model.step(batches, { step, totalSteps: 5 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same numbers for the same seed and others for another', async () => {
    const table = await twoSides(100);
    const run = (seed: number) => {
      const model = new WganGp(table.layout, config, seed);
      const batches = new BatchSource(table, seed, 32);
      const metrics = [0, 1, 2].map((step) => model.step(batches, { step, totalSteps: 3 }));
      return { metrics, state: model.getState() };
    };
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });

  it('draws untrained categories about as often as the table has them', async () => {
    const table = await twoSides(2000);
    const model = new WganGp(table.layout, config, 3);
    const sampler = wganGpSampler(table.layout, config, model.getState());
    const outputs = sampler.sample(2000, Random.of(1));
    const share = outputs.filter((value, i) => i % 3 === 0 && value > 0.5).length / 2000;
    const real = table.layout.spans[0]?.shares[0] ?? 0;
    expect(Math.abs(share - real)).toBeLessThan(0.25);
  });

  it('learns a small known distribution, and its losses move as it does', { timeout: 120_000 }, async () => {
    const table = await twoSides(1000);
    const settings = smallConfig({
      generator_learning_rate: 2e-3,
      critic_learning_rate: 2e-3,
      generator_layers: [32, 32],
      critic_layers: [32, 32],
    });
    const model = new WganGp(table.layout, settings, 4);
    const batches = new BatchSource(table, 4, 100);
    const totalSteps = 800;
    const distance: number[] = [];
    for (let step = 0; step < totalSteps; step++) {
      distance.push(model.step(batches, { step, totalSteps }).wasserstein_estimate);
    }
    const outputs = wganGpSampler(table.layout, settings, model.getState()).sample(1000, Random.of(2));
    const isRight = table.layout.spans[0]?.shares[0] ?? 0;
    const drawn = Array.from({ length: 1000 }, (_, i) => outputs.subarray(3 * i, 3 * i + 3));
    const right = drawn.filter(([first = 0]) => first > 0.5);
    expect(Math.abs(right.length / 1000 - isRight)).toBeLessThan(0.08);
    // Encoded values are uniform over [-1, 1]; the smaller side holds the lower part of it.
    const border = 2 * (1 - isRight) - 1;
    const agreeing = drawn.filter(([first = 0, , value = 0]) => (first > 0.5 ? value > border : value <= border));
    expect(agreeing.length / 1000).toBeGreaterThan(0.93);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(distance.slice(-50))).toBeLessThan(0.5 * Math.max(...distance.slice(0, 200)));
  });
});
