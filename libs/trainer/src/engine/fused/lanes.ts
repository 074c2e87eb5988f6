import { Constant, Control } from '../../../assembly/layout';
import type { ModelState } from '../engine';
import type { EncodedRows, GanShape } from '../gan-shape';
import { Arena } from './arena';
import { panelBytes } from './constants';
import { FusedGan } from './fused-gan';
import type { FusedHyperparameters } from './hyperparameters';
import { Program } from './program';
import { Runtime } from './runtime';
import type { Clock, StartThread } from './runtime';
import { reasonAgainstJoining } from './builds';
import type { Lanes, MemoryKind } from './builds';

/** The faster lanes that compute right here, and why they are not 8. */
export interface LaneChoice {
  lanes: Lanes;
  reason?: string;
}

/** A product is timed so often, in turn; the least times are compared. */
const rounds = 12;
const size = { m: 60, n: 64, k: 256 };
const choices = new Map<MemoryKind, LaneChoice>();

/**
 * Whether this process computes with 8 lanes: only where small GANs come out of both builds with every bit the same, and
 * a product is no slower. Found out once for each kind of memory, in about a tenth of a second.
 */
export function chooseLanes(kind: MemoryKind, clock: Clock): LaneChoice {
  const known = choices.get(kind);
  if (known) return known;
  const reason = reasonAgainstJoining() ?? reasonFound(kind, clock);
  const choice: LaneChoice = reason === undefined ? { lanes: 8 } : { lanes: 4, reason };
  choices.set(kind, choice);
  return choice;
}

function reasonFound(kind: MemoryKind, clock: Clock): string | undefined {
  const [four, eight] = productMilliseconds(kind, clock);
  if (eight > four) {
    return `a product takes ${eight.toFixed(3)} ms with joined vectors and ${four.toFixed(3)} ms without (no AVX2?)`;
  }
  try {
    const isEqual = trials.every((trial) => {
      const plain = stateAfterSteps(trial, kind, 4, clock);
      const joined = stateAfterSteps(trial, kind, 8, clock);
      return Object.entries(plain).every(([name, array]) => equalBits(array, joined[name]));
    });
    return isEqual ? undefined : 'joined vectors gave other numbers in a check';
  } catch (error) {
    return `joined vectors failed in a check: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function equalBits(a: Float32Array, b: Float32Array | undefined): boolean {
  return b !== undefined && Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

function bytesOf(array: Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Makes a runtime take memory that threads share, and never comes: the calling thread computes alone. */
const absentThread: StartThread = () => ({ onEnd: () => undefined, end: () => Promise.resolve() });

function optionsOf(kind: MemoryKind, lanes: Lanes, clock: Clock) {
  const threads = kind === 'shared' ? 2 : 1;
  return { threads, clock, lanes, deadlineMs: 20_000, startThread: absentThread };
}

/** Least milliseconds of a product with 4 and with 8 lanes. */
function productMilliseconds(kind: MemoryKind, clock: Clock): [four: number, eight: number] {
  const runs = ([4, 8] as const).map((lanes) => productOf(kind, lanes, clock));
  const least: [number, number] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    runs.forEach((run, index) => {
      const start = clock.now();
      for (let i = 0; i < 4; i++) run();
      least[index] = Math.min(least[index] as number, (clock.now() - start) / 4);
    });
  }
  return least;
}

function productOf(kind: MemoryKind, lanes: Lanes, clock: Clock): () => void {
  const { m, n, k } = size;
  const arena = new Arena();
  const [a, b, c] = [m * k, k * n, m * n].map((floats) => arena.words(floats)) as [number, number, number];
  const scratch = arena.bytes(panelBytes);
  const program = new Program().gemm({
    a: { address: a, stride: k },
    b: { address: b, stride: n },
    c: { address: c, stride: n },
    ...size,
  });
  const placed = program.place((bytes) => arena.bytes(bytes));
  const runtime = new Runtime(arena.size, optionsOf(kind, lanes, clock));
  runtime.load(placed);
  runtime.words[(Control.Constants + Constant.Scratch) >> 2] = scratch;
  return () => runtime.run(placed);
}

interface Trial {
  shape: GanShape;
  settings: FusedHyperparameters;
}

const adam = { beta1: 0.5, beta2: 0.9, decay: 1e-6 };
const layout: GanShape['layout'] = {
  width: 24,
  spans: [
    { kind: 'number', start: 0 },
    { kind: 'choice', start: 1, width: 9 },
    { kind: 'number', start: 10 },
    { kind: 'choice', start: 11, width: 13 },
  ],
  conditions: [1, 3],
};

/** Between them every operation of the module, with whole tiles and rests. */
const trials: readonly Trial[] = [
  {
    shape: {
      ...{ layout, latentDim: 17, generator: { layers: [40, 24], kind: 'residual', gumbelTemperature: 0.2 } },
      ...{ critic: { layers: [40, 24], leak: 0.2, dropout: 0.5, pac: 2 }, loss: 'wasserstein' },
      classifier: { target: 3, column: [2, 3], layers: [20], dropout: 0.2, weight: 1 },
    },
    settings: {
      ...{ batchSize: 46, criticSteps: 1, gradientPenaltyWeight: 10, realTarget: 1, conditionWeight: 1 },
      ...{ featureMatchWeight: 0.5, generatorAverage: 0.9, generator: adam, critic: adam },
    },
  },
  {
    shape: {
      ...{ layout: { ...layout, conditions: [] }, latentDim: 16 },
      generator: { layers: [32], kind: 'plain', gumbelTemperature: 0.5 },
      ...{ critic: { layers: [32], leak: 0.2, dropout: 0, pac: 1 }, loss: 'non_saturating' },
    },
    settings: {
      ...{ batchSize: 25, criticSteps: 2, gradientPenaltyWeight: 0, realTarget: 0.9, conditionWeight: 1 },
      ...{ featureMatchWeight: 0, generatorAverage: 0, generator: adam, critic: adam },
    },
  },
];

/** What three steps on made-up rows learn. */
function stateAfterSteps({ shape, settings }: Trial, kind: MemoryKind, lanes: Lanes, clock: Clock): ModelState {
  const gan = new FusedGan(shape, settings, madeUpRows(shape), { ...optionsOf(kind, lanes, clock), seed: 1 });
  for (let step = 0; step < 3; step++) gan.step({ step, generatorRate: 1e-3, criticRate: 1e-3 });
  const sampled = gan.sample(settings.batchSize, { seed: 2 });
  return { ...gan.getState(), sampled };
}

function madeUpRows({ layout: { spans } }: GanShape): EncodedRows {
  const rowCount = 50;
  const widths = spans.flatMap((span) => (span.kind === 'choice' ? [span.width] : []));
  const numbers = spans.length - widths.length;
  return {
    rowCount,
    numbers: Float32Array.from({ length: rowCount * numbers }, (_, i) => Math.sin(i)),
    choices: Uint16Array.from({ length: rowCount * widths.length }, (_, i) => {
      return (i * 7 + (i % 5)) % (widths[i % widths.length] as number);
    }),
  };
}
