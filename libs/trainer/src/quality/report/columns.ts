import type { CategoryShare, ColumnQuality, QuantitySummary } from '@gan-dashboard/shared-types';
import { meanOf } from '../mean';
import { boundaryAdherence, categoryAdherence } from '../diagnostic-report';
import { categoryCoverage, extremes, rangeCoverage } from '../coverage';
import { medianOf } from '../privacy/rows';
import type { ColumnShape } from '../quality-report';
import { isLearned, pairColumns } from '../table';
import type { CategoryPair, QualityColumn, QualityTable, QuantityPair } from '../table';

const HISTOGRAM_BINS = 40;
/** Categories that are listed one by one. */
const LISTED_CATEGORIES = 50;

type Shared = Pick<ColumnQuality, 'column' | 'role' | 'metric' | 'score' | 'missing'>;

/** What the report shows of each learned column: its shape's score, coverage, and both distributions to draw. */
export function columnQualities(
  real: QualityTable,
  synthetic: QualityTable,
  shapes: readonly ColumnShape[],
): ColumnQuality[] {
  const learned = real.columns.filter(isLearned);
  return pairColumns(real, synthetic).map((pair, i) => {
    const column = learned[i];
    const shape = shapes[i];
    if (!column || !shape) throw new RangeError('every learned column has a shape');
    const shared: Shared = {
      column: pair.name,
      role: roleOf(column),
      metric: shape.metric,
      score: shape.score ?? null,
      missing: { real: missingShare(pair.real), synthetic: missingShare(pair.synthetic) },
    };
    return pair.kind === 'quantity'
      ? quantityQuality(shared, pair)
      : categoryQuality(shared, pair, valuesOf(column, synthetic));
  });
}

function roleOf({ role }: QualityColumn): ColumnQuality['role'] {
  if (role === 'numeric' || role === 'categorical' || role === 'datetime') return role;
  throw new RangeError(`a column of role ${role} is not learned`);
}

function missingShare(cells: Float64Array | Int32Array): number {
  let missing = 0;
  for (const cell of cells) if (Number.isNaN(cell) || (cells instanceof Int32Array && cell < 0)) missing++;
  return missing / cells.length;
}

function quantityQuality(shared: Shared, pair: QuantityPair): ColumnQuality {
  const quality: ColumnQuality = {
    ...shared,
    coverage: rangeCoverage(pair) ?? null,
    validity: boundaryAdherence(pair) ?? null,
    summary: { real: summaryOf(pair.real), synthetic: summaryOf(pair.synthetic) },
  };
  const histogram = histogramOf(pair);
  return histogram ? { ...quality, histogram } : quality;
}

export function summaryOf(values: Float64Array): QuantitySummary {
  const present = values.filter((value) => !Number.isNaN(value));
  const bounds = extremes(present);
  const mean = meanOf(present);
  if (!bounds || mean === undefined) return { minimum: null, maximum: null, mean: null, deviation: null, median: null };
  let squares = 0;
  for (const value of present) squares += (value - mean) ** 2;
  const deviation = present.length < 2 ? null : Math.sqrt(squares / (present.length - 1));
  return { minimum: bounds.low, maximum: bounds.high, mean, deviation, median: medianOf(present) };
}

/** Shares of the values in equal bins over both ranges; whole numbers of a small range get a bin each. */
function histogramOf({ real, synthetic }: QuantityPair): ColumnQuality['histogram'] | undefined {
  const bounds = extremes(Float64Array.from([...boundsOf(real), ...boundsOf(synthetic)]));
  if (!bounds) return undefined;
  const { low, high } = bounds.low === bounds.high ? { low: bounds.low - 0.5, high: bounds.high + 0.5 } : bounds;
  const isCounted = high - low < HISTOGRAM_BINS && [real, synthetic].every((values) => values.every(isWholeOrMissing));
  const bins = isCounted ? Math.round(high - low) + (bounds.low === bounds.high ? 0 : 1) : HISTOGRAM_BINS;
  const start = isCounted && bounds.low !== bounds.high ? low - 0.5 : low;
  const width = isCounted ? 1 : (high - low) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => start + i * width);
  return {
    edges,
    real: sharesIn(real, { start, width, bins }),
    synthetic: sharesIn(synthetic, { start, width, bins }),
  };
}

function boundsOf(values: Float64Array): number[] {
  const found = extremes(values);
  return found ? [found.low, found.high] : [];
}

function isWholeOrMissing(value: number): boolean {
  return Number.isNaN(value) || Number.isInteger(value);
}

function sharesIn(
  values: Float64Array,
  { start, width, bins }: { start: number; width: number; bins: number },
): number[] {
  const counts = new Array<number>(bins).fill(0);
  let total = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - start) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
    total++;
  }
  return total === 0 ? counts : counts.map((count) => count / total);
}

/** The values behind the codes of a pair: those of the real column, then those that only the synthetic one has. */
function valuesOf(column: QualityColumn, synthetic: QualityTable): (string | number | boolean)[] {
  const other = synthetic.columns.find(({ name }) => name === column.name);
  const all = [column.data, other?.data].flatMap((data) => (data?.kind === 'category' ? data.values : []));
  return [...new Set(all)];
}

function categoryQuality(
  shared: Shared,
  pair: CategoryPair,
  values: readonly (string | number | boolean)[],
): ColumnQuality {
  const quality: ColumnQuality = {
    ...shared,
    coverage: categoryCoverage(pair) ?? null,
    validity: categoryAdherence(pair) ?? null,
  };
  const [real, synthetic] = [codeShares(pair.real, pair.size), codeShares(pair.synthetic, pair.size)];
  const all = values
    .map((value, code): CategoryShare => ({ value, real: real[code] ?? 0, synthetic: synthetic[code] ?? 0 }))
    .sort((a, b) => b.real - a.real || b.synthetic - a.synthetic);
  const listed = { ...quality, categories: all.slice(0, LISTED_CATEGORIES) };
  const rest = all.slice(LISTED_CATEGORIES);
  if (rest.length === 0) return listed;
  const sum = (of: 'real' | 'synthetic') => rest.reduce((total, each) => total + each[of], 0);
  return { ...listed, other_categories: { count: rest.length, real: sum('real'), synthetic: sum('synthetic') } };
}

function codeShares(codes: Int32Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  return counts.map((count) => count / codes.length);
}
