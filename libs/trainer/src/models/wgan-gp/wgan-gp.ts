import type { BatchSource } from '../../data/batch-source';
import type { Layout, Span } from '../../data/layout';
import type { ModelState, Sampler } from '../../engine/engine';
import { Random } from '../../random/random';
import { Adam } from '../../engine/adam';
import { rateFactor, scheduleOf } from '../../engine/learning-rates';
import type { WganGpConfig } from './config';
import { criticGradients } from './critic-step';
import type { CriticBatch, CriticLosses } from './critic-step';
import { generate, generatorGradients } from './generator-step';
import type { HeadSettings } from './generator-step';
import { buildNetwork, countParameters, parametersOf } from './network';
import type { Network } from './network';

/**
 * The generator: noise to encoded rows. Category logits begin at the logarithm of each category's share, so that an
 * untrained generator already draws every category about as often as the table has it.
 */
export function buildGenerator(layout: Layout, config: WganGpConfig, random: Random): Network {
  const generator = buildNetwork([config.latent_dim, ...config.generator_layers, layout.width], random);
  const bias = generator.at(-1)?.bias;
  for (const { kind, start, shares } of learnedSpans(layout)) {
    const first = start + (kind === 'optional_number' ? 1 : 0);
    shares.forEach((share, index) => bias?.fill(Math.log(share), first + index, first + index + 1));
  }
  return generator;
}

/** The critic: an encoded row to its score. No batch norm: the penalty is on each row by itself (section 4). */
export function buildCritic(layout: Layout, config: WganGpConfig, random: Random): Network {
  return buildNetwork([layout.width, ...config.critic_layers, 1], random);
}

export function headSettings(layout: Layout, config: WganGpConfig): HeadSettings {
  return { width: layout.width, spans: learnedSpans(layout), temperature: config.gumbel_temperature };
}

function learnedSpans(layout: Layout): Span[] {
  return layout.spans.filter((span) => span !== null);
}

export interface Trained {
  network: Network;
  optimiser: Adam;
}

/** Updates the critic once; the generator is not part of it. */
export function criticStep(
  critic: Trained,
  batch: CriticBatch,
  { penaltyWeight, rateFactor = 1 }: { penaltyWeight: number; rateFactor?: number },
): CriticLosses {
  const { losses, gradients } = criticGradients(critic.network, batch, penaltyWeight);
  critic.optimiser.update(gradients, rateFactor);
  return losses;
}

/** Updates the generator once, against a critic that it reads. @returns the generator's loss before the update */
export function generatorStep(
  generator: Trained,
  critic: Network,
  { noise, heads, rateFactor = 1 }: { noise: Float32Array; heads: HeadSettings; rateFactor?: number },
  random: Random,
): number {
  const { loss, gradients } = generatorGradients({ generator: generator.network, critic, noise, heads }, random);
  generator.optimiser.update(gradients, rateFactor);
  return loss;
}

/** Means over one step; names are those of the `training_update` event. */
export type WganGpMetrics = Record<
  | 'generator_loss'
  | 'discriminator_loss'
  | 'real_scores'
  | 'fake_scores'
  | 'gradient_penalty'
  | 'gradient_norm'
  | 'wasserstein_estimate',
  number
>;

/** WGAN-GP (Gulrajani et al. 2017) on encoded tables. */
export class WganGp {
  readonly parameters: Record<string, number>;
  private readonly generator: Trained;
  private readonly critic: Trained;
  private readonly average: Float32Array[];
  private readonly heads: HeadSettings;

  constructor(
    layout: Layout,
    private readonly config: WganGpConfig,
    seed: number,
  ) {
    const { adam_beta1: beta1, adam_beta2: beta2 } = config;
    const generator = buildGenerator(layout, config, Random.of(seed, 'generator'));
    const critic = buildCritic(layout, config, Random.of(seed, 'critic'));
    this.generator = {
      network: generator,
      optimiser: new Adam(parametersOf(generator), { learningRate: config.generator_learning_rate, beta1, beta2 }),
    };
    this.critic = {
      network: critic,
      optimiser: new Adam(parametersOf(critic), { learningRate: config.critic_learning_rate, beta1, beta2 }),
    };
    this.average = parametersOf(generator).map((array) => array.slice());
    this.heads = headSettings(layout, config);
    this.parameters = { generator: countParameters(generator), critic: countParameters(critic) };
  }

  step(batches: BatchSource, { step, totalSteps }: { step: number; totalSteps: number }): WganGpMetrics {
    const random = Random.of(batches.seed, 'step', step);
    const { critic_steps: criticSteps, gradient_penalty_weight: penaltyWeight } = this.config;
    const rows = batches.batchSize;
    const factor = rateFactor(scheduleOf(this.config), { step, totalSteps });
    const all: CriticLosses[] = [];
    // The generator stands still while the critic learns: one pass makes the rows of all its updates.
    const fakes = generate(this.generator.network, this.noise(criticSteps * rows, random), this.heads, random);
    const fakeSize = fakes.length / criticSteps;
    for (let i = 0; i < criticSteps; i++) {
      const real = batches.read(step * criticSteps + i, random);
      const fake = fakes.subarray(i * fakeSize, (i + 1) * fakeSize);
      const mix = random.fillUniform(new Float32Array(rows), 0, 1);
      all.push(criticStep(this.critic, { real, fake, mix }, { penaltyWeight, rateFactor: factor }));
    }
    const input = { noise: this.noise(rows, random), heads: this.heads, rateFactor: factor };
    const generatorLoss = generatorStep(this.generator, this.critic.network, input, random);
    this.moveAverage();
    return metricsOf(all, generatorLoss);
  }

  private noise(rows: number, random: Random): Float32Array {
    return random.fillNormal(new Float32Array(rows * this.config.latent_dim));
  }

  /** A running mean that forgets its beginning: while few steps are done, it keeps less of the past. */
  private moveAverage(): void {
    const done = this.generator.optimiser.steps;
    const kept = Math.min(this.config.generator_average, done / (done + 10));
    parametersOf(this.generator.network).forEach((values, index) => {
      const average = this.average[index] ?? values;
      for (let i = 0; i < values.length; i++) {
        average[i] = kept * (average[i] as number) + (1 - kept) * (values[i] as number);
      }
    });
  }

  getState(): ModelState {
    return Object.fromEntries(this.arrays().map(([name, array]) => [name, array.slice()]));
  }

  setState(state: ModelState): void {
    for (const [name, array] of this.arrays()) array.set(stateArray(state, name, array.length));
    this.generator.optimiser.steps = stateArray(state, 'generator.updates', 1)[0] ?? 0;
    this.critic.optimiser.steps = stateArray(state, 'critic.updates', 1)[0] ?? 0;
  }

  private arrays(): [string, Float32Array][] {
    const ofNetwork = (name: string, { network, optimiser }: Trained): [string, Float32Array][] => [
      ...named(name, parametersOf(network)),
      ...named(`${name}.first_moment`, optimiser.firstMoments),
      ...named(`${name}.second_moment`, optimiser.secondMoments),
      [`${name}.updates`, Float32Array.of(optimiser.steps)],
    ];
    return [
      ...ofNetwork('generator', this.generator),
      ...ofNetwork('critic', this.critic),
      ...named(averageName, this.average),
    ];
  }
}

const averageName = 'generator.average';

function named(prefix: string, arrays: Float32Array[]): [string, Float32Array][] {
  return arrays.map((array, index) => [`${prefix}.${index}`, array]);
}

function stateArray(state: ModelState, name: string, length: number): Float32Array {
  const array = state[name];
  if (array?.length !== length) {
    throw new Error(`the checkpoint holds ${array?.length ?? 'no'} numbers as ${name}, the model needs ${length}`);
  }
  return array;
}

function metricsOf(critic: CriticLosses[], generatorLoss: number): WganGpMetrics {
  const mean = (pick: (losses: CriticLosses) => number) =>
    critic.reduce((sum, losses) => sum + pick(losses), 0) / critic.length;
  return {
    generator_loss: generatorLoss,
    discriminator_loss: mean(({ loss }) => loss),
    real_scores: mean(({ realScore }) => realScore),
    fake_scores: mean(({ fakeScore }) => fakeScore),
    gradient_penalty: mean(({ gradientPenalty }) => gradientPenalty),
    gradient_norm: mean(({ gradientNorm }) => gradientNorm),
    wasserstein_estimate: mean(({ realScore, fakeScore }) => realScore - fakeScore),
  };
}

/** A sampler with the averaged generator of a checkpoint, or with its last weights where averaging is off. */
export function wganGpSampler(layout: Layout, config: WganGpConfig, state: ModelState): Sampler<Float32Array> {
  const generator = buildGenerator(layout, config, new Random([1, 2, 3, 4]));
  const prefix = config.generator_average > 0 ? averageName : 'generator';
  for (const [name, array] of named(prefix, parametersOf(generator))) array.set(stateArray(state, name, array.length));
  const heads = headSettings(layout, config);
  return {
    sample: (rows, random) =>
      generate(generator, random.fillNormal(new Float32Array(rows * config.latent_dim)), heads, random),
  };
}
