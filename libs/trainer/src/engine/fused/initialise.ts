import { Random } from '../../random/random';
import type { Core, NetworkMemory } from './core';

/**
 * First weights: uniform over ±1 / sqrt(inputs) for weights and biases of linear layers; 1 and 0 for gamma and beta, as
 * for running variances and means.
 *
 * @param outputBias biases of the generator's last layer, instead of random ones
 */
export function initialise(core: Core, seed: number, outputBias?: Float32Array): void {
  fillNetwork(core, core.generator, Random.of(seed, 'generator'));
  fillNetwork(core, core.critic, Random.of(seed, 'critic'));
  if (core.classifier) fillNetwork(core, core.classifier, Random.of(seed, 'classifier'));
  const { runtime, generatorNetwork, generator } = core;
  const { arrays, size } = generator.parameters;
  if (outputBias) {
    const offset = arrays.find(({ name }) => name === 'output.bias')?.blocks[0]?.offset ?? 0;
    runtime.floatsAt(generator.weights + 4 * offset, outputBias.length).set(outputBias);
  }
  for (const { name, offset, length } of generatorNetwork.running) {
    if (name.endsWith('.variance')) runtime.floatsAt(core.running + 4 * offset, length).fill(1);
  }
  runtime.floatsAt(core.average, size).set(runtime.floatsAt(generator.weights, size));
  const statistics = generatorNetwork.runningSize;
  runtime.floatsAt(core.runningAverage, statistics).set(runtime.floatsAt(core.running, statistics));
}

function fillNetwork(core: Core, { parameters, weights }: NetworkMemory, random: Random): void {
  const base = core.runtime.floatsAt(weights, parameters.size);
  let limit = 0;
  for (const { name, shape, blocks } of parameters.arrays) {
    if (name.endsWith('.weight')) limit = 1 / Math.sqrt(shape[0] ?? 1);
    for (const { offset, rows, columns, stride } of blocks) {
      for (let row = 0; row < rows; row++) {
        const values = base.subarray(offset + row * stride, offset + row * stride + columns);
        if (name.endsWith('.gamma')) values.fill(1);
        else if (name.endsWith('.beta')) values.fill(0);
        else random.fillUniform(values, -limit, limit);
      }
    }
  }
}
