import * as tf from '@tensorflow/tfjs';
import type { ReturnSource } from '../../../data/series/returns';
import { Adam } from '../../../engine/adam';
import type { ModelState, QuantganPlan, Sampler, StepMetrics, TrainableModel } from '../../../engine/engine';
import { rateFactor, scheduleOf } from '../../../engine/learning-rates';
import { scalarOf, softplus } from '../../../engine/tensorflow/operations';
import { countOf, download, normOf, upload } from '../../../engine/tensorflow/parameters';
import type { Parameter } from '../../../engine/tensorflow/parameters';
import { Random } from '../../../random/random';
import { RunningMean } from '../running-mean';
import { averageArrays, parameterArrays, readState, writeState } from '../state';
import type { NamedArrays } from '../state';
import { applyTcn, buildTcn, timesFirst } from './networks';
import type { TcnShape } from './networks';
import { receptiveField } from './receptive-field';

function shapesOf({ config, width }: Pick<QuantganPlan, 'config' | 'width'>): {
  generator: TcnShape;
  critic: TcnShape;
} {
  const { channels, temporal_blocks: blocks, latent_dim: latent } = config;
  return {
    generator: { inputs: latent, channels, outputs: width, blocks },
    critic: { inputs: width, channels, outputs: 1, blocks },
  };
}

interface Half {
  parameters: Parameter[];
  optimiser: Adam;
}

/** QuantGAN (Wiese et al. 2020): two temporal convolutional networks, by binary cross-entropy. */
export class Quantgan implements TrainableModel {
  readonly parameters: Record<string, number>;
  private readonly shapes: ReturnType<typeof shapesOf>;
  private readonly generator: Half;
  private readonly critic: Half;
  private readonly average: RunningMean;
  /** Returns of a window: what one answer of the discriminator depends on. */
  private readonly length: number;

  constructor(
    private readonly plan: QuantganPlan,
    private readonly returns: Pick<ReturnSource, 'starts' | 'read'>,
    private readonly seed: number,
  ) {
    const { config } = plan;
    this.shapes = shapesOf(plan);
    this.length = receptiveField(config.temporal_blocks);
    const half = (name: 'generator' | 'critic', learningRate: number): Half => {
      const parameters = buildTcn(this.shapes[name], Random.of(seed, name));
      const settings = { learningRate, beta1: config.adam_beta1, beta2: config.adam_beta2 };
      return {
        parameters,
        optimiser: new Adam(
          parameters.map(({ values }) => values),
          settings,
        ),
      };
    };
    this.generator = half('generator', config.generator_learning_rate);
    this.critic = half('critic', config.discriminator_learning_rate);
    this.average = new RunningMean(
      this.generator.parameters.map(({ values }) => values),
      config.generator_average,
    );
    this.parameters = { generator: countOf(this.generator.parameters), discriminator: countOf(this.critic.parameters) };
  }

  step(at: { step: number; totalSteps: number }): StepMetrics {
    const random = Random.of(this.seed, 'step', at.step);
    const rate = rateFactor(scheduleOf(this.plan.config), at);
    const metrics = { ...this.criticStep(random, rate), ...this.generatorStep(random, rate) };
    this.average.add(this.generator.optimiser.steps);
    return metrics;
  }

  private noise(random: Random): tf.Tensor2D {
    const { batch_size: rows, latent_dim: latent } = this.plan.config;
    const times = 2 * this.length - 1;
    return tf.tensor2d(random.fillNormal(new Float32Array(times * rows * latent)), [times * rows, latent]);
  }

  private criticStep(random: Random, rate: number): StepMetrics {
    const { width, config } = this.plan;
    const rows = config.batch_size;
    const chosen = Uint32Array.from({ length: rows }, () => random.integer(this.returns.starts.length));
    const windows = timesFirst(this.returns.read(chosen, this.length), rows, width);
    let metrics: StepMetrics = {};
    let gradients: Float32Array[] = [];
    tf.tidy(() => {
      const real = tf.tensor2d(windows, [this.length * rows, width]);
      const fake = applyTcn(this.shapes.generator, upload(this.generator.parameters), this.noise(random), rows);
      const lossOf = (...given: tf.Tensor[]): tf.Scalar => {
        const [realLogits, fakeLogits] = [real, fake].map((side) => applyTcn(this.shapes.critic, given, side, rows));
        if (!realLogits || !fakeLogits) throw new RangeError('the discriminator judges two sides');
        const loss: tf.Scalar = tf.add(tf.mean(softplus(tf.neg(realLogits))), tf.mean(softplus(fakeLogits)));
        metrics = {
          discriminator_loss: scalarOf(loss),
          real_scores: scalarOf(tf.mean(tf.sigmoid(realLogits))),
          fake_scores: scalarOf(tf.mean(tf.sigmoid(fakeLogits))),
        };
        return loss;
      };
      gradients = tf.valueAndGrads(lossOf)(upload(this.critic.parameters)).grads.map(download);
    });
    this.critic.optimiser.update(gradients, rate);
    return metrics;
  }

  private generatorStep(random: Random, rate: number): StepMetrics {
    const rows = this.plan.config.batch_size;
    let loss = Number.NaN;
    let gradients: Float32Array[] = [];
    tf.tidy(() => {
      const noise = this.noise(random);
      const critic = upload(this.critic.parameters);
      const lossOf = (...given: tf.Tensor[]): tf.Scalar => {
        const fake = applyTcn(this.shapes.generator, given, noise, rows);
        return tf.mean(softplus(tf.neg(applyTcn(this.shapes.critic, critic, fake, rows))));
      };
      const { value, grads } = tf.valueAndGrads(lossOf)(upload(this.generator.parameters));
      loss = scalarOf(value);
      gradients = grads.map(download);
    });
    this.generator.optimiser.update(gradients, rate);
    return { generator_loss: loss, generator_gradient_norm: normOf(gradients) };
  }

  getState(): ModelState {
    return writeState(this.arrays(), this.optimisers());
  }

  setState(state: ModelState): void {
    readState(state, this.arrays(), this.optimisers());
  }

  private optimisers() {
    return { generator: this.generator.optimiser, critic: this.critic.optimiser };
  }

  private arrays(): NamedArrays {
    return [
      ...parameterArrays('generator', this.generator.parameters, this.generator.optimiser),
      ...averageArrays(this.generator.parameters, this.average.values),
      ...parameterArrays('critic', this.critic.parameters, this.critic.optimiser),
    ];
  }
}

/** Returns that are made at once: long paths are cut, and overlap by what the network sees back. */
const mostTimes = 2_048;

/**
 * A sampler with the averaged generator of a checkpoint, or with its last weights where averaging is off.
 *
 * @returns encoded returns, `[sequences, plan.length · plan.width]`
 */
export function quantganSampler(plan: QuantganPlan, state: ModelState): Sampler<Float32Array> {
  const { width, length, config } = plan;
  const shape = shapesOf(plan).generator;
  const generator = buildTcn(shape, Random.of(0));
  const values = generator.map((parameter) => parameter.values);
  const isAveraged = config.generator_average > 0;
  readState(
    state,
    isAveraged
      ? averageArrays(generator, values)
      : generator.map((own) => [`generator.${own.name}`, own.values] as const),
    {},
  );
  const before = receptiveField(config.temporal_blocks) - 1;
  return {
    sample: (rows, random) => {
      const noise = random.fillNormal(new Float32Array((length + before) * rows * shape.inputs));
      const made = new Float32Array(length * rows * width);
      for (let from = 0; from < length; from += mostTimes) {
        const times = Math.min(mostTimes, length - from);
        const seen = noise.subarray(from * rows * shape.inputs, (from + times + before) * rows * shape.inputs);
        const part = tf.tidy(() => {
          const input = tf.tensor2d(seen, [(times + before) * rows, shape.inputs]);
          return download(applyTcn(shape, upload(generator), input, rows));
        });
        made.set(part, from * rows * width);
      }
      // Seen the other way round, times are the rows.
      return timesFirst(made, length, width);
    },
  };
}
