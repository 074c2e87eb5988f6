import type { SourceColumn } from '../data/parquet';
import { binEdges, edgesUpTo } from './binning';
import { extremes } from './coverage';
import { QualityError, isLearned } from './table';
import type { QualityTable } from './table';

/** A category, or a bin of a quantity, and the shares of the values of each table that are in it. */
export interface ValueShare {
  /** The category, or the bin as [from, to); the outer bins reach to ±∞ but are named by the real extremes. */
  value: string | number | boolean | readonly [number, number];
  realShare: number;
  syntheticShare: number;
}

export interface ColumnCoverage {
  column: string;
  kind: 'quantity' | 'category';
  /**
   * RangeCoverage of a quantity (part of the real range between the synthetic extremes), CategoryCoverage of a
   * category (share of the real categories that occur): both of SDMetrics. 0 to 1, undefined where a side has no
   * values or the real quantity is constant.
   */
  coverage: number | undefined;
  /** Standard deviation of the synthetic values by that of the real ones: near 0 the quantity has collapsed. */
  deviationRatio: number | undefined;
  /** Entropy of the synthetic shares by that of the real ones: near 0 the categories, or bins, have collapsed. */
  entropyRatio: number | undefined;
  /** Categories by falling real share (then those only synthetic rows have), or ten bins in order. */
  values: ValueShare[];
}

/** What is known of the real table, so that each epoch reads synthetic rows alone. */
export interface CoverageBaseline {
  columns: readonly ColumnBaseline[];
}
type ColumnBaseline =
  | {
      kind: 'quantity';
      name: string;
      low: number;
      high: number;
      deviation: number;
      edges: Float64Array;
      shares: Float64Array;
    }
  | { kind: 'category'; name: string; values: readonly (string | number | boolean)[]; shares: Float64Array };

/** Reads the real table once for {@link coverageOf}. Ids and excluded columns do not take part. */
export function coverageBaseline(real: QualityTable): CoverageBaseline {
  return {
    columns: real.columns.filter(isLearned).map(({ name, data }): ColumnBaseline => {
      if (data.kind === 'quantity') {
        const { low, high } = extremes(data.values) ?? { low: Number.NaN, high: Number.NaN };
        const edges = binEdges(data.values);
        return {
          kind: 'quantity',
          name,
          low,
          high,
          deviation: deviationOf(data.values),
          edges,
          shares: binShares(data.values, edges),
        };
      }
      return { kind: 'category', name, values: data.values, shares: codeShares(data.codes, data.values.length) };
    }),
  };
}

/**
 * Which part of every real column the synthetic rows reach, and each category's share: what vanishes in a mode
 * collapse. Takes time in proportion to the synthetic rows alone.
 *
 * @param columns at most `maxValues` categories of each are given (default 100), the coverage is of all
 * @throws QualityError where the synthetic table lacks a column or holds another kind of it
 */
export function coverageOf(
  { columns }: CoverageBaseline,
  synthetic: QualityTable,
  { maxValues = 100 }: { maxValues?: number } = {},
): ColumnCoverage[] {
  const others = new Map(synthetic.columns.map(({ name, data }) => [name, data]));
  return columns.map((baseline) => {
    const data = others.get(baseline.name);
    if (data?.kind !== baseline.kind) throw misfit(baseline, data);
    if (baseline.kind === 'quantity')
      return quantityCoverage(baseline, data.kind === 'quantity' ? data.values : new Float64Array());
    return categoryCoverageOf(baseline, data, maxValues);
  });
}

function misfit({ name, kind }: ColumnBaseline, found: SourceColumn | undefined): QualityError {
  const what = found
    ? `holds the column "${name}" as a ${found.kind} where it is a ${kind}`
    : `lacks the column "${name}"`;
  return new QualityError(`The synthetic table ${what}. Compare tables of one data set.`);
}

function quantityCoverage(real: Extract<ColumnBaseline, { kind: 'quantity' }>, values: Float64Array): ColumnCoverage {
  const found = extremes(values);
  const range = real.high - real.low;
  const below = found ? Math.max(0, found.low - real.low) : 0;
  const above = found ? Math.max(0, real.high - found.high) : 0;
  const shares = binShares(values, real.edges);
  return {
    column: real.name,
    kind: 'quantity',
    coverage: found && range > 0 ? Math.max(0, 1 - (below + above) / range) : undefined,
    deviationRatio: found && real.deviation > 0 ? deviationOf(values) / real.deviation : undefined,
    entropyRatio: found && ratio(entropyOf(shares), entropyOf(real.shares)),
    values: Array.from(shares, (syntheticShare, bin) => ({
      value: [real.edges[bin] ?? 0, real.edges[bin + 1] ?? 0] as const,
      realShare: real.shares[bin] ?? 0,
      syntheticShare,
    })),
  };
}

function categoryCoverageOf(
  real: Extract<ColumnBaseline, { kind: 'category' }>,
  data: SourceColumn,
  maxValues: number,
): ColumnCoverage {
  const { codes, values } = data.kind === 'category' ? data : { codes: new Int32Array(), values: [] };
  const found = codeShares(codes, values.length);
  const shareOf = new Map(values.map((value, code) => [value, found[code] ?? 0]));
  const known = new Set(real.values);
  const shares = [...real.values, ...values.filter((value) => !known.has(value))]
    .map((value, code): ValueShare => ({
      value,
      realShare: real.shares[code] ?? 0,
      syntheticShare: shareOf.get(value) ?? 0,
    }))
    .filter(({ realShare, syntheticShare }) => realShare + syntheticShare > 0)
    .sort((a, b) => b.realShare - a.realShare || b.syntheticShare - a.syntheticShare);
  const wanted = shares.filter(({ realShare }) => realShare > 0);
  const covered = wanted.filter(({ syntheticShare }) => syntheticShare > 0).length;
  const hasValues = found.some((share) => share > 0);
  return {
    column: real.name,
    kind: 'category',
    coverage: wanted.length === 0 ? undefined : covered / wanted.length,
    deviationRatio: undefined,
    entropyRatio: hasValues ? ratio(entropyOf(found), entropyOf(real.shares)) : undefined,
    values: shares.slice(0, maxValues),
  };
}

function ratio(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}

/** Shares of the values that are there. */
function codeShares(codes: Int32Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  return normalised(counts);
}

function binShares(values: Float64Array, edges: Float64Array): Float64Array {
  const inner = edges.subarray(1, -1);
  const counts = new Float64Array(edges.length - 1);
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const bin = edgesUpTo(value, inner);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return normalised(counts);
}

function normalised(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total === 0 ? counts : counts.map((count) => count / total);
}

function entropyOf(shares: Float64Array): number {
  return shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0);
}

/** Of the values that are there, by n; NaN without any. */
function deviationOf(values: Float64Array): number {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    const gap = value - mean;
    mean += gap / count;
    squares += gap * (value - mean);
  }
  return Math.sqrt(squares / count);
}
