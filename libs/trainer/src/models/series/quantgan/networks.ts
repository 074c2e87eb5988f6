import * as tf from '@tensorflow/tfjs';
import { beside, leakyRelu, linear } from '../../../engine/tensorflow/operations';
import { linearParameters } from '../../../engine/tensorflow/parameters';
import type { Parameter } from '../../../engine/tensorflow/parameters';
import type { Random } from '../../../random/random';
import { dilations, receptiveField } from './receptive-field';

/** A temporal convolutional network (Wiese et al. 2020, section 3). */
export interface TcnShape {
  inputs: number;
  channels: number;
  outputs: number;
  blocks: number;
}

const leak = 0.2;

export function buildTcn({ inputs, channels, outputs, blocks }: TcnShape, random: Random): Parameter[] {
  const taps = (dilation: number) => (dilation > 0 ? 2 : 1);
  return [
    ...dilations(blocks).flatMap((dilation, block) => [
      ...linearParameters(`block_${block}.first`, taps(dilation) * (block === 0 ? inputs : channels), channels, random),
      ...linearParameters(`block_${block}.second`, taps(dilation) * channels, channels, random),
      ...(block === 0 && inputs !== channels ? linearParameters('block_0.residual', inputs, channels, random) : []),
    ]),
    ...linearParameters('head', channels, outputs, random),
  ];
}

/**
 * Applies a network. Convolutions are products of two slices side by side: TensorFlow.js has no gradient of a dilated
 * one, and its WebAssembly backend none of any.
 *
 * @param input `[times · rows, inputs]`, all rows of a time one after the other
 * @param rows sequences of the batch
 * @returns `[(times - receptive field + 1) · rows, outputs]`: no output sees before the beginning
 */
export function applyTcn(
  { inputs, channels, blocks }: TcnShape,
  parameters: readonly tf.Tensor[],
  input: tf.Tensor2D,
  rows: number,
): tf.Tensor2D {
  const left = [...parameters];
  const take = () => {
    const next = left.shift();
    if (!next) throw new RangeError('the network has too few parameters');
    return next;
  };
  const lastRows = (matrix: tf.Tensor2D, count: number) =>
    tf.slice2d(matrix, [matrix.shape[0] - count, 0], [count, -1]);
  const convolve = (matrix: tf.Tensor2D, dilation: number) => {
    const count = matrix.shape[0] - dilation * rows;
    const seen = dilation > 0 ? beside(lastRows(matrix, count), tf.slice2d(matrix, [0, 0], [count, -1])) : matrix;
    return leakyRelu(linear(seen, take(), take()), leak);
  };
  const outputRows = input.shape[0] - (receptiveField(blocks) - 1) * rows;
  let current = input;
  let skipped: tf.Tensor2D | undefined;
  dilations(blocks).forEach((dilation, block) => {
    const made = convolve(convolve(current, dilation), dilation);
    const before = lastRows(current, made.shape[0]);
    const residual = block === 0 && inputs !== channels ? linear(before, take(), take()) : before;
    current = leakyRelu(tf.add(made, residual), leak);
    const skip = lastRows(current, outputRows);
    skipped = skipped ? tf.add(skipped, skip) : skip;
  });
  if (!skipped) throw new RangeError('a network needs a block');
  // The mean keeps the scale of one block, however many there are.
  return linear(tf.mul(skipped, 1 / blocks), take(), take());
}

/** Swaps rows and times: `[rows, times · width]` to `[times · rows, width]`, or back with the counts swapped. */
export function timesFirst(values: Float32Array, rows: number, width: number): Float32Array {
  const times = values.length / rows / width;
  const target = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let time = 0; time < times; time++) {
      const from = (row * times + time) * width;
      target.set(values.subarray(from, from + width), (time * rows + row) * width);
    }
  }
  return target;
}
