import { criticBlocks } from './critic-forward';
import type { Core, NetworkMemory } from './core';
import { lastOf } from './last-of';

/** Means over the groups of one critic update, before it. */
export interface CriticMeasures {
  /** Mean scores of real and of generated groups; with `non_saturating` the probability to be real. */
  realScore: number;
  fakeScore: number;
  /** `realScore - fakeScore`; this and the next two are absent with `non_saturating`. */
  wassersteinEstimate?: number;
  /** With its weight. */
  gradientPenalty?: number;
  /** Mean norm of the critic's slope between real and generated groups. */
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
  /** Cross-entropy of the classifier on generated rows, without its weight; absent without a classifier. */
  classification?: number;
  generatorLoss: number;
}

/** Of the classifier's update, before it; absent without a classifier. */
export interface ClassifierMeasures {
  /** Cross-entropy on real rows. */
  classifierLoss?: number;
}

/** Of the last update of a network: Euclidean norms over all its parameters. */
export interface NetworkNorms {
  gradient: number;
  /** Norm of the update / norm of the weights. */
  updateRatio: number;
}

export type StepMeasures = CriticMeasures &
  ClassifierMeasures &
  GeneratorMeasures & {
    /** Drawing and noise, critic, generator. */
    milliseconds: { data: number; critic: number; generator: number };
    norms: { critic: NetworkNorms; generator: NetworkNorms };
  };

export function criticMeasures(core: Core): CriticMeasures {
  const { groups, scores, norms } = core.criticBuffers;
  const blocks = criticBlocks(core.criticNetwork, groups);
  const fake = core.runtime.floatsAt(scores, groups);
  const real = core.runtime.floatsAt(scores + 4 * blocks.real, groups);
  if (core.shape.loss === 'non_saturating') return discriminatorMeasures(real, fake, core.settings.realTarget);
  const slopes = core.runtime.floatsAt(norms, groups);
  const wassersteinEstimate = mean(real) - mean(fake);
  const gradientPenalty = core.settings.gradientPenaltyWeight * mean(slopes, (norm) => (norm - 1) ** 2);
  return {
    realScore: mean(real),
    fakeScore: mean(fake),
    wassersteinEstimate,
    gradientPenalty,
    slope: mean(slopes),
    discriminatorLoss: gradientPenalty - wassersteinEstimate,
  };
}

function discriminatorMeasures(real: Float32Array, fake: Float32Array, target: number): CriticMeasures {
  const ofReal = mean(real, (score) => target * softplus(-score) + (1 - target) * softplus(score));
  return {
    realScore: mean(real, sigmoid),
    fakeScore: mean(fake, sigmoid),
    accuracy: (mean(real, (score) => Number(score > 0)) + mean(fake, (score) => Number(score < 0))) / 2,
    discriminatorLoss: ofReal + mean(fake, softplus),
  };
}

export function generatorMeasures(core: Core): GeneratorMeasures {
  const { shape, settings } = core;
  const scores = core.runtime.floatsAt(core.criticBuffers.scores, core.criticBuffers.groups);
  const adversarialLoss = shape.loss === 'wasserstein' ? -mean(scores) : mean(scores, (score) => softplus(-score));
  let generatorLoss = adversarialLoss;
  const parts: { crossEntropy?: number; featureMatch?: number; classification?: number } = {};
  if (core.generatorNetwork.categories > 0) {
    parts.crossEntropy = mean(core.runtime.floatsAt(core.generatorGradients.conditionLoss, settings.batchSize));
    generatorLoss += settings.conditionWeight * parts.crossEntropy;
  }
  if (settings.featureMatchWeight > 0) {
    parts.featureMatch = mean(core.runtime.floatsAt(core.criticBuffers.featureLoss, lastOf(shape.critic.layers)));
    generatorLoss += settings.featureMatchWeight * parts.featureMatch;
  }
  if (core.classifier && shape.classifier) {
    const { loss, rows } = core.classifier.buffers;
    parts.classification = mean(core.runtime.floatsAt(loss, rows));
    generatorLoss += shape.classifier.weight * parts.classification;
  }
  return { adversarialLoss, ...parts, generatorLoss };
}

export function classifierMeasures({ classifier, runtime }: Core): ClassifierMeasures {
  return classifier ? { classifierLoss: mean(runtime.floatsAt(classifier.buffers.loss, classifier.buffers.rows)) } : {};
}

export function networkNorms(core: Core, { norms, parameters }: NetworkMemory): NetworkNorms {
  const sums: [number, number, number] = [0, 0, 0];
  const chunks = core.runtime.floatsAt(norms, 3 * Math.ceil(parameters.size / 4096));
  chunks.forEach((value, i) => (sums[(i % 3) as 0 | 1 | 2] += value));
  const [gradients, updates, weights] = sums;
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

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
