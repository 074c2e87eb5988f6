import { Operation } from '../../../assembly/layout';
import type { Score } from '../../../assembly/layout';
import type { Arena } from './arena';
import type { CriticLayer, CriticNetwork } from './critic-network';
import type { Program } from './program';
import { floatBits } from './program';
import { lastOf } from './last-of';

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
  const last = lastOf(network.layers).width;
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
export interface Blocks {
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
  const { width, weight, bias } = network.firstLayer;
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
export function emitScores(program: Program, pass: CriticPass, { blocks, kind, realTarget }: ScoreOptions): void {
  const { network, buffers, weights } = pass;
  const { groups } = buffers;
  const first = network.firstLayer;
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
  const { width } = lastOf(network.layers);
  program.emit(
    Operation.CriticTop,
    blocks.total,
    ...[lastOf(buffers.hidden), width, groups, lastOf(buffers.slopes)],
    ...[weights + 4 * network.score.weight, weights + 4 * network.score.bias, buffers.scores, buffers.scoreSlopes],
    ...[lastOf(buffers.down), kind, floatBits(realTarget), blocks.real ?? blocks.total, blocks.between ?? -1],
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
export function emitDownwards(program: Program, { network, buffers, weights }: CriticPass, rows: number): void {
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

export function criticBlocks({ shape }: CriticNetwork, groups: number): Blocks & { real: number } {
  return shape.loss === 'wasserstein'
    ? { between: groups, real: 2 * groups, total: 3 * groups }
    : { between: undefined, real: groups, total: 2 * groups };
}
