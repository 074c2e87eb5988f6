import * as tf from '@tensorflow/tfjs';
import { backward, columnSums, download, forward, upload, weightGradient } from './layers';
import type { LayerTensors } from './layers';
import type { Network } from './network';

export interface CriticBatch {
  /** `[rows, width]`: real rows, encoded. */
  real: Float32Array;
  /** `[rows, width]`: generated rows, encoded. */
  fake: Float32Array;
  /** `[rows]`: where between fake (0) and real (1) the slope of the critic is taken. */
  mix: Float32Array;
}

/** Means over a batch. `loss = fakeScore - realScore + gradientPenalty`. */
export interface CriticLosses {
  loss: number;
  realScore: number;
  fakeScore: number;
  /** Weighted: λ · mean((‖∇‖ - 1)²). */
  gradientPenalty: number;
  /** Mean slope of the critic between real and generated rows; held near 1. */
  gradientNorm: number;
}

/** Keeps the direction of a vanishing slope finite. */
const smallestNorm = 1e-12;

/**
 * The loss of the critic and its gradient for every parameter (Gulrajani et al. 2017, algorithm 1).
 *
 * LeakyReLU is piecewise linear, so the penalty's second derivative needs only the slopes of the first: with
 * δ the gradient of the score inside the network, the input gradient is g = δ₁ · W₁ᵀ. The penalty's gradient for g,
 * s = 2λ/n · (‖g‖ - 1)/‖g‖ · g, runs forward through the same weights and slopes (t₀ = s, tₗ = slopeₗ ∘ (tₗ₋₁ · Wₗ)),
 * and each weight gains tₗ₋₁ᵀ · δₗ. Real, generated and mixed rows are stacked, so that a layer costs one product.
 *
 * @param weight λ, the weight of the penalty
 */
export function criticGradients(
  critic: Network,
  batch: CriticBatch,
  weight: number,
): { losses: CriticLosses; gradients: Float32Array[] } {
  const width = critic[0]?.inputs ?? 0;
  const rows = batch.mix.length;
  if (batch.real.length !== rows * width || batch.fake.length !== rows * width) {
    throw new RangeError(`a critic batch needs ${rows} x ${width} real and generated numbers`);
  }
  const result: { losses: CriticLosses; gradients: Float32Array[] }[] = [];
  tf.tidy(() => {
    const layers = upload(critic);
    const pass = forward(layers, stackRows(batch, rows, width));
    const deltas = backward(layers, pass, scoreGradient(rows));
    const penalty = penaltySweep(layers, { rows, slopes: pass.slopes, deltas, weight });
    const gradients = layers.flatMap((_, index) => {
      const [input, delta, tangent] = [pass.inputs[index], deltas[index], penalty.tangents[index]];
      if (!input || !delta || !tangent) throw new RangeError('each layer has an input, a gradient and a tangent');
      // Mixed rows reach the loss through the penalty alone: their own activations give way to the tangents.
      const left = tf.concat([tf.slice2d(input, [0, 0], [2 * rows, -1]), tangent], 0);
      const plain = tf.slice2d(delta, [0, 0], [2 * rows, -1]);
      return [download(weightGradient(left, delta)), download(columnSums(plain))];
    });
    result.push({ losses: lossesOf(download(pass.output), penalty.norms, weight), gradients });
  });
  const [first] = result;
  if (!first) throw new Error('the critic step gave no result');
  return first;
}

/** Real, generated and mixed rows, one below the other: `[3 · rows, width]`. */
function stackRows(batch: CriticBatch, rows: number, width: number): tf.Tensor2D {
  const real = tf.tensor2d(batch.real, [rows, width]);
  const fake = tf.tensor2d(batch.fake, [rows, width]);
  const mixed: tf.Tensor2D = tf.add(fake, tf.mul(tf.sub(real, fake), tf.tensor2d(batch.mix, [rows, 1])));
  return tf.concat2d([real, fake, mixed], 0);
}

/** Gradient of the loss for real and generated scores; of the score itself for mixed rows. `[3 · rows, 1]` */
function scoreGradient(rows: number): tf.Tensor2D {
  const gradient = new Float32Array(3 * rows).fill(1);
  gradient.fill(-1 / rows, 0, rows);
  gradient.fill(1 / rows, rows, 2 * rows);
  return tf.tensor2d(gradient, [3 * rows, 1]);
}

interface PenaltyInput {
  rows: number;
  slopes: tf.Tensor2D[];
  deltas: tf.Tensor2D[];
  weight: number;
}

function penaltySweep(layers: readonly LayerTensors[], { rows, slopes, deltas, weight }: PenaltyInput) {
  const [first, delta] = [layers[0], deltas[0]];
  if (!first || !delta) throw new RangeError('a critic has at least one layer');
  const mixedRows = (matrix: tf.Tensor2D) => tf.slice2d(matrix, [2 * rows, 0], [rows, -1]);
  const inputGradient = tf.matMul(mixedRows(delta), tf.transpose(first.weight));
  const norm = tf.sqrt(tf.add(tf.sum(tf.square(inputGradient), 1, true), smallestNorm));
  const factor = tf.mul(tf.div(tf.sub(norm, 1), norm), (2 * weight) / rows);
  let tangent: tf.Tensor2D = tf.mul(inputGradient, factor);
  const tangents = [tangent];
  slopes.forEach((slope, index) => {
    const layer = layers[index];
    if (!layer) throw new RangeError('each slope belongs to a layer');
    tangent = tf.mul(tf.matMul(tangent, layer.weight), mixedRows(slope));
    tangents.push(tangent);
  });
  return { tangents, norms: download(norm) };
}

function lossesOf(scores: Float32Array, norms: Float32Array, weight: number): CriticLosses {
  const rows = norms.length;
  const realScore = mean(scores.subarray(0, rows));
  const fakeScore = mean(scores.subarray(rows, 2 * rows));
  const gradientPenalty = weight * mean(norms.map((norm) => (norm - 1) ** 2));
  const gradientNorm = mean(norms);
  return { loss: fakeScore - realScore + gradientPenalty, realScore, fakeScore, gradientPenalty, gradientNorm };
}

export function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
