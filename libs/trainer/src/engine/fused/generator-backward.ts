import { Operation } from '../../../assembly/layout';
import type { Arena } from './arena';
import { inputOf } from './generator-forward';
import type { GeneratorBuffers, RowTarget } from './generator-forward';
import type { GeneratorNetwork, HiddenLayer } from './generator-network';
import type { Program } from './program';
import { floatBits } from './program';
import { lastOf } from './last-of';

/** Memory that the way back needs. */
export interface GeneratorGradients {
  /** `[rows, rowWidth]`: gradient of the logits. */
  logits: number;
  /** `[rows, noiseColumn]`: gradient of the outputs of all hidden layers. */
  outputs: number;
  /** `[rows]`: cross-entropy of each row's condition. */
  conditionLoss: number;
}

export function allocateGradients(network: GeneratorNetwork, rows: number, arena: Arena): GeneratorGradients {
  return {
    logits: arena.words(rows * network.rowWidth),
    outputs: arena.words(rows * network.noiseColumn),
    conditionLoss: arena.words(rows),
  };
}

interface BackwardOptions {
  weights: number;
  gradients: number;
  /** The generated rows, and the gradient of them in the same places. */
  rows: RowTarget;
  rowGradients: number;
  conditionWeight: number;
}

/** Gradient of encoded rows to gradients of the parameters. Begins and ends with a barrier. */
export function emitBackward(
  program: Program,
  network: GeneratorNetwork,
  { buffers, gradients }: { buffers: GeneratorBuffers; gradients: GeneratorGradients },
  options: BackwardOptions,
): void {
  const { rows } = buffers;
  const { output, rowWidth } = network;
  program.barrier();
  program.emit(
    Operation.HeadBackward,
    Math.ceil(rows / 16),
    ...[buffers.logits, rowWidth, rows, network.categories > 0 ? buffers.places : 0],
    ...[options.rows.address, options.rowGradients, floatBits(options.conditionWeight / rows)],
    ...[floatBits(1 / network.shape.generator.gumbelTemperature), gradients.logits],
    ...[options.rows.pac, options.rows.groupStride, gradients.conditionLoss],
  );
  program.barrier();
  const last = lastOf(network.layers);
  program.emit(
    Operation.ColumnSum,
    rowWidth / 16,
    ...[gradients.logits, rowWidth, options.gradients + 4 * output.bias, rows, 0],
  );
  emitWeightGradient(program, network, buffers, {
    ...{ down: gradients.logits, width: rowWidth, column: last.column, inputWidth: output.inputWidth },
    weight: options.gradients + 4 * output.weight,
    conditionWeight: addressOf(options.gradients, output.conditionWeight),
  });
  program.gemm({
    a: { address: gradients.logits, stride: rowWidth },
    b: { address: options.weights + 4 * output.weight, stride: rowWidth, isTransposed: true },
    c: { address: gradients.outputs + 4 * last.column, stride: network.noiseColumn },
    ...{ m: rows, n: network.isResidual ? network.noiseColumn : last.width, k: rowWidth },
  });
  for (let index = network.layers.length - 1; index >= 0; index--) {
    program.barrier();
    emitLayerBackward(program, network, { buffers, gradients }, { ...options, index });
  }
  program.barrier();
}

function emitLayerBackward(
  program: Program,
  network: GeneratorNetwork,
  { buffers, gradients }: { buffers: GeneratorBuffers; gradients: GeneratorGradients },
  { index, ...options }: BackwardOptions & { index: number },
): void {
  const layer = network.layers[index] as HiddenLayer;
  const before = network.layers[index - 1];
  program.emit(
    network.isResidual ? Operation.NormBackward : Operation.ReluBackward,
    layer.width / 16,
    ...[gradients.outputs + 4 * layer.column, network.noiseColumn, buffers.rows],
    ...[buffers.inputs + 4 * layer.column, network.inputStride],
    ...[buffers.normalised[index] as number, buffers.scales[index] as number, options.weights + 4 * layer.scale],
    ...[options.gradients + 4 * layer.scale, buffers.pre, layer.width],
  );
  program.barrier();
  emitWeightGradient(program, network, buffers, {
    ...{ down: buffers.pre, width: layer.width, column: layer.inputColumn, inputWidth: layer.inputWidth },
    weight: options.gradients + 4 * layer.weight,
    conditionWeight: addressOf(options.gradients, layer.conditionWeight),
  });
  if (!before) return;
  program.gemm({
    a: { address: buffers.pre, stride: layer.width },
    b: { address: options.weights + 4 * layer.weight, stride: layer.width, isTransposed: true },
    c: { address: gradients.outputs + 4 * before.column, stride: network.noiseColumn },
    ...{ m: buffers.rows, n: network.isResidual ? network.noiseColumn - before.column : before.width },
    ...{ k: layer.width, adds: network.isResidual },
  });
}

interface WeightGradient {
  /** Gradient of the pre-activations, `[rows, width]`. */
  down: number;
  width: number;
  column: number;
  inputWidth: number;
  weight: number;
  conditionWeight: number | undefined;
}

function emitWeightGradient(
  program: Program,
  network: GeneratorNetwork,
  buffers: GeneratorBuffers,
  layer: WeightGradient,
): void {
  const { rows } = buffers;
  program.gemm({
    a: { ...inputOf(network, buffers, layer.column), isTransposed: true },
    b: { address: layer.down, stride: layer.width },
    c: { address: layer.weight, stride: layer.width },
    ...{ m: layer.inputWidth, n: layer.width, k: rows },
  });
  if (layer.conditionWeight === undefined) return;
  program.emit(
    Operation.ConditionScatter,
    layer.width / 16,
    ...[layer.conditionWeight, layer.width, network.categories, buffers.conditions, layer.down, rows],
  );
}

function addressOf(base: number, offset: number | undefined): number | undefined {
  return offset === undefined ? undefined : base + 4 * offset;
}
