import { Operation } from '../../../assembly/layout';
import type { GanShape } from '../gan-shape';
import type { Arena } from './arena';
import { padded } from './arena';
import { Parameters } from './parameters';
import type { Matrix, Program } from './program';
import { floatBits } from './program';

/** One hidden layer. Offsets are floats from the start of the network's parameters. */
interface HiddenLayer {
  units: number;
  width: number;
  /** First column of its output in the matrix of all inputs. */
  column: number;
  /** First column of its input, and how many columns that is. */
  inputColumn: number;
  inputWidth: number;
  weight: number;
  /** Weights of the conditions; undefined where this layer does not see them. */
  conditionWeight: number | undefined;
  /** Gamma, followed by beta, or the bias. */
  scale: number;
  /** Floats from the start of the running statistics. */
  running: number;
}

/**
 * The generator's parameters and the way a batch goes through it.
 *
 * Outputs of all layers and the noise stand side by side in one matrix, `[rows, last layer … first layer, noise]`:
 * what a residual layer sees (its predecessor's output concatenated with its predecessor's input) is a run of adjacent
 * columns. Conditions are one-hot, so their part of a product is a row of the weights. A linear layer before a batch
 * norm has no bias: the norm would take it out again.
 */
export class GeneratorNetwork {
  readonly parameters = new Parameters();
  readonly layers: HiddenLayer[] = [];
  /** Names of the running statistics, with their places and lengths. */
  readonly running: { name: string; offset: number; length: number }[] = [];
  readonly rowWidth: number;
  readonly noiseColumn: number;
  readonly inputStride: number;
  readonly categories: number;
  readonly output: { weight: number; conditionWeight: number | undefined; bias: number; inputWidth: number };
  runningSize = 0;

  constructor(
    readonly shape: GanShape,
    categories: number,
  ) {
    const { layers } = shape.generator;
    this.categories = categories;
    this.rowWidth = padded(shape.layout.width);
    this.noiseColumn = layers.reduce((sum, units) => sum + padded(units), 0);
    this.inputStride = this.noiseColumn + padded(shape.latentDim);
    let column = this.noiseColumn;
    layers.forEach((units, index) => {
      column -= padded(units);
      this.addLayer(units, index, column);
    });
    this.output = this.addOutput();
  }

  get isResidual(): boolean {
    return this.shape.generator.kind === 'residual';
  }

  /** Rows of each segment of the weights of layer `index`: what it sees, the conditions last. */
  private segments(index: number): { rows: number[]; hasConditions: boolean } {
    const { layers } = this.shape.generator;
    const hasConditions = this.categories > 0 && (this.isResidual || index === 0);
    const inputs = this.isResidual
      ? [...layers.slice(0, index).reverse(), this.shape.latentDim]
      : [layers[index - 1] ?? this.shape.latentDim];
    return { rows: hasConditions ? [...inputs, this.categories] : inputs, hasConditions };
  }

  private input(index: number): { inputColumn: number; inputWidth: number } {
    const before = this.layers[index - 1];
    if (!before) return { inputColumn: this.noiseColumn, inputWidth: padded(this.shape.latentDim) };
    const inputWidth = this.isResidual ? this.inputStride - before.column : before.width;
    return { inputColumn: before.column, inputWidth };
  }

  private addLayer(units: number, index: number, column: number): void {
    const { rows, hasConditions } = this.segments(index);
    const name = `hidden.${index}`;
    const offsets = this.parameters.matrix(`${name}.weight`, rows, units);
    const width = padded(units);
    const scale = this.isResidual
      ? this.parameters.vector(`${name}.gamma`, units)
      : this.parameters.vector(`${name}.bias`, units);
    const running = this.runningSize;
    if (this.isResidual) {
      this.parameters.vector(`${name}.beta`, units);
      this.running.push({ name: `${name}.mean`, offset: running, length: units });
      this.running.push({ name: `${name}.variance`, offset: running + width, length: units });
      this.runningSize += 2 * width;
    }
    this.layers.push({
      ...{ units, width, column, scale, running },
      ...this.input(index),
      weight: offsets[0] as number,
      conditionWeight: hasConditions ? offsets.at(-1) : undefined,
    });
  }

  private addOutput(): GeneratorNetwork['output'] {
    const count = this.shape.generator.layers.length;
    const { rows, hasConditions } = this.segments(count);
    const offsets = this.parameters.matrix('output.weight', rows, this.shape.layout.width);
    return {
      weight: offsets[0] as number,
      conditionWeight: hasConditions ? offsets.at(-1) : undefined,
      bias: this.parameters.vector('output.bias', this.shape.layout.width),
      inputWidth: this.input(count).inputWidth,
    };
  }
}

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
    a: inputOf(network, buffers, network.layers.at(-1).column),
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

function inputOf(network: GeneratorNetwork, buffers: GeneratorBuffers, column: number): Matrix {
  return { address: buffers.inputs + 4 * column, stride: network.inputStride };
}

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
  const last = network.layers.at(-1);
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
