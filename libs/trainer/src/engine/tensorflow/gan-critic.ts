import * as tf from '@tensorflow/tfjs';
import { conditionWidth } from '../../data/conditions';
import type { Random } from '../../random/random';
import type { GanShape } from '../gan-shape';
import { leakyRelu, linear } from './operations';
import { linearParameters } from './parameters';
import type { Parameter } from './parameters';

export function buildCritic({ layout, critic }: GanShape, random: Random): Parameter[] {
  let width = critic.pac * (layout.width + conditionWidth(layout));
  const hidden = critic.layers.flatMap((units, index) => {
    const layer = linearParameters(`critic.${index}`, width, units, random);
    width = units;
    return layer;
  });
  return [...hidden, ...linearParameters(`critic.${critic.layers.length}`, width, 1, random)];
}

/** What is dropped in one pass of a batch: for each hidden layer 0 or 1 / (1 - dropout) for each unit. */
export function dropoutMasks({ critic }: GanShape, groups: number, random: Random): Float32Array[] {
  return hiddenMasks(critic.layers, { dropout: critic.dropout, rows: groups }, random);
}

/** For each layer `[rows, units]`; none where nothing is dropped. */
export function hiddenMasks(
  layers: readonly number[],
  { dropout, rows }: { dropout: number; rows: number },
  random: Random,
): Float32Array[] {
  if (dropout === 0) return [];
  const kept = 1 / (1 - dropout);
  return layers.map((units) =>
    Float32Array.from({ length: rows * units }, () => (random.uniform() < dropout ? 0 : kept)),
  );
}

/**
 * Scores of groups of rows.
 *
 * @param input rows and their conditions, `pac` of them side by side: `[groups, pac · (width + condition width)]`
 * @param masks of the hidden layers; none: nothing is dropped
 * @returns the scores `[groups, 1]` and the last hidden layer `[groups, units]`
 */
export function criticScores(
  { critic }: Pick<GanShape, 'critic'>,
  parameters: readonly tf.Tensor[],
  input: tf.Tensor2D,
  masks: readonly Float32Array[],
): { scores: tf.Tensor2D; features: tf.Tensor2D } {
  const each = parameters[Symbol.iterator]();
  const next = () => each.next().value as tf.Tensor;
  let current = input;
  critic.layers.forEach((units, index) => {
    current = leakyRelu(linear(current, next(), next()), critic.leak);
    const mask = masks[index];
    if (mask) current = tf.mul(current, tf.tensor2d(mask, [input.shape[0], units]));
  });
  return { scores: linear(current, next(), next()), features: current };
}

/** Puts `pac` rows that follow each other side by side: `[rows / pac, pac · width]`. */
export function pack(rows: tf.Tensor2D, pac: number): tf.Tensor2D {
  return tf.reshape(rows, [rows.shape[0] / pac, rows.shape[1] * pac]);
}
