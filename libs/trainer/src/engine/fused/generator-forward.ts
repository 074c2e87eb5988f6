import { Operation } from '../../../assembly/layout';
import type { Arena } from './arena';
import type { GeneratorNetwork, HiddenLayer } from './generator-network';
import type { Matrix, Program } from './program';
import { floatBits } from './program';
import { lastOf } from './last-of';

/** Memory that a batch needs on its way through the generator. Addresses are bytes. */
export interface GeneratorBuffers {
  rows: number;
  /** `[rows, inputStride]`: outputs of all layers, and the noise. */
  inputs: number;
  /** `[rows, widest layer]`: pre-activations, later their gradient. */
  pre: number;
  /** Of each layer: `[rows, width]` normalised numbers and `[width]` 1 / standard deviations. */
  normalised: number[];
  scales: number[];
  scratch: number;
  /** `[rows, rowWidth]`. */
  logits: number;
  gumbel: number;
  /** `[rows]` i32: category of each row's condition (-1: none), and its place in the row. */
  conditions: number;
  places: number;
}

export function allocateGenerator(network: GeneratorNetwork, rows: number, arena: Arena): GeneratorBuffers {
  const widest = Math.max(...network.layers.map(({ width }) => width));
  return {
    rows,
    inputs: arena.words(rows * network.inputStride),
    pre: arena.words(rows * widest),
    normalised: network.layers.map(({ width }) => (network.isResidual ? arena.words(rows * width) : 0)),
    scales: network.layers.map(({ width }) => arena.words(width)),
    scratch: arena.bytes(16 * widest),
    logits: arena.words(rows * network.rowWidth),
    gumbel: arena.words(rows * network.rowWidth),
    conditions: arena.words(rows),
    places: arena.words(rows),
  };
}

/** Where encoded rows go: groups of `pac` rows side by side, `groupStride` floats apart. */
export interface RowTarget {
  address: number;
  pac: number;
  groupStride: number;
}

interface ForwardOptions {
  /** Address of the parameters, and of the running statistics. */
  weights: number;
  running: number;
  /** Share of the batch in the running statistics; undefined: they stand for the batch, as in sampling. */
  momentum: number | undefined;
  target: RowTarget;
}

/** Fills the noise of a batch. */
export function emitNoise(program: Program, network: GeneratorNetwork, buffers: GeneratorBuffers): void {
  const { rows, inputs, gumbel } = buffers;
  const noise = inputs + 4 * network.noiseColumn;
  const tasks = Math.ceil(rows / 16);
  program.emit(Operation.FillNormal, tasks, noise, network.inputStride, rows, network.shape.latentDim);
  program.emit(Operation.FillGumbel, tasks, gumbel, network.rowWidth, rows);
}

/** Noise to encoded rows. Ends with a barrier. */
export function emitForward(
  program: Program,
  network: GeneratorNetwork,
  buffers: GeneratorBuffers,
  options: ForwardOptions,
): void {
  network.layers.forEach((layer, index) => {
    program.gemm({
      a: inputOf(network, buffers, layer.inputColumn),
      b: { address: options.weights + 4 * layer.weight, stride: layer.width },
      c: { address: buffers.pre, stride: layer.width },
      ...{ m: buffers.rows, n: layer.width, k: layer.inputWidth },
    });
    program.barrier();
    emitActivation(program, network, buffers, { ...options, index });
    program.barrier();
  });
  const { output, rowWidth } = network;
  program.gemm({
    a: inputOf(network, buffers, lastOf(network.layers).column),
    b: { address: options.weights + 4 * output.weight, stride: rowWidth },
    c: { address: buffers.logits, stride: rowWidth },
    ...{ m: buffers.rows, n: rowWidth, k: output.inputWidth },
  });
  program.barrier();
  const { target } = options;
  program.emit(
    Operation.HeadForward,
    Math.ceil(buffers.rows / 16),
    ...[buffers.logits, rowWidth, buffers.rows],
    ...conditionArguments(buffers, options.weights, output.conditionWeight),
    ...[options.weights + 4 * output.bias, buffers.gumbel, floatBits(1 / network.shape.generator.gumbelTemperature)],
    ...[target.address, target.pac, target.groupStride],
  );
  program.barrier();
}

function emitActivation(
  program: Program,
  network: GeneratorNetwork,
  buffers: GeneratorBuffers,
  options: ForwardOptions & { index: number },
): void {
  const { index, weights, running, momentum } = options;
  const layer = network.layers[index] as HiddenLayer;
  const isTraining = momentum !== undefined;
  const operation = !network.isResidual
    ? Operation.ReluForward
    : isTraining
      ? Operation.NormForward
      : Operation.NormInference;
  program.emit(
    operation,
    layer.width / 16,
    ...[buffers.pre, layer.width, buffers.rows],
    ...conditionArguments(buffers, weights, layer.conditionWeight),
    ...[weights + 4 * layer.scale, buffers.normalised[index] as number, buffers.scales[index] as number],
    ...[buffers.inputs + 4 * layer.column, network.inputStride, running + 4 * layer.running],
    ...[floatBits(momentum ?? 0), buffers.scratch],
  );
}

function conditionArguments(buffers: GeneratorBuffers, weights: number, offset: number | undefined): number[] {
  return offset === undefined ? [0, 0] : [buffers.conditions, weights + 4 * offset];
}

export function inputOf(network: GeneratorNetwork, buffers: GeneratorBuffers, column: number): Matrix {
  return { address: buffers.inputs + 4 * column, stride: network.inputStride };
}
