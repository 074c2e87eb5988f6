import { Random } from '../../random/random';
import { QualityError } from '../table';
import type { QualityTable } from '../table';
import { adam } from '../utility/adam';
import { sigmoid } from '../utility/classifier';
import { recurrentNetwork, recurrentPass, runBackward, runForward } from './gated-recurrent-unit';
import type { RecurrentNetwork, RecurrentPass } from './gated-recurrent-unit';
import { sequencesOf, windowsOf } from './sequences';
import type { SeriesDescription } from './sequences';
import { splitWindows } from './window-split';
import type { WindowSplit } from './window-split';

const BATCH = 128;

export interface WindowScoreOptions extends SeriesDescription {
  /** Steps of a window. Default 24. */
  window?: number;
  /** Training steps. Default 2,000 (discriminative) and 5,000 (predictive), as TimeGAN's. */
  iterations?: number;
  /** Units of the GRU. Default ⌊features / 2⌋, as TimeGAN's, and at least 1. */
  hidden?: number;
  /** Windows of each table at most: the first ones of a random place on. Default all. */
  maxWindows?: number;
  /** Seed of weights, batches and split. Default 0. */
  seed?: number;
}

export interface DiscriminativeScore {
  /** |accuracy - 0.5|: 0 cannot tell, 0.5 always can. */
  score: number;
  accuracy: number;
  iterations: number;
  hidden: number;
  split: WindowSplit;
}

/**
 * Discriminative score (Yoon et al. 2019, "TimeGAN", section 5): how well a GRU tells synthetic windows from real
 * ones that it was not trained on. Features between 0 and 1 by the real extremes, logit of the last state, Adam 1e-3,
 * batches of 128 and 128. One network: the paper gives the mean of ten.
 *
 * @param options `split` default `block`; with TimeGAN's `random` overlapping windows leak into the test
 * @throws QualityError where a table is too short or lacks a feature
 */
export function discriminativeScore(
  real: QualityTable,
  synthetic: QualityTable,
  { split = 'block', iterations = 2_000, ...options }: WindowScoreOptions & { split?: WindowSplit } = {},
): DiscriminativeScore {
  const { window = 24, seed = 0 } = options;
  const { sides, features } = scaledWindows(real, synthetic, options);
  const hidden = options.hidden ?? Math.max(1, Math.floor(features / 2));
  // One stream for both: of tables of one length the same stretches are held out, so that a copy stands beside itself.
  const splitOf = (windows: Float64Array[]) =>
    splitWindows({ count: windows.length, length: window, split }, Random.of(seed, 'window split'));
  const splits = { real: splitOf(sides.real), synthetic: splitOf(sides.synthetic) };
  const at = (windows: Float64Array[], places: Uint32Array) =>
    Array.from(places, (place) => windows[place] ?? new Float64Array());
  const training = {
    real: at(sides.real, splits.real.training),
    synthetic: at(sides.synthetic, splits.synthetic.training),
  };
  if (training.real.length === 0 || training.synthetic.length === 0) throw tooShort(window);
  const network = recurrentNetwork(features, hidden, Random.of(seed, 'discriminator'));
  const pass = recurrentPass(network, window);
  const slopes = new Float64Array(window);
  const random = Random.of(seed, 'discriminator batches');
  descend(network, iterations, (gradient) => {
    for (const [label, windows] of [[1, training.real] as const, [0, training.synthetic] as const]) {
      for (let i = 0; i < BATCH; i++) {
        pass.sequence.set(windows[random.integer(windows.length)] ?? []);
        runForward(network, pass);
        slopes[window - 1] = sigmoid(pass.outputs[window - 1] ?? 0) - label;
        runBackward(network, pass, slopes, gradient);
      }
    }
    return BATCH;
  });
  const isReal = (each: Float64Array): boolean => lastOutput(network, pass, each) > 0;
  const test = { real: at(sides.real, splits.real.test), synthetic: at(sides.synthetic, splits.synthetic.test) };
  const right = test.real.filter(isReal).length + test.synthetic.filter((each) => !isReal(each)).length;
  const accuracy = right / (test.real.length + test.synthetic.length);
  return { score: Math.abs(accuracy - 0.5), accuracy, iterations, hidden, split };
}

export interface PredictiveScore {
  /** Mean absolute error on all real windows, features between 0 and 1. */
  synthetic: number;
  /** The same of a network trained on real windows: what can be reached. */
  real: number;
  iterations: number;
  hidden: number;
}

/**
 * Predictive score (Yoon et al. 2019, section 5): a GRU learns from synthetic windows to foretell the last feature one
 * step ahead from the others, and is tested on real ones. A sigmoid on each state, absolute error, Adam 1e-3, batches
 * of 128. Of a single feature it is foretold from its own past.
 *
 * @throws QualityError where a table is too short or lacks a feature
 */
export function predictiveScore(
  real: QualityTable,
  synthetic: QualityTable,
  { iterations = 5_000, ...options }: WindowScoreOptions = {},
): PredictiveScore {
  const { window = 24, seed = 0 } = options;
  const { sides, features } = scaledWindows(real, synthetic, options);
  const hidden = options.hidden ?? Math.max(1, Math.floor(features / 2));
  const inputs = Math.max(1, features - 1);
  const learn = (windows: Float64Array[]): number => {
    const network = recurrentNetwork(inputs, hidden, Random.of(seed, 'predictor'));
    const pass = recurrentPass(network, window - 1);
    const slopes = new Float64Array(window - 1);
    const random = Random.of(seed, 'predictor batches');
    descend(network, iterations, (gradient) => {
      for (let i = 0; i < BATCH; i++) {
        const chosen = windows[random.integer(windows.length)] ?? new Float64Array();
        foretell(network, pass, { window: chosen, features });
        for (let t = 0; t < pass.steps; t++) {
          const chance = sigmoid(pass.outputs[t] ?? 0);
          slopes[t] = (Math.sign(chance - targetAt(chosen, t, features)) * chance * (1 - chance)) / pass.steps;
        }
        runBackward(network, pass, slopes, gradient);
      }
      return BATCH;
    });
    return meanError(network, pass, { windows: sides.real, features });
  };
  return { synthetic: learn(sides.synthetic), real: learn(sides.real), iterations, hidden };
}

/** Takes as many steps of Adam; `addGradient` adds that of a batch and says how many rows it has. */
function descend(network: RecurrentNetwork, iterations: number, addGradient: (gradient: Float64Array) => number): void {
  const step = adam(network.parameters);
  const gradient = new Float64Array(network.parameters.length);
  for (let i = 0; i < iterations; i++) {
    gradient.fill(0);
    step(gradient, addGradient(gradient));
  }
}

function lastOutput(network: RecurrentNetwork, pass: RecurrentPass, window: Float64Array): number {
  pass.sequence.set(window);
  runForward(network, pass);
  return pass.outputs[pass.steps - 1] ?? 0;
}

/** Runs over all steps but the last, seeing all features but the last (or the only one). */
function foretell(
  network: RecurrentNetwork,
  pass: RecurrentPass,
  { window, features }: { window: Float64Array; features: number },
): void {
  for (let t = 0; t < pass.steps; t++) {
    for (let i = 0; i < network.inputs; i++) pass.sequence[t * network.inputs + i] = window[t * features + i] ?? 0;
  }
  runForward(network, pass);
}

function targetAt(window: Float64Array, t: number, features: number): number {
  return window[(t + 2) * features - 1] ?? 0;
}

function meanError(
  network: RecurrentNetwork,
  pass: RecurrentPass,
  { windows, features }: { windows: readonly Float64Array[]; features: number },
): number {
  let sum = 0;
  for (const window of windows) {
    foretell(network, pass, { window, features });
    for (let t = 0; t < pass.steps; t++) sum += Math.abs(sigmoid(pass.outputs[t] ?? 0) - targetAt(window, t, features));
  }
  return sum / (windows.length * pass.steps);
}

interface ScaledWindows {
  features: number;
  sides: { real: Float64Array[]; synthetic: Float64Array[] };
}

/** Windows of both tables with features between 0 and 1 by the real extremes. */
function scaledWindows(
  real: QualityTable,
  synthetic: QualityTable,
  { window = 24, maxWindows = Number.POSITIVE_INFINITY, seed = 0, ...description }: WindowScoreOptions,
): ScaledWindows {
  const ofReal = sequencesOf(real, description);
  const ofSynthetic = sequencesOf(synthetic, { ...description, features: ofReal.features });
  const bounds = ofReal.features.map((_, f) => {
    const all = ofReal.sequences.flatMap((sequence) =>
      Array.from(sequence[f] ?? []).filter((value) => !Number.isNaN(value)),
    );
    const [low, high] = all.reduce(
      ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    return { low, range: high > low ? high - low : 1 };
  });
  const scaled = (sequences: Float64Array[][], which: string): Float64Array[] => {
    const places = sequences.map((sequence) =>
      sequence.map((values, f) => values.map((value) => (value - (bounds[f]?.low ?? 0)) / (bounds[f]?.range ?? 1))),
    );
    const windows = windowsOf({ features: ofReal.features, sequences: places }, window);
    if (windows.length < 10) throw tooShort(window);
    if (windows.length <= maxWindows) return windows;
    const start = Random.of(seed, 'windows', which).integer(windows.length - maxWindows + 1);
    return windows.slice(start, start + maxWindows);
  };
  return {
    features: ofReal.features.length,
    sides: { real: scaled(ofReal.sequences, 'real'), synthetic: scaled(ofSynthetic.sequences, 'synthetic') },
  };
}

function tooShort(window: number): QualityError {
  return new QualityError(
    `A table has too few windows of ${window} steps in a row. Give longer sequences or a shorter window.`,
  );
}
