import { meanOf } from '../mean';
import { QualityError } from '../table';
import type { QualityTable } from '../table';
import { autocorrelation, leverageEffect } from './autocorrelation';
import { earthMoverDistance, excessKurtosis, hillIndex, skewness } from './moments';
import { aggregate, changesOf, sequencesOf } from './sequences';
import type { SeriesDescription } from './sequences';

export interface StylisedFactsOptions extends SeriesDescription {
  /** Default: log returns of a column whose real values are all above 0, else differences. */
  changes?: 'log_returns' | 'differences' | 'none';
  /** Lags of the autocorrelations. Default 50. */
  maxLag?: number;
  /** Lags of the leverage effect. Default 20. */
  leverageLag?: number;
  /** Steps over which changes are summed. Default 1, 5, 20 and 100. */
  aggregations?: readonly number[];
}

interface Of<Value> {
  real: Value;
  synthetic: Value;
}

/** A real and a synthetic curve over lags 1 … */
export interface LagCurve extends Of<(number | undefined)[]> {
  /** √ of the mean squared difference. */
  distance: number | undefined;
  /** 1 - mean absolute difference / 2: 1 for equal curves, 0 where they are 2 apart. */
  score: number | undefined;
}

export interface StylisedFacts {
  column: string;
  changes: 'log_returns' | 'differences' | 'none';
  /** Of the changes r: about 0 where they cannot be foretold. */
  acf: LagCurve;
  /** Of |r| and r²: falls slowly where volatility clusters. */
  acfAbsolute: LagCurve;
  acfSquared: LagCurve;
  leverage: LagCurve;
  skewness: Of<number | undefined>;
  excessKurtosis: Of<number | undefined>;
  hill: Of<number | undefined>;
  /** Distance of the distributions of changes summed over more and more steps, which become normal (Cont 2001). */
  aggregated: { steps: number; emd: number | undefined; excessKurtosis: Of<number | undefined> }[];
}

/**
 * The stylised facts of each feature (Cont 2001; Wiese et al. 2020, "Quant GANs", section 6): autocorrelation of r,
 * |r| and r², leverage, tails, and the earth mover distance of the changes over 1, 5, 20 and 100 steps.
 *
 * `changes: 'none'` takes the values as changes already, such as a column of returns.
 *
 * @throws QualityError where a column is absent or no quantity, or a feature has fewer than three changes
 */
export function stylisedFacts(
  real: QualityTable,
  synthetic: QualityTable,
  options: StylisedFactsOptions = {},
): StylisedFacts[] {
  const ofReal = sequencesOf(real, options);
  const ofSynthetic = sequencesOf(synthetic, { ...options, features: ofReal.features });
  return ofReal.features.map((column, f) => {
    const levels = {
      real: ofReal.sequences.map((sequence) => sequence[f] ?? new Float64Array()),
      synthetic: ofSynthetic.sequences.map((sequence) => sequence[f] ?? new Float64Array()),
    };
    const isPositive = levels.real.every((values) => values.every((value) => Number.isNaN(value) || value > 0));
    const changes = options.changes ?? (isPositive ? 'log_returns' : 'differences');
    const steps = (values: Float64Array): Float64Array => (changes === 'none' ? values : changesOf(values, changes));
    const sides = { real: levels.real.map(steps), synthetic: levels.synthetic.map(steps) };
    return { column, changes, ...factsOf(column, sides, options) };
  });
}

type Sides = Of<Float64Array[]>;

function factsOf(
  column: string,
  sides: Sides,
  { maxLag = 50, leverageLag = 20, aggregations = [1, 5, 20, 100] }: StylisedFactsOptions,
): Omit<StylisedFacts, 'column' | 'changes'> {
  const pooled = both(sides, (sequences) => pool(sequences, 1));
  for (const which of ['real', 'synthetic'] as const) {
    const values = pooled[which];
    if (values.length < 3) {
      throw new QualityError(
        `Column "${column}" of the ${which} table has ${values.length} changes: a series takes three.`,
      );
    }
  }
  const curve = (of: (sequences: Float64Array[]) => (number | undefined)[]): LagCurve => compared(both(sides, of));
  const acfOf = (change: (value: number) => number) =>
    curve((sequences) =>
      autocorrelation(
        sequences.map((sequence) => sequence.map(change)),
        maxLag,
      ),
    );
  return {
    acf: acfOf((value) => value),
    acfAbsolute: acfOf(Math.abs),
    acfSquared: acfOf((value) => value * value),
    leverage: curve((sequences) => leverageEffect(sequences, leverageLag)),
    skewness: both(pooled, skewness),
    excessKurtosis: both(pooled, excessKurtosis),
    hill: both(pooled, (values) => hillIndex(values)),
    aggregated: aggregations.map((steps) => {
      const sums = both(sides, (sequences) => pool(sequences, steps));
      return {
        steps,
        emd: earthMoverDistance(sums.real, sums.synthetic),
        excessKurtosis: both(sums, (values) => (values.length < 4 ? undefined : excessKurtosis(values))),
      };
    }),
  };
}

function both<From, To>({ real, synthetic }: Of<From>, of: (side: From) => To): Of<To> {
  return { real: of(real), synthetic: of(synthetic) };
}

function pool(sequences: readonly Float64Array[], steps: number): Float64Array {
  return Float64Array.from(sequences.flatMap((changes) => Array.from(aggregate(changes, steps))));
}

function compared({ real, synthetic }: Of<(number | undefined)[]>): LagCurve {
  const gaps = real.map((value, i) => {
    const other = synthetic[i];
    return value === undefined || other === undefined ? undefined : Math.abs(value - other);
  });
  const square = meanOf(gaps.map((gap) => (gap === undefined ? undefined : gap * gap)));
  const gap = meanOf(gaps);
  return {
    real,
    synthetic,
    distance: square === undefined ? undefined : Math.sqrt(square),
    score: gap === undefined ? undefined : 1 - gap / 2,
  };
}
