import type { ModelState } from '../engine';
import type { EncodedRows, GanShape } from '../gan-shape';
import { allocateGenerator, emitForward, emitNoise } from './generator-forward';
import type { GeneratorBuffers } from './generator-forward';
import { GeneratorNetwork } from './generator-network';
import { Arena } from './arena';
import { conditionColumns } from './conditions';
import { layOutConstants } from './constants';
import { checkShape } from './hyperparameters';
import { writeArray } from './parameters';
import type { ParameterArray } from './parameters';
import { Program } from './program';
import { Runtime } from './runtime';
import { sampleEncodedRows, sampleRows } from './sampling';
import type { SampleOptions, SampleSource } from './sampling';
import { arrayOf, generatorArrays } from './state';
import type { Lanes } from './builds';

const chunkRows = 512;
/** On one thread nothing is waited for. */
const noClock = { now: () => 0 };

/** A trained generator on one thread: about 1 KB of memory for each row of a chunk of 512, whatever is sampled. */
export class FusedSampler {
  private readonly source: SampleSource;

  /**
   * @param state of a `FusedGan` of the same shape
   * @param useAverage the averaged generator, or that of the last step
   * @param lanes numbers in one register, with no change of the result
   * @throws Error naming the array that does not fit
   */
  constructor(shape: GanShape, state: ModelState, useAverage: boolean, lanes: Lanes = 4) {
    checkShape(shape);
    this.source = createSource(shape, state, { useAverage, lanes });
  }

  /** See `sampleRows`. */
  sample(rows: number, options: SampleOptions): Float32Array {
    return sampleRows(this.source, rows, options);
  }

  /** See `sampleEncodedRows`. */
  sampleEncoded(rows: number, options: SampleOptions): EncodedRows {
    return sampleEncodedRows(this.source, rows, options);
  }
}

interface SamplerMemory {
  weights: number;
  running: number;
  sampled: number;
}

function createSource(
  shape: GanShape,
  state: ModelState,
  { useAverage, lanes }: { useAverage: boolean; lanes: Lanes },
): SampleSource {
  const network = new GeneratorNetwork(shape, conditionColumns(shape.layout).places.length);
  const arena = new Arena();
  const memory: SamplerMemory = {
    weights: arena.words(network.parameters.size),
    running: arena.words(network.runningSize),
    sampled: arena.words(chunkRows * network.rowWidth),
  };
  const buffers = allocateGenerator(network, chunkRows, arena);
  const writeConstants = layOutConstants(shape, { batchSize: chunkRows, threads: 1 }, arena);
  const program = sampleProgram(network, buffers, memory).place((bytes) => arena.bytes(bytes));
  const runtime = new Runtime(arena.size, { threads: 1, clock: noClock, deadlineMs: 0, lanes });
  writeConstants(runtime);
  runtime.load(program);
  const { weights, running } = generatorArrays(network, useAverage);
  const write = (base: Float32Array, arrays: readonly { name: string; array: ParameterArray }[]) => {
    for (const { name, array } of arrays) writeArray(base, array, arrayOf(state, name, array.size));
  };
  write(runtime.floatsAt(memory.weights, network.parameters.size), weights);
  write(runtime.floatsAt(memory.running, network.runningSize), running);
  return {
    ...{ shape, runtime, sampled: memory.sampled, generatorNetwork: network, generatorBuffers: buffers },
    runSample: () => runtime.run(program),
  };
}

/** Noise, and one pass with running statistics. */
export function sampleProgram(network: GeneratorNetwork, buffers: GeneratorBuffers, memory: SamplerMemory): Program {
  const program = new Program();
  emitNoise(program, network, buffers);
  program.barrier();
  emitForward(program, network, buffers, {
    weights: memory.weights,
    running: memory.running,
    momentum: undefined,
    target: { address: memory.sampled, pac: 1, groupStride: network.rowWidth },
  });
  return program;
}
