import { Operation, Score } from '../../../assembly/layout';
import type { GanShape } from '../gan-shape';
import type { Arena } from './arena';
import { padded } from './arena';
import { Parameters } from './parameters';
import type { Program } from './program';
import { floatBits } from './program';

/** Offsets are floats from the start of the network's parameters. */
interface CriticLayer {
  width: number;
  weight: number;
  bias: number;
}

/**
 * The critic's parameters. Rows of the first layer's weights: those of the `pac` encoded rows of a group one after the
 * other, then those of their conditions.
 */
export class CriticNetwork {
  readonly parameters = new Parameters();
  readonly layers: CriticLayer[] = [];
  readonly pac: number;
  readonly rowWidth: number;
  readonly conditionWidth: number;
  readonly score: { weight: number; bias: number };

  constructor(
    readonly shape: GanShape,
    categories: number,
  ) {
    const { layers, pac } = shape.critic;
    this.pac = pac;
    this.rowWidth = padded(shape.layout.width);
    this.conditionWidth = padded(categories);
    layers.forEach((units, index) => {
      const name = `hidden.${index}`;
      const ofRows = new Array<number>(pac).fill(shape.layout.width);
      const ofConditions = new Array<number>(pac).fill(categories);
      const inputs = index === 0 ? [...ofRows, ...ofConditions] : [layers[index - 1] as number];
      const [weight] = this.parameters.matrix(`${name}.weight`, inputs, units);
      const bias = this.parameters.vector(`${name}.bias`, units);
      this.layers.push({ width: padded(units), weight: weight as number, bias });
    });
    const last = layers.at(-1) as number;
    this.score = {
      weight: this.parameters.vector('score.weight', last),
      bias: this.parameters.vector('score.bias', 1),
    };
  }

  /** Floats of the encoded rows of a group, and of a whole group with its conditions. */
  get rowsWidth(): number {
    return this.pac * this.rowWidth;
  }
  get groupWidth(): number {
    return this.pac * (this.rowWidth + this.conditionWidth);
  }
}

/**
 * Memory of the critic's pass. Blocks of groups stand one after the other: generated, between (with the gradient
 * penalty), real.
 */
export interface CriticBuffers {
  groups: number;
  /** `[2 * groups, groupWidth]`: generated rows, then the critic's slope at the groups between. */
  input: number;
  /** Of each layer, `[3 * groups, width]`. */
  pre: number[];
  slopes: number[];
  hidden: number[];
  /** Gradients of the pre-activations. */
  down: number[];
  /** `[3 * groups]`: scores, and the gradient of the loss with respect to them. */
  scores: number;
  scoreSlopes: number;
  /** `[groups]`: places of the groups between, and norms of the slopes there. */
  mixes: number;
  norms: number;
  /** `[batch]` i32: real rows, and the categories of their conditions. */
  rows: number;
  conditions: number;
  /** `[width]`: information loss of each unit, and scratch. */
  featureLoss: number;
  scratch: number;
}

export function allocateCritic(network: CriticNetwork, groups: number, arena: Arena): CriticBuffers {
  const each = () => network.layers.map(({ width }) => arena.words(3 * groups * width));
  const last = network.layers.at(-1).width;
  return {
    groups,
    input: arena.words(2 * groups * network.groupWidth),
    ...{ pre: each(), slopes: each(), hidden: each(), down: each() },
    scores: arena.words(3 * groups),
    scoreSlopes: arena.words(3 * groups),
    mixes: arena.words(groups),
    norms: arena.words(groups),
    rows: arena.words(groups * network.pac),
    conditions: arena.words(groups * network.pac),
    featureLoss: arena.words(last),
    scratch: arena.words(last),
  };
}

/** Which blocks a pass has. */
interface Blocks {
  /** First group of the block between and of the real block; undefined: there is none. */
  between: number | undefined;
  real: number | undefined;
  /** Groups of all blocks. */
  total: number;
}

export interface CriticPass {
  network: CriticNetwork;
  buffers: CriticBuffers;
  /** Addresses of the parameters and of their gradients. */
  weights: number;
  gradients: number;
  /** Categories of the generated rows' conditions; 0: without conditions. */
  fakeConditions: number;
}

/** The sparse inputs' part of the first layer. Needs the drawn rows and conditions, but no generated row. */
export function emitGather(program: Program, pass: CriticPass, realBlock: number | undefined): void {
  const { network, buffers, weights } = pass;
  const [{ width, weight, bias }] = network.layers as [CriticLayer];
  const gather = (block: number, conditions: number, rows: number) =>
    program.emit(
      Operation.CriticGather,
      buffers.groups,
      (buffers.pre[0] as number) + 4 * block * buffers.groups * width,
      ...[width, weights + 4 * bias, weights + 4 * weight, conditions, rows],
    );
  gather(0, pass.fakeConditions, 0);
  if (realBlock !== undefined) gather(realBlock, pass.fakeConditions ? buffers.conditions : 0, buffers.rows);
}

interface ScoreOptions {
  blocks: Blocks;
  kind: Score;
  realTarget: number;
}

/** Generated rows to scores and the gradient of the last pre-activations. Ends with a barrier. */
function emitScores(program: Program, pass: CriticPass, { blocks, kind, realTarget }: ScoreOptions): void {
  const { network, buffers, weights } = pass;
  const { groups } = buffers;
  const [first] = network.layers as [CriticLayer];
  program.gemm({
    a: { address: buffers.input, stride: network.groupWidth },
    b: { address: weights + 4 * first.weight, stride: first.width },
    c: { address: buffers.pre[0] as number, stride: first.width },
    ...{ m: groups, n: first.width, k: network.rowsWidth, adds: true },
  });
  network.layers.forEach((layer, index) => {
    const before = network.layers[index - 1];
    if (before) {
      program.gemm({
        a: { address: buffers.hidden[index - 1] as number, stride: before.width },
        b: { address: weights + 4 * layer.weight, stride: layer.width },
        c: { address: buffers.pre[index] as number, stride: layer.width },
        ...{ m: blocks.total, n: layer.width, k: before.width },
      });
    }
    program.barrier();
    emitActivation(program, pass, { index, blocks });
    program.barrier();
  });
  const { width } = network.layers.at(-1);
  program.emit(
    Operation.CriticTop,
    blocks.total,
    ...[buffers.hidden.at(-1), width, groups, buffers.slopes.at(-1)],
    ...[weights + 4 * network.score.weight, weights + 4 * network.score.bias, buffers.scores, buffers.scoreSlopes],
    ...[buffers.down.at(-1), kind, floatBits(realTarget), blocks.real ?? blocks.total, blocks.between ?? -1],
  );
  program.barrier();
}

function emitActivation(
  program: Program,
  { network, buffers, weights }: CriticPass,
  { index, blocks }: { index: number; blocks: Blocks },
): void {
  const { dropout, leak } = network.shape.critic;
  const layer = network.layers[index] as CriticLayer;
  // The first layer's bias came with the gathered rows.
  const bias = index === 0 ? 0 : weights + 4 * layer.bias;
  const mixes = index === 0 && blocks.between !== undefined ? buffers.mixes : 0;
  program.emit(
    Operation.CriticActivate,
    blocks.total,
    ...[buffers.pre[index] as number, layer.width, buffers.groups],
    ...[buffers.slopes[index] as number, buffers.hidden[index] as number, bias],
    ...[floatBits(leak), Math.round(dropout * 0x1_0000_0000) | 0, floatBits(1 / (1 - dropout)), index, mixes],
  );
}

/** From the gradient of the last pre-activations to that of the first. Ends with a barrier unless there is one layer. */
function emitDownwards(program: Program, { network, buffers, weights }: CriticPass, rows: number): void {
  for (let index = network.layers.length - 1; index > 0; index--) {
    const layer = network.layers[index] as CriticLayer;
    const before = network.layers[index - 1] as CriticLayer;
    program.gemm({
      a: { address: buffers.down[index] as number, stride: layer.width },
      b: { address: weights + 4 * layer.weight, stride: layer.width, isTransposed: true },
      c: { address: buffers.down[index - 1] as number, stride: before.width },
      ...{ m: rows, n: before.width, k: layer.width, mask: buffers.slopes[index - 1] as number },
    });
    program.barrier();
  }
}

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

export function criticBlocks({ shape }: CriticNetwork, groups: number): Blocks & { real: number } {
  return shape.loss === 'wasserstein'
    ? { between: groups, real: 2 * groups, total: 3 * groups }
    : { between: undefined, real: groups, total: 2 * groups };
}

function emitPenalty(program: Program, { network, buffers, weights }: CriticPass, penaltyWeight: number): void {
  const { groups } = buffers;
  const { groupWidth } = network;
  const slopes = buffers.input + 4 * groups * groupWidth;
  const between = (addresses: number[], index: number) =>
    (addresses[index] as number) + 4 * groups * (network.layers[index] as CriticLayer).width;
  const [first] = network.layers as [CriticLayer];
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
  const last = network.layers.at(-1);
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
    ...[buffers.hidden.at(-1), last.width, blocks.total, buffers.scoreSlopes],
    ...[gradients + 4 * network.score.weight, gradients + 4 * network.score.bias, groups, blocks.between ?? -1],
  );
  program.barrier();
  emitScatter(program, pass, blocks);
}

/** The dense part of the first layer's gradient: generated rows, and what the penalty sends through its slopes. */
function emitFirstGradient(program: Program, { network, buffers, gradients }: CriticPass, blocks: Blocks): void {
  const { groups } = buffers;
  const [{ width, weight }] = network.layers as [CriticLayer];
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
  const [{ width, weight }] = network.layers as [CriticLayer];
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
  const [first] = network.layers as [CriticLayer];
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
  const { width } = network.layers.at(-1);
  const hidden = buffers.hidden.at(-1);
  const units = network.shape.critic.layers.at(-1) as number;
  // Scratch is a cache line for each task of 16 columns: 16 floats for 16 columns.
  program.emit(
    Operation.FeatureMatch,
    width / 16,
    ...[hidden, width, buffers.groups, hidden + 4 * buffers.groups * width, buffers.slopes.at(-1)],
    ...[buffers.down.at(-1), floatBits(weight / units), buffers.featureLoss, buffers.scratch],
  );
  program.barrier();
}
