import * as tf from '@tensorflow/tfjs';
import { conditionWidth } from '../../data/conditions';
import type { Random } from '../../random/random';
import type { GanShape } from '../gan-shape';
import { beside, columnMeans, linear } from './operations';
import { linearParameters, vectorParameter } from './parameters';
import type { Parameter } from './parameters';

/** Batch norm as Ioffe and Szegedy 2015; the share of a new batch in the running statistics. */
const normEpsilon = 1e-5;
const normMomentum = 0.1;

export interface Generator {
  parameters: Parameter[];
  /** Running mean and variance of each batch norm, which samples are made with. */
  statistics: Parameter[];
}

export function buildGenerator(shape: GanShape, random: Random): Generator {
  const { layers, kind } = shape.generator;
  const parameters: Parameter[] = [];
  const statistics: Parameter[] = [];
  let width = shape.latentDim + conditionWidth(shape.layout);
  layers.forEach((units, index) => {
    parameters.push(...linearParameters(`generator.${index}`, width, units, random));
    if (kind === 'residual') {
      parameters.push(vectorParameter(`generator.${index}.scale`, units, 1));
      parameters.push(vectorParameter(`generator.${index}.shift`, units, 0));
      statistics.push(vectorParameter(`generator.${index}.running_mean`, units, 0));
      statistics.push(vectorParameter(`generator.${index}.running_variance`, units, 1));
    }
    width = kind === 'residual' ? width + units : units;
  });
  parameters.push(...linearParameters(`generator.${layers.length}`, width, shape.layout.width, random));
  return { parameters, statistics };
}

/** Mean and variance by which each batch norm goes: given, or (in training) those of the batch. */
export type NormStatistics = readonly tf.Tensor[] | 'batch';

/**
 * The generator up to its last linear layer.
 *
 * @param parameters in the order of `buildGenerator`
 * @param input noise and conditions, `[rows, latent_dim + condition width]`
 * @param onBatch told the mean and the variance of each batch norm, `[1, units]` each
 * @returns logits `[rows, layout.width]`
 */
export function generatorLogits(
  { generator }: Pick<GanShape, 'generator'>,
  parameters: readonly tf.Tensor[],
  input: tf.Tensor2D,
  norm: { statistics: NormStatistics; onBatch?: (mean: tf.Tensor, variance: tf.Tensor) => void },
): tf.Tensor2D {
  const each = parameters[Symbol.iterator]();
  const next = () => each.next().value as tf.Tensor;
  let current = input;
  generator.layers.forEach((_, index) => {
    const hidden = linear(current, next(), next());
    if (generator.kind === 'plain') {
      current = tf.relu(hidden);
      return;
    }
    const given = norm.statistics === 'batch' ? undefined : norm.statistics.slice(2 * index, 2 * index + 2);
    const normed = normalise(hidden, given, norm.onBatch);
    current = beside(tf.relu(tf.add(tf.mul(normed, next()), next())), current);
  });
  return linear(current, next(), next());
}

function normalise(
  hidden: tf.Tensor2D,
  given: readonly tf.Tensor[] | undefined,
  onBatch?: (mean: tf.Tensor, variance: tf.Tensor) => void,
): tf.Tensor2D {
  const mean = given?.[0] ?? columnMeans(hidden);
  const centred: tf.Tensor2D = tf.sub(hidden, mean);
  const variance = given?.[1] ?? columnMeans(tf.square(centred));
  if (!given) onBatch?.(mean, variance);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, normEpsilon)));
}

/** Moves the running statistics towards those of a batch; the variance as that of the population (n / (n - 1)). */
export function moveStatistics(statistics: readonly Parameter[], batch: readonly Float32Array[], rows: number): void {
  statistics.forEach(({ values }, index) => {
    const factor = index % 2 === 1 && rows > 1 ? rows / (rows - 1) : 1;
    const measured = batch[index];
    if (measured?.length !== values.length) throw new RangeError('a batch norm was not measured');
    for (let i = 0; i < values.length; i++) {
      values[i] = (1 - normMomentum) * (values[i] as number) + normMomentum * factor * (measured[i] as number);
    }
  });
}
