import { Random } from '../../src/random/random';
import { buildGru, outputs, update } from './gru';

/** Windows `[steps][columns]`, flat, on the scale of the real table in [0, 1]. */
export type Windows = readonly Float64Array[];

interface Shape {
  steps: number;
  columns: number;
}

/**
 * The discriminative score of Yoon et al. 2019 ("Time-series Generative Adversarial Networks"): how far a small GRU gets
 * above chance in telling real windows from synthetic ones. 2,000 updates, batches of 128 and 128, 80 % to learn from.
 *
 * @param isSplitByBlock whether the windows to test on are the last ones of the table, which share no row with the others
 */
export function discriminativeScore(
  real: Windows,
  synthetic: Windows,
  { shape, seed, isSplitByBlock }: { shape: Shape; seed: number; isSplitByBlock: boolean },
): number {
  const random = Random.of(seed, 'discriminative');
  const gru = buildGru(shape.columns, Math.max(1, Math.floor(shape.columns / 2)), random);
  const [realTrain, realTest] = split(real, random, isSplitByBlock ? shape.steps : 0);
  const [fakeTrain, fakeTest] = split(synthetic, random, 0);
  for (let step = 0; step < 2_000; step++) {
    const batch = [...draw(realTrain, 128, random), ...draw(fakeTrain, 128, random)];
    update(gru, batch, shape.steps, (index, t, output) => {
      if (t < shape.steps - 1) return 0;
      const label = index < 128 ? 1 : 0;
      return (1 / (1 + Math.exp(-output)) - label) / 128;
    });
  }
  const isReal = (window: Float64Array) => (outputs(gru, window, shape.steps).at(-1) ?? 0) > 0;
  const right = realTest.filter(isReal).length + fakeTest.filter((window) => !isReal(window)).length;
  return Math.abs(right / (realTest.length + fakeTest.length) - 0.5);
}

/**
 * The predictive score of Yoon et al. 2019: the mean absolute error, on all real windows, of a small GRU that has learned
 * from the synthetic ones to tell the last column one row ahead from the others. 5,000 updates of 128 windows.
 */
export function predictiveScore(real: Windows, learnFrom: Windows, { shape, seed }: { shape: Shape; seed: number }): number {
  const random = Random.of(seed, 'predictive');
  const { steps, columns } = shape;
  const gru = buildGru(columns - 1, Math.max(1, Math.floor(columns / 2)), random);
  const inputsOf = (window: Float64Array) => window.subarray(0, (steps - 1) * columns).filter((_, i) => i % columns < columns - 1);
  const targetOf = (window: Float64Array, t: number) => window[(t + 2) * columns - 1] ?? 0;
  const learn = learnFrom.map((window) => ({ window, inputs: inputsOf(window) }));
  for (let step = 0; step < 5_000; step++) {
    const batch = draw(learn, 128, random);
    update(
      gru,
      batch.map(({ inputs }) => inputs),
      steps - 1,
      (index, t, output) => {
        const predicted = 1 / (1 + Math.exp(-output));
        const error = predicted - targetOf(batch[index]?.window ?? new Float64Array(), t);
        return (Math.sign(error) * predicted * (1 - predicted)) / (128 * (steps - 1));
      },
    );
  }
  let sum = 0;
  for (const window of real) {
    const told = outputs(gru, inputsOf(window), steps - 1);
    told.forEach((output, t) => (sum += Math.abs(1 / (1 + Math.exp(-output)) - targetOf(window, t))));
  }
  return sum / (real.length * (steps - 1));
}

/** @param gap windows between the two parts that are left out; 0 shuffles first */
function split(windows: Windows, random: Random, gap: number): [Float64Array[], Float64Array[]] {
  const order = gap > 0 ? windows.map((_, i) => i) : [...random.permutation(windows.length)];
  const at = Math.floor(windows.length * 0.8);
  const take = (from: number, to: number) => order.slice(from, to).flatMap((i) => windows[i] ?? []);
  return [take(0, at - gap), take(at, windows.length)];
}

function draw<Item>(items: readonly Item[], count: number, random: Random): Item[] {
  return Array.from({ length: count }, () => items[random.integer(items.length)] as Item);
}

/** Wasserstein-1 distance of two samples of numbers: the area between their distribution functions. */
export function earthMoversDistance(a: Float64Array, b: Float64Array): number {
  const [x, y] = [a.slice().sort(), b.slice().sort()];
  let [i, j, sum] = [0, 0, 0];
  let at = Math.min(x[0] ?? 0, y[0] ?? 0);
  while (i < x.length || j < y.length) {
    const next = Math.min(x[i] ?? Number.POSITIVE_INFINITY, y[j] ?? Number.POSITIVE_INFINITY);
    sum += Math.abs(i / x.length - j / y.length) * (next - at);
    at = next;
    while (i < x.length && (x[i] ?? 0) <= at) i++;
    while (j < y.length && (y[j] ?? 0) <= at) j++;
  }
  return sum;
}
