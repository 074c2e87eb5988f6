import * as tf from '@tensorflow/tfjs';
import type { WindowSource } from '../../../data/series/windows';
import { Adam } from '../../../engine/adam';
import type { ModelState, Sampler, StepMetrics, TrainableModel } from '../../../engine/engine';
import { rateFactor, scheduleOf } from '../../../engine/learning-rates';
import type { LearningRateSchedule } from '../../../engine/learning-rates';
import { leakyRelu, linear, scalarOf } from '../../../engine/tensorflow/operations';
import { countOf, download, normOf, upload } from '../../../engine/tensorflow/parameters';
import type { Parameter } from '../../../engine/tensorflow/parameters';
import { Random } from '../../../random/random';
import { criticGradients } from '../../wgan-gp/critic-step';
import type { CriticLosses } from '../../wgan-gp/critic-step';
import { countParameters, leakySlope, parametersOf } from '../../wgan-gp/network';
import type { Network } from '../../wgan-gp/network';
import { RunningMean } from '../running-mean';
import { averageArrays, networkArrays, parameterArrays, readState, writeState } from '../state';
import type { NamedArrays, Optimised } from '../state';
import { criticRows, criticView, criticWidth } from './critic-view';
import { buildCritic, buildGenerator, drawNoise, generateWindows } from './networks';
import type { DoppelgangerShape } from './networks';

/** The width of what the auxiliary critic sees: attributes and ranges. */
function staticWidth({ layout }: DoppelgangerShape): number {
  return layout.attributes.width + layout.scales;
}

/**
 * DoppelGANger (Lin et al. 2020) under training. The gradients of the critics are the derived ones of `wgan-gp`; those
 * of the generator come from TensorFlow.js, which needs no second derivatives there.
 */
export class Doppelganger implements TrainableModel {
  readonly parameters: Record<string, number>;
  private readonly generator: Parameter[];
  private readonly generatorOptimiser: Adam;
  private readonly critic: Optimised;
  private readonly auxiliary: Optimised | null;
  private readonly average: RunningMean;
  private readonly schedule: LearningRateSchedule;
  private readonly differences: Float32Array;

  constructor(
    private readonly shape: DoppelgangerShape,
    private readonly windows: Pick<WindowSource, 'starts' | 'read' | 'differenceScales'>,
    private readonly seed: number,
  ) {
    const { config, layout } = shape;
    this.schedule = scheduleOf(config);
    const betas = { beta1: config.adam_beta1, beta2: config.adam_beta2 };
    this.generator = buildGenerator(shape, Random.of(seed, 'generator'));
    const values = this.generator.map((parameter) => parameter.values);
    this.generatorOptimiser = new Adam(values, { learningRate: config.generator_learning_rate, ...betas });
    this.average = new RunningMean(values, config.generator_average);
    const optimised = (name: string, width: number): Optimised => {
      const network = buildCritic(width, config.critic_layers, Random.of(seed, name));
      const settings = { learningRate: config.critic_learning_rate, ...betas };
      return { network, optimiser: new Adam(parametersOf(network), settings) };
    };
    this.differences = windows.differenceScales();
    this.critic = optimised('critic', criticWidth(layout));
    const hasAuxiliary = config.auxiliary_weight > 0 && staticWidth(shape) > 0;
    this.auxiliary = hasAuxiliary ? optimised('auxiliary', staticWidth(shape)) : null;
    this.parameters = {
      generator: countOf(this.generator),
      critic: countParameters(this.critic.network),
      ...(this.auxiliary ? { auxiliary_critic: countParameters(this.auxiliary.network) } : {}),
    };
  }

  step(at: { step: number; totalSteps: number }): StepMetrics {
    const { config } = this.shape;
    const random = Random.of(this.seed, 'step', at.step);
    const rate = rateFactor(this.schedule, at);
    const losses: CriticLosses[] = [];
    const auxiliaryLosses: CriticLosses[] = [];
    for (let i = 0; i < config.critic_steps; i++) {
      const told = this.criticStep(random, rate);
      losses.push(told.critic);
      if (told.auxiliary) auxiliaryLosses.push(told.auxiliary);
    }
    const generatorMetrics = this.generatorStep(random, rate);
    this.average.add(this.generatorOptimiser.steps);
    const mean = (all: readonly CriticLosses[], pick: (each: CriticLosses) => number) =>
      all.reduce((sum, each) => sum + pick(each), 0) / all.length;
    return {
      ...generatorMetrics,
      discriminator_loss: mean(losses, ({ loss }) => loss),
      real_scores: mean(losses, ({ realScore }) => realScore),
      fake_scores: mean(losses, ({ fakeScore }) => fakeScore),
      wasserstein_estimate: mean(losses, ({ realScore, fakeScore }) => realScore - fakeScore),
      gradient_penalty: mean(losses, ({ gradientPenalty }) => gradientPenalty),
      gradient_norm: mean(losses, ({ gradientNorm }) => gradientNorm),
      ...(this.auxiliary
        ? {
            auxiliary_loss: mean(auxiliaryLosses, ({ loss }) => loss),
            auxiliary_estimate: mean(auxiliaryLosses, ({ realScore, fakeScore }) => realScore - fakeScore),
          }
        : {}),
    };
  }

  /** Updates both critics on the same windows; the generator stands still. */
  private criticStep(random: Random, rate: number): { critic: CriticLosses; auxiliary: CriticLosses | null } {
    const { config, layout } = this.shape;
    const rows = config.batch_size;
    const real = this.windows.read(
      Uint32Array.from({ length: rows }, () => random.integer(this.windows.starts.length)),
    );
    const noise = drawNoise(this.shape, rows, random);
    const fake = tf.tidy(() => download(generateWindows(this.shape, upload(this.generator), noise)));
    const mix = random.fillUniform(new Float32Array(rows), 0, 1);
    const update = ({ network, optimiser }: Optimised, view: (all: Float32Array) => Float32Array) => {
      const batch = { real: view(real), fake: view(fake), mix };
      const { losses, gradients } = criticGradients(network, batch, config.gradient_penalty_weight);
      optimiser.update(gradients, rate);
      return losses;
    };
    return {
      critic: update(this.critic, (all) => criticRows(layout, all, this.differences)),
      auxiliary:
        this.auxiliary && update(this.auxiliary, (all) => firstColumns(all, layout.width, staticWidth(this.shape))),
    };
  }

  private generatorStep(random: Random, rate: number): StepMetrics {
    const { config, layout } = this.shape;
    const noise = drawNoise(this.shape, config.batch_size, random);
    let loss = Number.NaN;
    let gradients: Float32Array[] = [];
    tf.tidy(() => {
      const critic = tensorsOf(this.critic.network);
      const auxiliary = this.auxiliary && tensorsOf(this.auxiliary.network);
      const lossOf = (...given: tf.Tensor[]) => {
        const made = generateWindows(this.shape, given, noise);
        const whole = tf.neg(tf.mean(scores(critic, criticView(layout, made, this.differences))));
        if (!auxiliary) return whole as tf.Scalar;
        const first = tf.slice2d(made, [0, 0], [-1, staticWidth(this.shape)]);
        return tf.sub(whole, tf.mul(tf.mean(scores(auxiliary, first)), config.auxiliary_weight));
      };
      const { value, grads } = tf.valueAndGrads(lossOf)(upload(this.generator));
      loss = scalarOf(value);
      gradients = grads.map(download);
    });
    this.generatorOptimiser.update(gradients, rate);
    return { generator_loss: loss, generator_gradient_norm: normOf(gradients) };
  }

  getState(): ModelState {
    return writeState(this.arrays(), this.counters());
  }

  setState(state: ModelState): void {
    readState(state, this.arrays(), this.counters());
  }

  private counters(): Record<string, Adam> {
    return {
      generator: this.generatorOptimiser,
      critic: this.critic.optimiser,
      ...(this.auxiliary ? { auxiliary: this.auxiliary.optimiser } : {}),
    };
  }

  private arrays(): NamedArrays {
    return [
      ...parameterArrays('generator', this.generator, this.generatorOptimiser),
      ...averageArrays(this.generator, this.average.values),
      ...networkArrays('critic', this.critic),
      ...(this.auxiliary ? networkArrays('auxiliary', this.auxiliary) : []),
    ];
  }
}

/** The first columns of each row of a matrix. */
function firstColumns(matrix: Float32Array, width: number, count: number): Float32Array {
  if (count === width) return matrix;
  const rows = matrix.length / width;
  const taken = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) taken.set(matrix.subarray(row * width, row * width + count), row * count);
  return taken;
}

function tensorsOf(network: Network): { weight: tf.Tensor2D; bias: tf.Tensor1D }[] {
  return network.map(({ inputs, outputs, weight, bias }) => ({
    weight: tf.tensor2d(weight, [inputs, outputs]),
    bias: tf.tensor1d(bias),
  }));
}

function scores(layers: readonly { weight: tf.Tensor2D; bias: tf.Tensor1D }[], rows: tf.Tensor2D): tf.Tensor2D {
  return layers.reduce((current, { weight, bias }, index) => {
    const output = linear(current, weight, bias);
    return index < layers.length - 1 ? leakyRelu(output, leakySlope) : output;
  }, rows);
}

/** A sampler with the averaged generator of a checkpoint, or with its last weights where averaging is off. */
export function doppelgangerSampler(shape: DoppelgangerShape, state: ModelState): Sampler<Float32Array> {
  const generator = buildGenerator(shape, Random.of(0));
  const values = generator.map((parameter) => parameter.values);
  const isAveraged = shape.config.generator_average > 0;
  readState(
    state,
    isAveraged
      ? averageArrays(generator, values)
      : generator.map(({ name, values: own }) => [`generator.${name}`, own]),
    {},
  );
  return {
    sample: (rows, random) => {
      const noise = drawNoise(shape, rows, random);
      return tf.tidy(() => download(generateWindows(shape, upload(generator), noise)));
    },
  };
}
