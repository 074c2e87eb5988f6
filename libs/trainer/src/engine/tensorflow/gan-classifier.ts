import * as tf from '@tensorflow/tfjs';
import type { Random } from '../../random/random';
import { classifierPlaces } from '../gan-shape';
import type { ClassifierShape, GanShape } from '../gan-shape';
import { hiddenMasks } from './gan-critic';
import { leakyRelu, linear } from './operations';
import { download, linearParameters } from './parameters';
import type { Parameter } from './parameters';

/** The network of the target loss; none where the shape has none. */
export function buildClassifier(shape: GanShape, random: Random): Parameter[] {
  const { classifier, layout } = shape;
  if (!classifier) return [];
  const widths = [layout.width, ...classifier.layers, classifierPlaces(shape, classifier).target.width];
  return widths
    .slice(1)
    .flatMap((units, index) => linearParameters(`classifier.${index}`, widths[index] ?? 0, units, random));
}

/** Dropout masks of one pass of a batch. */
export function classifierMasks({ layers, dropout }: ClassifierShape, rows: number, random: Random): Float32Array[] {
  return hiddenMasks(layers, { dropout, rows }, random);
}

/**
 * Cross-entropy of what the classifier says of rows whose target column it does not see, against their target, which
 * gets no gradient; mean over the rows.
 *
 * @param rows `[rows, layout.width]`
 * @param masks of the hidden layers; none: nothing is dropped
 */
export function targetEntropy(
  shape: GanShape,
  parameters: readonly tf.Tensor[],
  rows: tf.Tensor2D,
  masks: readonly Float32Array[],
): tf.Scalar {
  const { classifier, layout, critic } = shape;
  if (!classifier) throw new RangeError('a GAN without a classifier has no target loss');
  const { target, column } = classifierPlaces(shape, classifier);
  const count = rows.shape[0];
  const shares = download(tf.slice2d(rows, [0, target.start], [-1, target.width]));
  const seen = new Float32Array(layout.width).fill(1).fill(0, column.start, column.start + column.width);
  const each = parameters[Symbol.iterator]();
  const next = () => each.next().value as tf.Tensor;
  let current: tf.Tensor2D = tf.mul(rows, tf.tensor2d(seen, [1, layout.width]));
  classifier.layers.forEach((units, index) => {
    current = leakyRelu(linear(current, next(), next()), critic.leak);
    const mask = masks[index];
    if (mask) current = tf.mul(current, tf.tensor2d(mask, [count, units]));
  });
  const logits = linear(current, next(), next());
  const agreed = tf.mul(tf.tensor2d(shares, [count, target.width]), tf.logSoftmax(logits));
  return tf.neg(tf.div(tf.sum(agreed), count));
}
