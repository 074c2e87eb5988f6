import type { ModelState } from '../engine';
import type { GeneratorNetwork } from './generator-network';
import type { Core } from './core';
import { readArray, writeArray } from './parameters';
import type { ParameterArray } from './parameters';

interface Updates {
  generator: number;
  critic: number;
}

interface NamedArray {
  name: string;
  array: ParameterArray;
}

interface StoredArray extends NamedArray {
  /** Address of the block that the array lies in, and its floats. */
  base: number;
  floats: number;
}

/** Everything learned, by name, such as `generator.output.weight` and `critic.first_moment.score.bias`. */
export function readState(core: Core, updates: Updates): ModelState {
  const entries = storedArrays(core).map(({ name, base, floats, array }): [string, Float32Array] => [
    name,
    readArray(core.runtime.floatsAt(base, floats), array),
  ]);
  return {
    ...Object.fromEntries(entries),
    'generator.updates': Float32Array.of(updates.generator),
    'critic.updates': Float32Array.of(updates.critic),
  };
}

/** @returns the counts of updates @throws Error naming the array that does not fit; nothing is changed then */
export function writeState(core: Core, state: ModelState): Updates {
  const arrays = storedArrays(core);
  const given = arrays.map(({ name, array }) => arrayOf(state, name, array.size));
  const [generator, critic] = [arrayOf(state, 'generator.updates', 1), arrayOf(state, 'critic.updates', 1)];
  arrays.forEach(({ base, floats, array }, index) => {
    const values = given[index];
    if (values) writeArray(core.runtime.floatsAt(base, floats), array, values);
  });
  return { generator: generator[0] ?? 0, critic: critic[0] ?? 0 };
}

/** @throws Error where the state has no such array of this length */
export function arrayOf(state: ModelState, name: string, length: number): Float32Array {
  const array = state[name];
  if (array?.length !== length) {
    throw new Error(`the checkpoint holds ${array?.length ?? 'no'} numbers as ${name}, the model needs ${length}`);
  }
  return array;
}

/** The generator's weights and running statistics under the names of a state: averaged ones, or those of the last step. */
export function generatorArrays(
  network: GeneratorNetwork,
  useAverage: boolean,
): { weights: NamedArray[]; running: NamedArray[] } {
  const prefix = useAverage ? 'generator.average' : 'generator';
  return {
    weights: named(prefix, network.parameters.arrays),
    running: named(`${prefix}.running`, runningArrays(network)),
  };
}

function storedArrays(core: Core): StoredArray[] {
  const { generator, critic, generatorNetwork } = core;
  const floats = generatorNetwork.runningSize;
  const running = runningArrays(generatorNetwork);
  const at = (base: number, size: number, arrays: NamedArray[]) =>
    arrays.map((array) => ({ ...array, base, floats: size }));
  const learned = ([network, memory]: readonly ['generator' | 'critic' | 'classifier', typeof generator]) => {
    const { arrays, size } = memory.parameters;
    return [
      ...at(memory.weights, size, named(network, arrays)),
      ...at(memory.firstMoments, size, named(`${network}.first_moment`, arrays)),
      ...at(memory.secondMoments, size, named(`${network}.second_moment`, arrays)),
    ];
  };
  return [
    ...learned(['generator', generator]),
    ...learned(['critic', critic]),
    ...(core.classifier ? learned(['classifier', core.classifier]) : []),
    ...at(core.average, generator.parameters.size, named('generator.average', generator.parameters.arrays)),
    ...at(core.running, floats, named('generator.running', running)),
    ...at(core.runningAverage, floats, named('generator.average.running', running)),
  ];
}

function named(prefix: string, arrays: readonly ParameterArray[]): NamedArray[] {
  return arrays.map((array) => ({ name: `${prefix}.${array.name}`, array }));
}

function runningArrays({ running }: GeneratorNetwork): ParameterArray[] {
  return running.map(({ name, offset, length }) => ({
    name,
    size: length,
    shape: [length],
    blocks: [{ offset, rows: 1, columns: length, stride: length }],
  }));
}
