import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { conditionsOf, samplingConditions } from '../../data/conditions';
import { ctganPlan } from '../../models/ctgan/ctgan';
import { Random } from '../../random/random';
import { encodedSides, smallCtganConfig, smallPlans } from '../../testing/gan-plans';
import type { ModelState } from '../engine';
import { chooseBackend } from '../tensorflow-backend';
import { TensorflowGan } from './gan';
import { ganSampler } from './gan-sampler';

type Encoded = Awaited<ReturnType<typeof encodedSides>>;
let table: Encoded;
beforeAll(async () => {
  await chooseBackend();
  table = await encodedSides(400);
});

/** The parameters and statistics of one network. */
const ofNetwork = (state: ModelState, network: string) =>
  Object.fromEntries(
    Object.entries(state).filter(([name]) => name.startsWith(`${network}.`) && !name.includes('running')),
  );

function steps(model: TensorflowGan, from: number, to: number) {
  return Array.from({ length: to - from }, (_, i) => model.step({ step: from + i, totalSteps: 6 }));
}

describe.each(smallPlans)('%s by automatic differentiation', (name, planOf) => {
  const build = (seed = 1) => new TensorflowGan(planOf(table.sparse.layout), table.rows, seed);

  it('has the shapes that its plan and the table ask for', () => {
    const { layout, critic, latentDim, generator } = planOf(table.sparse.layout).shape;
    const conditionWidth = conditionsOf(layout).reduce((sum, { width }) => sum + width, 0);
    const state = build().getState();
    const length = (array: string) => state[array]?.length;
    expect(length('generator.0.weight')).toBe((latentDim + conditionWidth) * 16);
    const secondInput = generator.kind === 'residual' ? latentDim + conditionWidth + 16 : 16;
    expect(length('generator.1.weight')).toBe(secondInput * 12);
    expect(length('generator.2.bias')).toBe(layout.width);
    expect(length('critic.0.weight')).toBe(critic.pac * (layout.width + conditionWidth) * 16);
    expect(length('critic.2.weight')).toBe(12);
    expect(length('generator.0.running_mean')).toBe(generator.kind === 'residual' ? 16 : undefined);
  });

  it('leaves the generator bit-identical in a critic step, and the reverse', () => {
    const model = build();
    const before = model.getState();
    model.criticStep(Random.of(1));
    const between = model.getState();
    expect(ofNetwork(between, 'generator')).toEqual(ofNetwork(before, 'generator'));
    expect(ofNetwork(between, 'critic')).not.toEqual(ofNetwork(before, 'critic'));
    model.generatorStep(Random.of(2));
    const after = model.getState();
    expect(ofNetwork(after, 'critic')).toEqual(ofNetwork(between, 'critic'));
    expect(ofNetwork(after, 'generator')).not.toEqual(ofNetwork(between, 'generator'));
  });

  it('reports losses that are the sums of their parts', () => {
    for (const metrics of steps(build(), 0, 3)) {
      const value = (part: string) => metrics[part] ?? 0;
      expect(value('generator_loss')).toBeCloseTo(value('adversarial_loss') + value('cross_entropy'), 5);
      if (name === 'ctgan') {
        expect(value('discriminator_loss')).toBeCloseTo(value('gradient_penalty') - value('wasserstein_estimate'), 5);
        expect(value('cross_entropy')).toBeGreaterThan(0);
      }
      expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
      expect(value('generator_gradient_norm')).toBeGreaterThan(0);
      expect(value('critic_gradient_norm')).toBeGreaterThan(0);
    }
  });

  it('keeps no tensor from one step to the next', () => {
    const model = build();
    const before = tf.memory().numTensors;
    steps(model, 0, 3);
    ganSampler(planOf(table.sparse.layout), model.getState()).sample(20, Random.of(1));
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

  it('refuses a state of another shape', () => {
    const { ['critic.0.bias']: _, ...state } = build().getState();
    expect(() => build().setState(state)).toThrow(
      'the checkpoint holds no numbers as critic.0.bias, the model needs 16',
    );
  });
});

describe('ctgan by automatic differentiation', () => {
  it('leans towards the features of real rows where it is asked to, and says by how much', () => {
    const plan = ctganPlan(table.sparse.layout, smallCtganConfig({ information_weight: 2 }));
    const [metrics = {}] = steps(new TensorflowGan(plan, table.rows, 1), 0, 1);
    const {
      information_loss: information = 0,
      adversarial_loss: adversarial = 0,
      cross_entropy: entropy = 0,
    } = metrics;
    expect(information).toBeGreaterThan(0);
    expect(metrics['generator_loss']).toBeCloseTo(adversarial + entropy + information, 5);
  });

  it('trains without any condition: a table of numbers alone', () => {
    const layout = { ...table.sparse.layout, conditions: [] };
    const model = new TensorflowGan(ctganPlan(layout, smallCtganConfig()), table.rows, 1);
    const [metrics = {}] = steps(model, 0, 2);
    expect(metrics).not.toHaveProperty('cross_entropy');
    expect(metrics['generator_loss']).toBe(metrics['adversarial_loss']);
  });

  it('draws a row by itself: the rows beside it change nothing', () => {
    const model = new TensorflowGan(ctganPlan(table.sparse.layout, smallCtganConfig()), table.rows, 1);
    steps(model, 0, 3);
    const sampler = ganSampler(ctganPlan(table.sparse.layout, smallCtganConfig()), model.getState());
    const mixed = samplingConditions(table.sparse.layout, table.sparse.slotCounts)(50, Random.of(3));
    // Noise comes first and in order, so the first row has the same noise in both.
    const alone = sampler.sample(1, Random.of(8), mixed.slice(0, 1));
    const single = sampler.sample(50, Random.of(8), new Int32Array(50).fill(mixed[0] ?? 0));
    const varied = sampler.sample(50, Random.of(8), mixed);
    const numbersOfFirst = ({ numbers, rowCount }: typeof alone) => numbers.slice(0, numbers.length / rowCount);
    expect(numbersOfFirst(varied)).toEqual(numbersOfFirst(single));
    numbersOfFirst(alone).forEach((value, i) => expect(value).toBeCloseTo(varied.numbers[i] ?? 9, 5));
  });
});
