import * as tf from '@tensorflow/tfjs';
import { leakySlope } from './network';
import type { Dense, Network } from './network';

/**
 * The matrix operations that both networks share, and their gradients by hand.
 *
 * Why by hand: TensorFlow.js's own gradient of a matrix product transposes inside the product, which its
 * WebAssembly backend computes about 14 times slower than a plain product of a transposed copy; and its
 * second-order gradients are wrong for some activations. Everything here is a plain product.
 */
export interface LayerTensors {
  weight: tf.Tensor2D;
  bias: tf.Tensor1D;
}

export function upload(network: Network): LayerTensors[] {
  return network.map(({ inputs, outputs, weight, bias }: Dense) => ({
    weight: tf.tensor2d(weight, [inputs, outputs]),
    bias: tf.tensor1d(bias),
  }));
}

export interface Forward {
  /** Input of each layer: `inputs[0]` is the network's own, `[rows, units]`. */
  inputs: tf.Tensor2D[];
  /** Slope of each hidden layer's LeakyReLU where it stands: 1 or 0.2, `[rows, units]`. */
  slopes: tf.Tensor2D[];
  /** What the last, linear layer gives: `[rows, outputs]`. */
  output: tf.Tensor2D;
}

export function forward(layers: readonly LayerTensors[], input: tf.Tensor2D): Forward {
  const inputs = [input];
  const slopes: tf.Tensor2D[] = [];
  let current = input;
  layers.forEach(({ weight, bias }, index) => {
    current = tf.add(tf.matMul(current, weight), bias);
    if (index === layers.length - 1) return;
    const slope = tf.step(current, leakySlope);
    slopes.push(slope);
    current = tf.mul(current, slope);
    inputs.push(current);
  });
  return { inputs, slopes, output: current };
}

/**
 * Carries the gradient for the output back through the layers.
 *
 * @param outputGradient `[rows, outputs]`
 * @returns the gradient for what each layer gives before its activation, first layer first
 */
export function backward(
  layers: readonly LayerTensors[],
  { slopes }: Pick<Forward, 'slopes'>,
  outputGradient: tf.Tensor2D,
): tf.Tensor2D[] {
  const gradients = [outputGradient];
  let current = outputGradient;
  for (let index = layers.length - 1; index > 0; index--) {
    const [layer, slope] = [layers[index], slopes[index - 1]];
    if (!layer || !slope) throw new RangeError('each hidden layer has slopes');
    current = tf.mul(tf.matMul(current, tf.transpose(layer.weight)), slope);
    gradients.unshift(current);
  }
  return gradients;
}

/** The gradient for a layer's weight: `inputᵀ · gradient`, `[inputs, outputs]`. */
export function weightGradient(input: tf.Tensor2D, gradient: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(tf.transpose(input), gradient);
}

/** The sum of each column, as a product with ones: faster than a reduction over rows. `[1, columns]` */
export function columnSums(matrix: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(tf.ones([1, matrix.shape[0]]), matrix);
}

/** The numbers of a tensor, on this side of the backend. */
export function download(tensor: tf.Tensor): Float32Array {
  const data = tensor.dataSync();
  return data instanceof Float32Array ? data.slice() : Float32Array.from(data);
}
