import { Random } from '../random/random';
import { discretise } from './binning';
import type { Binning, DiscretePair } from './binning';
import { ksComplement, tvComplement } from './column-shapes';
import { contingencySimilarity, cramersV } from './contingency';
import { correlationSimilarity } from './correlation';
import { meanOf } from './mean';
import { pairColumns, take } from './table';
import type { ColumnPair, QualityTable, QuantityPair } from './table';

/** Above so many rows the joint distributions are taken from a seeded subsample (SDMetrics: unseeded). */
export const CONTINGENCY_ROWS = 50_000;

/** What a pair of real columns has to exceed to count: |Pearson's ρ| for two quantities, else Cramér's V. */
export interface TrendThresholds {
  correlation: number;
  association: number;
}

/** Those of SDMetrics since 0.27: without them pairs that never had a trend make up most of the score. */
export const trendThresholds: TrendThresholds = { correlation: 0.5, association: 0.3 };

export interface QualityReportOptions {
  /** Default `real`. */
  binning?: Binning;
  /** Default {@link trendThresholds}; `null` counts every pair, as SDMetrics did before 0.27. */
  thresholds?: TrendThresholds | null;
  /** Seed of the subsample of tables above 50,000 rows. Default 0. */
  seed?: number;
}

export interface ColumnShape {
  column: string;
  metric: 'KSComplement' | 'TVComplement';
  /** 0 to 1, undefined where a side has no values. */
  score: number | undefined;
}

export interface PairTrend {
  columns: [string, string];
  metric: 'CorrelationSimilarity' | 'ContingencySimilarity';
  /** 0 to 1, undefined where it cannot be computed (a constant column). */
  score: number | undefined;
  /** Pearson's ρ of two quantities, else Cramér's V, of the real table; undefined for a constant column. */
  realStrength: number | undefined;
  /** The same of the synthetic table. */
  syntheticStrength: number | undefined;
  /** Whether the trend of the real table exceeds the threshold, so that the pair counts. */
  isCounted: boolean;
}

export interface QualityReport {
  /** Mean of the two properties that follow. 0 to 1. */
  score: number | undefined;
  columnShapes: { score: number | undefined; columns: ColumnShape[] };
  columnPairTrends: {
    /** Mean over the counted pairs, undefined where there are none. */
    score: number | undefined;
    /** Mean over all pairs: the score of SDMetrics before 0.27. */
    scoreOfAllPairs: number | undefined;
    pairs: PairTrend[];
  };
}

/**
 * The quality report of SDMetrics: the mean of Column Shapes and Column Pair Trends, each the plain mean of its
 * columns or pairs. Two quantities are compared by correlation, all other pairs by contingency, quantities then in
 * ten bins. Ids and excluded columns do not take part.
 *
 * Shuffled real columns score high: read the score beside those of `independentColumnsReport` and `realHalvesReport`.
 *
 * @throws QualityError where the tables do not have the same columns
 */
export function qualityReport(
  real: QualityTable,
  synthetic: QualityTable,
  options: QualityReportOptions = {},
): QualityReport {
  const pairs = pairColumns(real, synthetic);
  const columns = pairs.map(shapeOf);
  const trends = pairTrends(pairs, options);
  const shapes = meanOf(columns.map(({ score }) => score));
  const counted = meanOf(trends.filter(({ isCounted }) => isCounted).map(({ score }) => score));
  return {
    score: meanOf([shapes, counted]),
    columnShapes: { score: shapes, columns },
    columnPairTrends: {
      score: counted,
      scoreOfAllPairs: meanOf(trends.map(({ score }) => score)),
      pairs: trends,
    },
  };
}

function shapeOf(pair: ColumnPair): ColumnShape {
  return pair.kind === 'quantity'
    ? { column: pair.name, metric: 'KSComplement', score: ksComplement(pair.real, pair.synthetic) }
    : { column: pair.name, metric: 'TVComplement', score: tvComplement(pair) };
}

function pairTrends(
  pairs: readonly ColumnPair[],
  { binning = 'real', thresholds = trendThresholds, seed = 0 }: QualityReportOptions,
): PairTrend[] {
  const sampled = subsampler(pairs[0], seed);
  // A report of quantities alone needs no bins.
  const discrete = pairs.some(({ kind }) => kind === 'category')
    ? pairs.map((pair) => sampled(discretise(pair, binning)))
    : [];
  const trends: PairTrend[] = [];
  pairs.forEach((first, i) => {
    for (let j = i + 1; j < pairs.length; j++) {
      const second = pairs[j];
      if (!second) continue;
      const trend =
        first.kind === 'quantity' && second.kind === 'quantity'
          ? correlationTrend(first, second)
          : contingencyTrend(discrete[i], discrete[j]);
      const isCounted = thresholds === null || exceeds(trend, thresholds);
      trends.push({ columns: [first.name, second.name], ...trend, isCounted });
    }
  });
  return trends;
}

type Trend = Omit<PairTrend, 'columns' | 'isCounted'>;

function correlationTrend(first: QuantityPair, second: QuantityPair): Trend {
  const { score, real, synthetic } = correlationSimilarity(
    [first.real, second.real],
    [first.synthetic, second.synthetic],
  );
  return { metric: 'CorrelationSimilarity', score, realStrength: real, syntheticStrength: synthetic };
}

function contingencyTrend(first: DiscretePair | undefined, second: DiscretePair | undefined): Trend {
  if (!first || !second) throw new RangeError('a pair with a category needs both columns in codes');
  return {
    metric: 'ContingencySimilarity',
    score: contingencySimilarity(first, second),
    realStrength: cramersV(first, second),
    syntheticStrength: cramersV(syntheticAlone(first), syntheticAlone(second)),
  };
}

function syntheticAlone({ synthetic, size }: DiscretePair): DiscretePair {
  return { real: synthetic, synthetic, size };
}

function exceeds({ metric, realStrength }: Trend, thresholds: TrendThresholds): boolean {
  const threshold = metric === 'CorrelationSimilarity' ? thresholds.correlation : thresholds.association;
  // SDMetrics reads a threshold of 0 as none.
  return threshold === 0 || (realStrength !== undefined && Math.abs(realStrength) > threshold);
}

/** Takes the same rows of every column, so that the joint distributions are those of rows. */
function subsampler(pair: ColumnPair | undefined, seed: number): (pair: DiscretePair) => DiscretePair {
  const rowsOf = (length: number, table: string): Uint32Array | undefined =>
    length > CONTINGENCY_ROWS
      ? Random.of(seed, 'contingency', table).permutation(length).subarray(0, CONTINGENCY_ROWS)
      : undefined;
  const real = rowsOf(pair?.real.length ?? 0, 'real');
  const synthetic = rowsOf(pair?.synthetic.length ?? 0, 'synthetic');
  const sample = (codes: Int32Array, rows: Uint32Array | undefined): Int32Array =>
    rows ? take(codes, new Int32Array(rows.length), rows) : codes;
  return (discrete) => ({
    ...discrete,
    real: sample(discrete.real, real),
    synthetic: sample(discrete.synthetic, synthetic),
  });
}
