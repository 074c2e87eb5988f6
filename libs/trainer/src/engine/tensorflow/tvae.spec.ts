import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tvaePlan } from '../../models/tvae/tvae';
import { Random } from '../../random/random';
import { encodedSides, smallTvaeConfig } from '../../testing/gan-plans';
import { chooseBackend } from '../tensorflow-backend';
import { TensorflowTvae, tvaeSampler } from './tvae';

let table: Awaited<ReturnType<typeof encodedSides>>;
beforeAll(async () => {
  await chooseBackend();
  table = await encodedSides(400);
});

const planOf = () => tvaePlan(table.sparse.layout, smallTvaeConfig({ reconstruction_weight: 2 }));
const build = (seed = 1) => new TensorflowTvae(planOf(), table.rows, seed);
const steps = (model: TensorflowTvae, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => model.step({ step: from + i, totalSteps: 60 }));

describe('tvae by automatic differentiation', () => {
  it('has the shapes that its plan and the table ask for', () => {
    const state = build().getState();
    const { width, spans } = table.sparse.layout;
    const length = (name: string) => state[name]?.length;
    expect([length('encoder.0.weight'), length('encoder.mean.bias'), length('encoder.log_variance.weight')]).toEqual([
      width * 16,
      8,
      12 * 8,
    ]);
    expect([length('decoder.0.weight'), length('decoder.2.bias')]).toEqual([8 * 12, width]);
    expect(length('decoder.sigma')).toBe(spans.filter(({ kind }) => kind === 'number').length);
  });

  it('reports a loss that is the sum of its parts, and learns', () => {
    const metrics = steps(build(), 0, 60);
    for (const { loss = 0, reconstruction_loss: reconstruction = 0, kl_divergence: divergence = 0 } of metrics) {
      expect(loss).toBeCloseTo(reconstruction + divergence, 3);
      expect(divergence).toBeGreaterThan(0);
    }
    expect(metrics.at(-1)?.['loss']).toBeLessThan(0.8 * (metrics[0]?.['loss'] ?? 0));
  });

  it('keeps the spread of numbers within its bounds', () => {
    const model = new TensorflowTvae({ ...planOf(), learningRate: 0.1 }, table.rows, 1);
    steps(model, 0, 20);
    const sigma = model.getState()['decoder.sigma'] ?? new Float32Array();
    expect(sigma.every((value) => value >= Math.fround(0.01) && value <= 1)).toBe(true);
  });

  it('keeps no tensor from one step to the next', () => {
    const model = build();
    const before = tf.memory().numTensors;
    steps(model, 0, 3);
    tvaeSampler(planOf(), model.getState()).sample(20, Random.of(1));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same numbers for the same seed and others for another', () => {
    const run = (seed: number) => {
      const model = build(seed);
      return { metrics: steps(model, 0, 2), state: model.getState() };
    };
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });

  it('goes on from a saved state as if it had never stopped, bit by bit', () => {
    const whole = build();
    const metrics = steps(whole, 0, 6);
    const first = build();
    steps(first, 0, 3);
    const second = build();
    second.setState(first.getState());
    expect(steps(second, 3, 6)).toEqual(metrics.slice(3));
    expect(second.getState()).toEqual(whole.getState());
  });
});
