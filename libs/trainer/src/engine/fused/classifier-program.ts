import { Operation } from '../../../assembly/layout';
import type { ClassifierBuffers, ClassifierNetwork } from './classifier-network';
import type { CriticLayer } from './critic-network';
import type { RowTarget } from './generator-forward';
import type { Program } from './program';
import { floatBits } from './program';
import { lastOf } from './last-of';

/** Streams of the classifier's dropout: behind those of the critic, which has at most 8 layers. */
const firstStream = 8;

export interface ClassifierPass {
  network: ClassifierNetwork;
  buffers: ClassifierBuffers;
  /** Addresses of the parameters and of their gradients. */
  weights: number;
  gradients: number;
}

/** The classifier's gradients on real rows. @param rows address of `[rows]` i32: which ones */
export function emitClassifierGradients(program: Program, pass: ClassifierPass, rows: number): void {
  const { network, buffers, gradients } = pass;
  emitInput(program, pass, { real: rows, generated: 0, groupStride: 0 });
  emitLoss(program, pass, { weight: 1, dropout: network.classifier.dropout });
  emitDownwards(program, pass);
  const bias = ({ width, bias: offset }: CriticLayer, down: number) =>
    program.emit(Operation.ColumnSum, width / 16, ...[down, width, gradients + 4 * offset, buffers.rows, 0]);
  network.layers.forEach((layer, index) => {
    const before = network.layers[index - 1];
    bias(layer, buffers.down[index] as number);
    program.gemm({
      a: before
        ? { address: buffers.hidden[index - 1] as number, stride: before.width, isTransposed: true }
        : { address: buffers.input, stride: network.rowWidth, isTransposed: true },
      b: { address: buffers.down[index] as number, stride: layer.width },
      c: { address: gradients + 4 * layer.weight, stride: layer.width },
      ...{ m: before ? before.width : network.rowWidth, n: layer.width, k: buffers.rows },
    });
  });
  bias(network.output, buffers.logits);
  program.gemm({
    a: { address: lastOf(buffers.hidden), stride: network.lastLayer.width, isTransposed: true },
    b: { address: buffers.logits, stride: network.output.width },
    c: { address: gradients + 4 * network.output.weight, stride: network.output.width },
    ...{ m: network.lastLayer.width, n: network.output.width, k: buffers.rows },
  });
  program.barrier();
}

/**
 * What the classifier says of generated rows, and its slope there (`buffers.slope`). Begins where the rows are complete and
 * ends with a barrier.
 */
export function emitTargetLoss(program: Program, pass: ClassifierPass, rows: RowTarget): void {
  const { network, buffers, weights } = pass;
  emitInput(program, pass, { real: 0, generated: rows.address, groupStride: rows.groupStride });
  emitLoss(program, pass, { weight: network.classifier.weight, dropout: 0 });
  emitDownwards(program, pass);
  const [first] = network.layers as [CriticLayer];
  program.gemm({
    a: { address: buffers.down[0] as number, stride: first.width },
    b: { address: weights + 4 * first.weight, stride: first.width, isTransposed: true },
    c: { address: buffers.slope, stride: network.rowWidth },
    ...{ m: buffers.rows, n: network.rowWidth, k: first.width },
  });
  program.barrier();
}

/** Adds that slope to the gradient of the generated rows. Begins with a barrier. */
export function emitTargetSlope(
  program: Program,
  { network, buffers }: ClassifierPass,
  { rowGradients, groupStride }: { rowGradients: number; groupStride: number },
): void {
  program.barrier();
  program.emit(
    Operation.ClassifierSlope,
    buffers.rows,
    ...[buffers.slope, network.rowWidth, rowGradients, groupStride, network.column.start, network.column.width],
  );
}

function emitInput(
  program: Program,
  { network, buffers }: ClassifierPass,
  { real, generated, groupStride }: { real: number; generated: number; groupStride: number },
): void {
  program.emit(
    Operation.ClassifierInput,
    buffers.rows,
    ...[buffers.input, network.rowWidth, real, generated, groupStride, buffers.target, network.output.width],
    ...[network.target.start, network.target.width, network.column.start, network.column.width],
  );
  program.barrier();
}

function emitLoss(program: Program, pass: ClassifierPass, loss: { weight: number; dropout: number }): void {
  const { network, buffers, weights } = pass;
  [...network.layers, network.output].forEach((layer, index) => {
    const before = network.layers[index - 1];
    program.gemm({
      a: before
        ? { address: buffers.hidden[index - 1] as number, stride: before.width }
        : { address: buffers.input, stride: network.rowWidth },
      b: { address: weights + 4 * layer.weight, stride: layer.width },
      c: { address: buffers.pre[index] ?? buffers.logits, stride: layer.width },
      ...{ m: buffers.rows, n: layer.width, k: before ? before.width : network.rowWidth },
    });
    program.barrier();
    if (layer === network.output) return;
    emitActivation(program, pass, index, loss.dropout);
    program.barrier();
  });
  program.emit(
    Operation.ClassifierTop,
    Math.ceil(buffers.rows / 16),
    ...[buffers.logits, network.output.width, buffers.rows, weights + 4 * network.output.bias, buffers.target],
    ...[network.target.width, floatBits(loss.weight / buffers.rows), buffers.loss],
  );
  program.barrier();
}

function emitActivation(
  program: Program,
  { network, buffers, weights }: ClassifierPass,
  index: number,
  dropout: number,
): void {
  const layer = network.layers[index] as CriticLayer;
  program.emit(
    Operation.CriticActivate,
    buffers.rows,
    ...[buffers.pre[index] as number, layer.width, buffers.rows],
    ...[buffers.slopes[index] as number, buffers.hidden[index] as number, weights + 4 * layer.bias],
    ...[floatBits(network.shape.critic.leak), Math.round(dropout * 0x1_0000_0000) | 0, floatBits(1 / (1 - dropout))],
    ...[firstStream + index, 0],
  );
}

/** From the gradient of the logits to that of the first pre-activations. Ends with a barrier. */
function emitDownwards(program: Program, { network, buffers, weights }: ClassifierPass): void {
  for (let index = network.layers.length - 1; index >= 0; index--) {
    const layer = network.layers[index] as CriticLayer;
    const above = network.layers[index + 1] ?? network.output;
    program.gemm({
      a: { address: buffers.down[index + 1] ?? buffers.logits, stride: above.width },
      b: { address: weights + 4 * above.weight, stride: above.width, isTransposed: true },
      c: { address: buffers.down[index] as number, stride: layer.width },
      ...{ m: buffers.rows, n: layer.width, k: above.width, mask: buffers.slopes[index] as number },
    });
    program.barrier();
  }
}
