import * as tf from '@tensorflow/tfjs';
import type { Random } from '../../random/random';
import type { ModelState } from '../engine';

/** Numbers that are learned, with the name under which checkpoints keep them. */
export interface Parameter {
  name: string;
  /** `[inputs, outputs]` of a matrix, `[units]` of a vector. */
  shape: [number, number] | [number];
  values: Float32Array;
}

/** Weight and bias of a linear layer, each uniform over ±1 / sqrt(inputs). */
export function linearParameters(name: string, inputs: number, outputs: number, random: Random): Parameter[] {
  const limit = 1 / Math.sqrt(inputs);
  const drawn = (length: number) => random.fillUniform(new Float32Array(length), -limit, limit);
  return [
    { name: `${name}.weight`, shape: [inputs, outputs], values: drawn(inputs * outputs) },
    { name: `${name}.bias`, shape: [outputs], values: drawn(outputs) },
  ];
}

export function vectorParameter(name: string, length: number, value: number): Parameter {
  return { name, shape: [length], values: new Float32Array(length).fill(value) };
}

/** Tensors of the parameters, for the caller to dispose. */
export function upload(parameters: readonly Parameter[]): tf.Tensor[] {
  return parameters.map(({ values, shape }) => tf.tensor(values, shape));
}

/** The numbers of a tensor, on this side of the backend. */
export function download(tensor: tf.Tensor): Float32Array {
  const data = tensor.dataSync();
  return data instanceof Float32Array ? data.slice() : Float32Array.from(data);
}

export function countOf(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, { values }) => sum + values.length, 0);
}

/** Euclidean norm over all arrays. */
export function normOf(arrays: readonly Float32Array[]): number {
  let squares = 0;
  for (const array of arrays) for (const value of array) squares += value * value;
  return Math.sqrt(squares);
}

/**
 * One array of a state.
 *
 * @throws Error where it is absent or of another length
 */
export function stateArray(state: ModelState, name: string, length: number): Float32Array {
  const array = state[name];
  if (array?.length !== length) {
    throw new Error(`the checkpoint holds ${array?.length ?? 'no'} numbers as ${name}, the model needs ${length}`);
  }
  return array;
}
