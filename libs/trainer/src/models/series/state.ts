import type { Adam } from '../../engine/adam';
import type { ModelState } from '../../engine/engine';
import { momentArrays } from '../../engine/tensorflow/gan';
import { stateArray } from '../../engine/tensorflow/parameters';
import type { Parameter } from '../../engine/tensorflow/parameters';
import { parametersOf } from '../wgan-gp/network';
import type { Network } from '../wgan-gp/network';

/** Arrays that stay where they are, by the names under which checkpoints keep them. */
export type NamedArrays = (readonly [string, Float32Array])[];

export interface Optimised {
  network: Network;
  optimiser: Adam;
}

export function parameterArrays(prefix: string, parameters: readonly Parameter[], optimiser: Adam): NamedArrays {
  const own: NamedArrays = parameters.map(({ name, values }) => [name, values]);
  return [...own, ...momentArrays(parameters, optimiser)].map(([name, array]) => [`${prefix}.${name}`, array]);
}

export function averageArrays(parameters: readonly Parameter[], values: readonly Float32Array[]): NamedArrays {
  return parameters.map(({ name }, index) => [`average.${name}`, values[index] ?? new Float32Array()]);
}

export function networkArrays(prefix: string, { network, optimiser }: Optimised): NamedArrays {
  const named = (name: string, arrays: readonly Float32Array[]): NamedArrays =>
    arrays.map((array, index) => [`${name}.${index}`, array]);
  return [
    ...named(prefix, parametersOf(network)),
    ...named(`${prefix}.first_moment`, optimiser.firstMoments),
    ...named(`${prefix}.second_moment`, optimiser.secondMoments),
  ];
}

/** Copies of the arrays, and how many updates each optimiser has done. */
export function writeState(arrays: NamedArrays, optimisers: Readonly<Record<string, Adam>>): ModelState {
  const counts = Object.entries(optimisers).map(([name, { steps }]) => [`${name}.updates`, Float32Array.of(steps)]);
  return Object.fromEntries([...arrays.map(([name, array]) => [name, array.slice()]), ...counts]) as ModelState;
}

/** @throws Error where an array is absent or of another length */
export function readState(state: ModelState, arrays: NamedArrays, optimisers: Readonly<Record<string, Adam>>): void {
  for (const [name, array] of arrays) array.set(stateArray(state, name, array.length));
  for (const [name, optimiser] of Object.entries(optimisers)) {
    optimiser.steps = stateArray(state, `${name}.updates`, 1)[0] ?? 0;
  }
}
