import type { ModelState } from '../engine';
import type { Core } from './core';
import { readArray, writeArray } from './parameters';
import type { ParameterArray } from './parameters';

interface Updates {
  generator: number;
  critic: number;
}

interface StoredArray {
  name: string;
  /** Address of the block that the array lies in. */
  base: number;
  floats: number;
  array: ParameterArray;
}

/** Everything learned, by name, such as `generator.output.weight` and `critic.first_moment.score.bias`. */
export function readState(core: Core, updates: Updates): ModelState {
  const entries = storedArrays(core).map(({ name, base, floats, array }): [string, Float32Array] => [
    name,
    readArray(core.floats(base, floats), array),
  ]);
  return {
    ...Object.fromEntries(entries),
    'generator.updates': Float32Array.of(updates.generator),
    'critic.updates': Float32Array.of(updates.critic),
  };
}

/** @returns the counts of updates @throws Error naming the array that does not fit */
export function writeState(core: Core, state: ModelState): Updates {
  const arrays = storedArrays(core);
  const given = arrays.map(({ name, array }) => arrayOf(state, name, array.size));
  const [generator, critic] = [arrayOf(state, 'generator.updates', 1), arrayOf(state, 'critic.updates', 1)];
  arrays.forEach(({ base, floats, array }, index) => {
    const values = given[index];
    if (values) writeArray(core.floats(base, floats), array, values);
  });
  return { generator: generator[0] ?? 0, critic: critic[0] ?? 0 };
}

function arrayOf(state: ModelState, name: string, length: number): Float32Array {
  const array = state[name];
  if (array?.length !== length) {
    throw new Error(`the checkpoint holds ${array?.length ?? 'no'} numbers as ${name}, the model needs ${length}`);
  }
  return array;
}

function storedArrays(core: Core): StoredArray[] {
  const { generator, critic } = core;
  const blocks: [string, number, { arrays: ParameterArray[]; size: number }][] = [
    ...[generator, critic].flatMap(({ parameters, weights, firstMoments, secondMoments }, index) => {
      const network = index === 0 ? 'generator' : 'critic';
      return [
        [network, weights, parameters],
        [`${network}.first_moment`, firstMoments, parameters],
        [`${network}.second_moment`, secondMoments, parameters],
      ] satisfies [string, number, { arrays: ParameterArray[]; size: number }][];
    }),
    ['generator.average', core.average, generator.parameters],
    ['generator.running', core.running, runningArrays(core)],
    ['generator.average.running', core.runningAverage, runningArrays(core)],
  ];
  return blocks.flatMap(([prefix, base, { arrays, size }]) =>
    arrays.map((array) => ({ name: `${prefix}.${array.name}`, base, floats: size, array })),
  );
}

function runningArrays(core: Core): { arrays: ParameterArray[]; size: number } {
  const { running, runningSize } = core.generatorNetwork;
  const arrays = running.map(({ name, offset, length }) => ({
    name,
    size: length,
    shape: [length],
    blocks: [{ offset, rows: 1, columns: length, stride: length }],
  }));
  return { arrays, size: runningSize };
}
