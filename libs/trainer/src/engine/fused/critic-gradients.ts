import { Operation, Score } from '../../../assembly/layout';
import { criticBlocks, emitDownwards, emitScores } from './critic-forward';
import type { Blocks, CriticPass } from './critic-forward';
import type { CriticLayer } from './critic-network';
import type { Program } from './program';
import { floatBits } from './program';
import { lastOf } from './last-of';

/**
 * The critic's gradients on generated and real groups; the sum of the two losses, and the gradient penalty.
 *
 * The penalty's second derivatives by hand: LeakyReLU and dropout are linear on each side, so that the slope at a group
 * between is a chain of products with the slopes m of the units, `g = (… ((w m_n) W_n^T m_{n-1}) …) W_1^T`, and the
 * gradient of the penalty passes back up the same chain: `u_1 = (g' W_1) m_1`, `u_l = (u_{l-1} W_l) m_l`. Each weight
 * gets the product of what goes down the chain below it with what comes up above it. Putting u in the place of the
 * hidden layers of the groups between makes that product part of the ordinary one.
 */
export function emitCriticGradients(
  program: Program,
  pass: CriticPass,
  { realTarget, penaltyWeight }: { realTarget: number; penaltyWeight: number },
): void {
  const blocks = criticBlocks(pass.network, pass.buffers.groups);
  const isWasserstein = blocks.between !== undefined;
  const kind = isWasserstein ? Score.WassersteinCritic : Score.CrossEntropyCritic;
  emitScores(program, pass, { blocks, kind, realTarget });
  emitDownwards(program, pass, blocks.total);
  if (isWasserstein) emitPenalty(program, pass, penaltyWeight);
  emitWeightGradients(program, pass, blocks);
}

function emitPenalty(program: Program, { network, buffers, weights }: CriticPass, penaltyWeight: number): void {
  const { groups } = buffers;
  const { groupWidth } = network;
  const slopes = buffers.input + 4 * groups * groupWidth;
  const between = (addresses: number[], index: number) =>
    (addresses[index] as number) + 4 * groups * (network.layers[index] as CriticLayer).width;
  const first = network.firstLayer;
  const firstWeight = { address: weights + 4 * first.weight, stride: first.width };
  program.gemm({
    a: { address: between(buffers.down, 0), stride: first.width },
    b: { ...firstWeight, isTransposed: true },
    c: { address: slopes, stride: groupWidth },
    ...{ m: groups, n: groupWidth, k: first.width },
  });
  program.barrier();
  program.emit(Operation.Penalty, groups, slopes, groupWidth, groups, floatBits(penaltyWeight), buffers.norms);
  program.barrier();
  network.layers.forEach((layer, index) => {
    const before = network.layers[index - 1];
    program.gemm({
      a: before
        ? { address: between(buffers.hidden, index - 1), stride: before.width }
        : { address: slopes, stride: groupWidth },
      b: { address: weights + 4 * layer.weight, stride: layer.width },
      c: { address: between(buffers.hidden, index), stride: layer.width },
      ...{ m: groups, n: layer.width, k: before ? before.width : groupWidth },
      mask: between(buffers.slopes, index),
    });
    program.barrier();
  });
}

function emitWeightGradients(program: Program, pass: CriticPass, blocks: Blocks & { real: number }): void {
  const { network, buffers, gradients } = pass;
  const { groups } = buffers;
  const last = lastOf(network.layers);
  emitFirstGradient(program, pass, blocks);
  network.layers.forEach(({ width, weight, bias }, index) => {
    const down = buffers.down[index] as number;
    const before = network.layers[index - 1];
    program.emit(
      Operation.ColumnSum,
      width / 16,
      ...[down, width, gradients + 4 * bias, groups, down + 4 * blocks.real * width],
    );
    if (!before) return;
    program.gemm({
      a: { address: buffers.hidden[index - 1] as number, stride: before.width, isTransposed: true },
      b: { address: down, stride: width },
      c: { address: gradients + 4 * weight, stride: width },
      ...{ m: before.width, n: width, k: blocks.total },
    });
  });
  program.emit(
    Operation.CriticTopGradient,
    last.width / 16,
    ...[lastOf(buffers.hidden), last.width, blocks.total, buffers.scoreSlopes],
    ...[gradients + 4 * network.score.weight, gradients + 4 * network.score.bias, groups, blocks.between ?? -1],
  );
  program.barrier();
  emitScatter(program, pass, blocks);
}

/** The dense part of the first layer's gradient: generated rows, and what the penalty sends through its slopes. */
function emitFirstGradient(program: Program, { network, buffers, gradients }: CriticPass, blocks: Blocks): void {
  const { groups } = buffers;
  const { width, weight } = network.firstLayer;
  const hasPenalty = blocks.between !== undefined;
  const down = buffers.down[0] as number;
  const out = gradients + 4 * weight;
  program.gemm({
    a: { address: buffers.input, stride: network.groupWidth, isTransposed: true },
    b: { address: down, stride: width },
    c: { address: out, stride: width },
    ...{ m: network.rowsWidth, n: width, k: hasPenalty ? 2 * groups : groups },
  });
  const rest = network.groupWidth - network.rowsWidth;
  if (rest === 0) return;
  const conditions = out + 4 * network.rowsWidth * width;
  if (!hasPenalty) {
    program.emit(Operation.FillZero, Math.ceil((rest * width) / 4096), conditions, rest * width);
    return;
  }
  program.gemm({
    a: {
      address: buffers.input + 4 * (groups * network.groupWidth + network.rowsWidth),
      stride: network.groupWidth,
      isTransposed: true,
    },
    b: { address: down + 4 * groups * width, stride: width },
    c: { address: conditions, stride: width },
    ...{ m: rest, n: width, k: groups },
  });
}

function emitScatter(program: Program, pass: CriticPass, blocks: Blocks & { real: number }): void {
  const { network, buffers, gradients } = pass;
  const { width, weight } = network.firstLayer;
  const down = buffers.down[0] as number;
  program.emit(
    Operation.CriticScatter,
    network.pac * Math.ceil(width / 64),
    ...[gradients + 4 * weight, width, buffers.groups, pass.fakeConditions, down],
    ...[buffers.conditions, down + 4 * blocks.real * width, buffers.rows],
  );
  program.barrier();
}

/**
 * The gradient of the generator's loss with respect to the generated rows, over the slopes of the critic's input.
 *
 * @param featureMatchWeight above 0: real groups were gathered too, behind the generated ones
 * @returns address of the gradient, in the places of the generated rows
 */
export function emitRowGradients(program: Program, pass: CriticPass, featureMatchWeight: number): number {
  const { network, buffers, weights } = pass;
  const { groups } = buffers;
  const hasReal = featureMatchWeight > 0;
  const blocks = { between: undefined, real: groups, total: hasReal ? 2 * groups : groups };
  const kind = network.shape.loss === 'wasserstein' ? Score.WassersteinGenerator : Score.CrossEntropyGenerator;
  emitScores(program, pass, { blocks, kind, realTarget: 1 });
  if (hasReal) emitFeatureMatch(program, pass, featureMatchWeight);
  emitDownwards(program, pass, groups);
  const first = network.firstLayer;
  const gradient = buffers.input + 4 * groups * network.groupWidth;
  program.gemm({
    a: { address: buffers.down[0] as number, stride: first.width },
    b: { address: weights + 4 * first.weight, stride: first.width, isTransposed: true },
    c: { address: gradient, stride: network.groupWidth },
    ...{ m: groups, n: network.rowsWidth, k: first.width },
  });
  return gradient;
}

function emitFeatureMatch(program: Program, { network, buffers }: CriticPass, weight: number): void {
  const { width } = lastOf(network.layers);
  const hidden = lastOf(buffers.hidden);
  const units = lastOf(network.shape.critic.layers);
  // Scratch is a cache line for each task of 16 columns: 16 floats for 16 columns.
  program.emit(
    Operation.FeatureMatch,
    width / 16,
    ...[hidden, width, buffers.groups, hidden + 4 * buffers.groups * width, lastOf(buffers.slopes)],
    ...[lastOf(buffers.down), floatBits(weight / units), buffers.featureLoss, buffers.scratch],
  );
  program.barrier();
}
