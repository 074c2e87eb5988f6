import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../engine/tensorflow-backend';
import { Random } from '../../random/random';
import { smallConfig, smallLayout } from '../../testing/settings';
import { criticGradients } from './critic-step';
import type { CriticBatch } from './critic-step';
import { generatorGradients } from './generator-step';
import { parametersOf } from './network';
import { buildCritic, buildGenerator, headSettings } from './wgan-gp';

const config = smallConfig();
const rows = 12;
const { width } = smallLayout;

function relativeError(actual: Float32Array, expected: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  actual.forEach((value, index) => {
    difference += (value - (expected[index] ?? Number.NaN)) ** 2;
    size += (expected[index] ?? 0) ** 2;
  });
  return Math.sqrt(difference / Math.max(size, 1e-12));
}

function criticBatch(random: Random): CriticBatch {
  return {
    real: random.fillUniform(new Float32Array(rows * width), -1, 1),
    fake: random.fillUniform(new Float32Array(rows * width), -1, 1),
    mix: random.fillUniform(new Float32Array(rows), 0, 1),
  };
}

/** The critic's loss as TensorFlow.js would differentiate it itself, twice. LeakyReLU as x · step(x) is safe there. */
function criticLoss(parameters: tf.Tensor[], batch: CriticBatch, weight: number): tf.Scalar {
  const critic = (input: tf.Tensor2D): tf.Tensor2D => {
    let current = input;
    for (let i = 0; i < parameters.length; i += 2) {
      current = tf.add(tf.matMul(current, parameters[i] as tf.Tensor2D), parameters[i + 1] as tf.Tensor1D);
      if (i + 2 < parameters.length) current = tf.mul(current, tf.step(current, 0.2));
    }
    return current;
  };
  const real = tf.tensor2d(batch.real, [rows, width]);
  const fake = tf.tensor2d(batch.fake, [rows, width]);
  const mixed = tf.add(fake, tf.mul(tf.sub(real, fake), tf.tensor2d(batch.mix, [rows, 1])));
  const slopes = tf.grad((input) => critic(input as tf.Tensor2D).sum())(mixed);
  const norms = tf.sqrt(tf.add(tf.sum(tf.square(slopes), 1), 1e-12));
  const penalty = tf.mul(tf.mean(tf.square(tf.sub(norms, 1))), weight);
  return tf.add(tf.sub(tf.mean(critic(fake)), tf.mean(critic(real))), penalty);
}

beforeAll(async () => {
  await chooseBackend();
});

describe('gradients by hand', () => {
  it.each([0, 10])('of the critic equal automatic ones, penalty weight %d', (weight) => {
    const random = Random.of(1);
    const critic = buildCritic(smallLayout, config, random);
    for (const { bias } of critic) random.fillUniform(bias, -0.3, 0.3);
    const batch = criticBatch(random);
    const { gradients, losses } = criticGradients(critic, batch, weight);
    const tensors = critic.flatMap((layer) => [
      tf.tensor2d(layer.weight, [layer.inputs, layer.outputs]),
      tf.tensor1d(layer.bias),
    ]);
    const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => criticLoss(given, batch, weight))(tensors);
    expect(losses.loss).toBeCloseTo(value.dataSync()[0] ?? Number.NaN, 4);
    grads.forEach((expected, index) => {
      // The last bias cancels out of the loss: its gradient is zero.
      if (index < grads.length - 1) {
        expect(relativeError(gradients[index] ?? new Float32Array(), expected.dataSync())).toBeLessThan(1e-5);
      }
    });
    expect(Math.abs(gradients.at(-1)?.[0] ?? 1)).toBeLessThan(1e-6);
    tf.dispose([tensors, value, grads]);
  });

  it('of the generator, through its heads, equal differences of the loss', () => {
    const random = Random.of(2);
    const generator = buildGenerator(smallLayout, config, random);
    const critic = buildCritic(smallLayout, config, random);
    const noise = random.fillNormal(new Float32Array(rows * config.latent_dim));
    const heads = { ...headSettings(smallLayout, config), temperature: 0.9 };
    const state = random.getState();
    const evaluate = () => generatorGradients({ generator, critic, noise, heads }, new Random(state));
    const { gradients } = evaluate();
    parametersOf(generator).forEach((values, array) => {
      for (let check = 0; check < 6; check++) {
        const index = (check * 37) % values.length;
        const kept = values[index] ?? 0;
        const shift = 4e-3;
        values[index] = kept + shift;
        const above = evaluate().loss;
        values[index] = kept - shift;
        const below = evaluate().loss;
        values[index] = kept;
        const expected = (above - below) / (2 * shift);
        expect(Math.abs((gradients[array]?.[index] ?? Number.NaN) - expected)).toBeLessThan(
          2e-3 + 0.03 * Math.abs(expected),
        );
      }
    });
  });
});
