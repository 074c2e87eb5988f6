import type { Core, NetworkMemory } from './core';
import { criticBlocks } from './critic-network';

/** Means over the groups of one critic update, before it. */
export interface CriticMeasures {
  /** Mean scores of real and of generated groups: the critic's outputs, as logits with `non_saturating`. */
  realScore: number;
  fakeScore: number;
  /** `realScore - fakeScore`. */
  wassersteinEstimate: number;
  /** With its weight; absent with `non_saturating`. */
  gradientPenalty?: number;
  /** Mean norm of the critic's slope between real and generated groups; absent with `non_saturating`. */
  slope?: number;
  /** Share of real and generated groups that are told apart; absent with `wasserstein`. */
  accuracy?: number;
  discriminatorLoss: number;
}

/** Means over the rows of the generator's update, before it. */
export interface GeneratorMeasures {
  /** What the critic's scores contribute. */
  adversarialLoss: number;
  /** Cross-entropy of conditioned choices, without its weight; absent without conditions. */
  crossEntropy?: number;
  /** Information loss, without its weight; absent where it is off. */
  featureMatch?: number;
  generatorLoss: number;
}

/** Of the last update of a network: Euclidean norms over all its parameters. */
export interface NetworkNorms {
  gradient: number;
  /** Norm of the update / norm of the weights. */
  updateRatio: number;
}

export type StepMeasures = CriticMeasures &
  GeneratorMeasures & {
    /** Drawing and noise, critic, generator. */
    milliseconds: { data: number; critic: number; generator: number };
    /** Present where the step was asked for them. */
    norms?: { critic: NetworkNorms; generator: NetworkNorms };
  };

export function criticMeasures(core: Core): CriticMeasures {
  const { groups, scores, norms } = core.criticBuffers;
  const blocks = criticBlocks(core.criticNetwork, groups);
  const fake = core.runtime.floatsAt(scores, groups);
  const real = core.runtime.floatsAt(scores + 4 * blocks.real, groups);
  const common = {
    realScore: mean(real),
    fakeScore: mean(fake),
    wassersteinEstimate: mean(real) - mean(fake),
  };
  if (core.shape.loss === 'non_saturating') {
    const target = core.settings.realTarget;
    const ofReal = mean(real, (score) => target * softplus(-score) + (1 - target) * softplus(score));
    const accuracy = (mean(real, (score) => Number(score > 0)) + mean(fake, (score) => Number(score < 0))) / 2;
    return { ...common, accuracy, discriminatorLoss: ofReal + mean(fake, softplus) };
  }
  const slopes = core.runtime.floatsAt(norms, groups);
  const gradientPenalty = core.settings.gradientPenaltyWeight * mean(slopes, (norm) => (norm - 1) ** 2);
  return {
    ...common,
    gradientPenalty,
    slope: mean(slopes),
    discriminatorLoss: gradientPenalty - common.wassersteinEstimate,
  };
}

export function generatorMeasures(core: Core): GeneratorMeasures {
  const { shape, settings } = core;
  const scores = core.runtime.floatsAt(core.criticBuffers.scores, core.criticBuffers.groups);
  const adversarialLoss = shape.loss === 'wasserstein' ? -mean(scores) : mean(scores, (score) => softplus(-score));
  let generatorLoss = adversarialLoss;
  const parts: { crossEntropy?: number; featureMatch?: number } = {};
  if (core.generatorNetwork.categories > 0) {
    parts.crossEntropy = mean(core.runtime.floatsAt(core.generatorGradients.conditionLoss, settings.batchSize));
    generatorLoss += settings.conditionWeight * parts.crossEntropy;
  }
  if (settings.featureMatchWeight > 0) {
    parts.featureMatch = mean(
      core.runtime.floatsAt(core.criticBuffers.featureLoss, shape.critic.layers.at(-1) as number),
    );
    generatorLoss += settings.featureMatchWeight * parts.featureMatch;
  }
  return { adversarialLoss, ...parts, generatorLoss };
}

export function networkNorms(core: Core, { norms, parameters }: NetworkMemory): NetworkNorms {
  const sums = [0, 0, 0];
  const from = norms >> 3;
  const chunks = Math.ceil(parameters.size / 4096);
  for (let i = 0; i < 3 * chunks; i++) {
    sums[i % 3] = (sums[i % 3] as number) + (core.runtime.doubles[from + i] as number);
  }
  const [gradients, updates, weights] = sums as [number, number, number];
  return { gradient: Math.sqrt(gradients), updateRatio: Math.sqrt(updates / weights) };
}

/** Means over several critic updates, of each measure. */
export function meanMeasures(all: readonly [CriticMeasures, ...CriticMeasures[]]): CriticMeasures {
  const names = Object.keys(all[0]) as (keyof CriticMeasures)[];
  const means = { ...all[0] };
  for (const name of names) means[name] = all.reduce((sum, one) => sum + (one[name] ?? 0), 0) / all.length;
  return means;
}

function mean(values: Float32Array, of: (value: number) => number = (value) => value): number {
  let sum = 0;
  for (const value of values) sum += of(value);
  return sum / values.length;
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
