import * as tf from '@tensorflow/tfjs';
import { conditionsOf } from '../../data/conditions';
import type { Random } from '../../random/random';
import type { RowLayout } from '../gan-shape';
import { columnParts } from './operations';

/** Gumbel noise for every place of a batch of rows (numbers do not use theirs). `[rows, width]` */
export function gumbelNoise(rows: number, width: number, random: Random): Float32Array {
  const noise = new Float32Array(rows * width);
  for (let i = 0; i < noise.length; i++) noise[i] = random.gumbel();
  return noise;
}

/**
 * Encoded rows of what the generator's last layer gives: tanh for numbers, soft Gumbel softmax (Jang et al. 2017) for
 * choices.
 *
 * @param logits `[rows, width]`
 * @param noise `[rows, width]`
 */
export function applyHeads(
  logits: tf.Tensor2D,
  noise: tf.Tensor2D,
  { spans }: RowLayout,
  temperature: number,
): tf.Tensor2D {
  const widths = spans.map(widthOf);
  const noisy = columnParts(tf.div(tf.add(logits, noise), temperature), widths);
  const parts = columnParts(logits, widths).map((part, index) => {
    const soft = noisy[index];
    return spans[index]?.kind === 'choice' && soft ? tf.softmax(soft) : tf.tanh(part);
  });
  return tf.concat2d(parts, 1);
}

/**
 * Cross-entropy of the conditioned slots against the raw logits of their own column, mean over the batch (Xu et al.
 * 2019, section 4.3). Rows without a condition add nothing.
 *
 * @param logits `[rows, width]`
 * @param conditions `[rows, condition width]`, one-hot or zero
 */
export function conditionEntropy(logits: tf.Tensor2D, conditions: tf.Tensor2D, layout: RowLayout): tf.Scalar {
  const parts = conditionsOf(layout).map(({ start, rowStart, width }) => {
    const chosen = tf.slice2d(conditions, [0, start], [-1, width]);
    const ownLogits = tf.slice2d(logits, [0, rowStart], [-1, width]);
    return tf.sum(tf.mul(chosen, tf.logSoftmax(ownLogits)));
  });
  if (parts.length === 0) return tf.scalar(0);
  return tf.neg(tf.div(tf.addN(parts), logits.shape[0]));
}

function widthOf(span: RowLayout['spans'][number]): number {
  return span.kind === 'number' ? 1 : span.width;
}
