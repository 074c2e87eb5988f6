import * as tf from '@tensorflow/tfjs';

/**
 * Operations whose first and second derivatives TensorFlow.js gets right and all its backends have. Nothing else may
 * stand in a critic whose gradient is penalised: `tf.leakyRelu`, `tf.maximum` and others throw there, and the second
 * derivatives of tanh, sigmoid, softmax and exp are silently wrong where another path exists.
 */

/**
 * `a · b`. Its gradients are products of transposed copies, because the WebAssembly backend transposes inside a
 * product about 14 times slower than that.
 */
export function product(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return differentiableProduct(a, b);
}

const differentiableProduct = tf.customGrad<tf.Tensor2D>((...given) => {
  const [a, b, save] = given as unknown as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
  save([a, b]);
  return {
    value: tf.matMul(a, b),
    gradFunc: (dy: tf.Tensor2D, saved: tf.Tensor[]) => {
      const [left, right] = saved as [tf.Tensor2D, tf.Tensor2D];
      return [product(dy, tf.transpose(right)), product(tf.transpose(left), dy)];
    },
  };
});

/** `input · weight + bias`. */
export function linear(input: tf.Tensor2D, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor2D {
  return tf.add(product(input, weight as tf.Tensor2D), bias);
}

/** LeakyReLU as a product with its slope. */
export function leakyRelu(input: tf.Tensor2D, leak: number): tf.Tensor2D {
  return tf.mul(input, tf.step(input, leak));
}

/** Mean of each column `[1, columns]`, as a product with ones: faster than a reduction over rows. */
export function columnMeans(matrix: tf.Tensor2D): tf.Tensor2D {
  const rows = matrix.shape[0];
  return product(tf.fill([1, rows], 1 / rows), matrix);
}

/** ln(1 + exp(x)) for any x. */
export function softplus(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.relu(x), tf.log(tf.add(tf.exp(tf.neg(tf.abs(x))), 1)));
}

/** Puts tensors of equal rows side by side, leaving out those without columns. */
export function beside(...tensors: tf.Tensor2D[]): tf.Tensor2D {
  const present = tensors.filter(({ shape }) => shape[1] > 0);
  const [only] = present;
  if (!only) throw new RangeError('nothing to put side by side');
  return present.length === 1 ? only : tf.concat2d(present, 1);
}

/** Cuts a matrix into columns of these widths. `tf.split` into a single part has no gradient. */
export function columnParts(matrix: tf.Tensor2D, widths: readonly number[]): tf.Tensor2D[] {
  return widths.length === 1 ? [matrix] : tf.split(matrix, [...widths], 1);
}

export function scalarOf(tensor: tf.Tensor): number {
  return tensor.dataSync()[0] ?? Number.NaN;
}
