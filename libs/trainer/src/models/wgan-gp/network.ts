import type { Random } from '../../random/random';

/** A fully connected layer: `output = input · weight + bias`. */
export interface Dense {
  inputs: number;
  outputs: number;
  /** `[inputs, outputs]`, row by row. */
  weight: Float32Array;
  /** `[outputs]` */
  bias: Float32Array;
}

/** A multilayer perceptron: hidden layers with LeakyReLU, a linear last one. */
export type Network = Dense[];

/** Slope of LeakyReLU below zero, in both networks. */
export const leakySlope = 0.2;

/**
 * A network with weights uniform over ±sqrt(6 / ((1 + slope²) · inputs)) before LeakyReLU (He et al. 2015) and
 * ±1 / sqrt(inputs) in the last layer; biases are zero.
 *
 * @param sizes units from the input to the output, at least two
 */
export function buildNetwork(sizes: readonly number[], random: Random): Network {
  return sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index] ?? 0;
    const isLast = index === sizes.length - 2;
    const limit = isLast ? 1 / Math.sqrt(inputs) : Math.sqrt(6 / ((1 + leakySlope ** 2) * inputs));
    return {
      inputs,
      outputs,
      weight: random.fillUniform(new Float32Array(inputs * outputs), -limit, limit),
      bias: new Float32Array(outputs),
    };
  });
}

/** The arrays of a network in a fixed order: weight and bias of each layer. */
export function parametersOf(network: Network): Float32Array[] {
  return network.flatMap(({ weight, bias }) => [weight, bias]);
}

export function countParameters(network: Network): number {
  return parametersOf(network).reduce((sum, array) => sum + array.length, 0);
}
