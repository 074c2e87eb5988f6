import * as tf from '@tensorflow/tfjs';
import type { GanPlan } from '../engine';
import { criticScores } from './gan-critic';
import { columnMeans, scalarOf, softplus } from './operations';

/** What one update was made of, by the names of the metrics. */
export type LossParts = Record<string, number>;

export interface CriticInput {
  /** Real and generated rows with their conditions, packed: `[groups, pac · (width + condition width)]`. */
  real: tf.Tensor2D;
  fake: tf.Tensor2D;
  /** Where between fake (0) and real (1) the slope is taken, one a group: `[groups, 1]`. */
  mix: tf.Tensor2D;
  /** Dropout masks of the passes of real, generated and mixed rows. */
  masks: { real: Float32Array[]; fake: Float32Array[]; mixed: Float32Array[] };
}

/** Keeps the derivative of a root finite. */
const smallest = 1e-12;

/**
 * The loss of the critic (Gulrajani et al. 2017, algorithm 1; the penalty is on a whole group, Lin et al. 2018) or of
 * the discriminator (Goodfellow et al. 2014, with a smoothed label for real rows).
 *
 * @param onParts told what the loss is made of
 */
export function criticLoss(
  plan: GanPlan,
  parameters: readonly tf.Tensor[],
  input: CriticInput,
  onParts: (parts: LossParts) => void,
): tf.Scalar {
  const real = criticScores(plan.shape, parameters, input.real, input.masks.real).scores;
  const fake = criticScores(plan.shape, parameters, input.fake, input.masks.fake).scores;
  return plan.shape.loss === 'wasserstein'
    ? wassersteinLoss(plan, parameters, { ...input, realScores: real, fakeScores: fake }, onParts)
    : discriminatorLoss(plan.training.realLabel, real, fake, onParts);
}

function wassersteinLoss(
  { shape, training }: GanPlan,
  parameters: readonly tf.Tensor[],
  input: CriticInput & { realScores: tf.Tensor2D; fakeScores: tf.Tensor2D },
  onParts: (parts: LossParts) => void,
): tf.Scalar {
  const { real, fake, mix, masks } = input;
  const mixed: tf.Tensor2D = tf.add(fake, tf.mul(tf.sub(real, fake), mix));
  const scoreOf = (rows: tf.Tensor) => tf.sum(criticScores(shape, parameters, rows as tf.Tensor2D, masks.mixed).scores);
  const slopes = tf.grad(scoreOf)(mixed);
  const norms = tf.sqrt(tf.add(tf.sum(tf.square(slopes), 1), smallest));
  const penalty = tf.mul(tf.mean(tf.square(tf.sub(norms, 1))), training.gradientPenaltyWeight);
  const realScore = tf.mean(input.realScores);
  const fakeScore = tf.mean(input.fakeScores);
  const loss: tf.Scalar = tf.add(tf.sub(fakeScore, realScore), penalty);
  onParts({
    discriminator_loss: scalarOf(loss),
    real_scores: scalarOf(realScore),
    fake_scores: scalarOf(fakeScore),
    wasserstein_estimate: scalarOf(realScore) - scalarOf(fakeScore),
    gradient_penalty: scalarOf(penalty),
    gradient_norm: scalarOf(tf.mean(norms)),
  });
  return loss;
}

function discriminatorLoss(
  realLabel: number,
  real: tf.Tensor2D,
  fake: tf.Tensor2D,
  onParts: (parts: LossParts) => void,
): tf.Scalar {
  const realLoss = tf.add(tf.mul(softplus(tf.neg(real)), realLabel), tf.mul(softplus(real), 1 - realLabel));
  const fakeLoss = softplus(fake);
  const loss: tf.Scalar = tf.add(tf.mean(realLoss), tf.mean(fakeLoss));
  const rightly = tf.add(tf.mean(tf.step(real)), tf.mean(tf.step(tf.neg(fake))));
  onParts({
    discriminator_loss: scalarOf(loss),
    real_scores: scalarOf(tf.mean(tf.sigmoid(real))),
    fake_scores: scalarOf(tf.mean(tf.sigmoid(fake))),
    discriminator_accuracy: scalarOf(rightly) / 2,
  });
  return loss;
}

/** What the generator is told of its rows: -mean(score), or -mean(ln D). */
export function adversarialLoss({ shape }: GanPlan, scores: tf.Tensor2D): tf.Scalar {
  return shape.loss === 'wasserstein' ? tf.neg(tf.mean(scores)) : tf.mean(softplus(tf.neg(scores)));
}

/**
 * The information loss (Zhao et al. 2022): how far the means and the standard deviations of the critic's
 * last hidden layer lie apart between real and generated rows, mean over its units.
 */
export function informationLoss(real: tf.Tensor2D, fake: tf.Tensor2D): tf.Scalar {
  const [a, b] = [momentsOf(real), momentsOf(fake)];
  return tf.add(tf.mean(tf.abs(tf.sub(a.mean, b.mean))), tf.mean(tf.abs(tf.sub(a.std, b.std))));
}

function momentsOf(features: tf.Tensor2D): { mean: tf.Tensor; std: tf.Tensor } {
  const mean = columnMeans(features);
  const variance = columnMeans(tf.square(tf.sub(features, mean)));
  return { mean, std: tf.sqrt(tf.add(variance, smallest)) };
}
