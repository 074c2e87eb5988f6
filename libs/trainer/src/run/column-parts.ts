import type { Cell, ColumnPart, LiveColumn } from '@gan-dashboard/shared-types';
import { ksComplement, tvComplement } from '../quality/column-shapes';
import { pairColumns } from '../quality/table';
import type { CategoryPair, ColumnPair, QualityTable, QuantityPair } from '../quality/table';

/** Rows of the reference that a part must be expected to have in the probe: missing all of them by chance is 1 in 150. */
const fewestExpected = 5;
const mostParts = 30;
const quantityParts = 10;
const missingLabel = 'missing';

/**
 * The columns of a probe beside those of the real rows: shape, coverage by category or tenth of the values, spread.
 *
 * @param real many real rows, from which the parts and their shares are taken; at least as many as `synthetic` has
 */
export function liveColumns(real: QualityTable, synthetic: QualityTable): LiveColumn[] {
  const dates = new Set(real.columns.filter(({ role }) => role === 'datetime').map(({ name }) => name));
  const values = new Map(real.columns.map(({ name, data }) => [name, data.kind === 'category' ? data.values : []]));
  return pairColumns(real, synthetic).map((pair) => {
    const shape = pair.kind === 'quantity' ? ksComplement(pair.real, pair.synthetic) : tvComplement(pair);
    const all =
      pair.kind === 'quantity'
        ? partsOfQuantity(pair, dates.has(pair.name) ? shortDate : shortNumber)
        : partsOfCategory(pair, values.get(pair.name) ?? []);
    const parts = all.map(({ label, counts }) => partOf(label, counts, pair));
    const judged = parts.filter((part) => part.is_judged);
    const spread = spreadOf(pair, parts);
    return {
      name: pair.name,
      kind: pair.kind,
      ...(shape === undefined ? {} : { shape: rounded(clamp(shape)) }),
      ...(judged.length === 0
        ? {}
        : { coverage: rounded(judged.filter((part) => part.synthetic > 0).length / judged.length) }),
      ...(spread === undefined ? {} : { spread: rounded(spread) }),
      parts,
    };
  });
}

interface Counted {
  label: string;
  /** Real, synthetic. */
  counts: [number, number];
}

function partOf(label: string, [inReal, inSynthetic]: [number, number], { real, synthetic }: ColumnPair): ColumnPart {
  const share = inReal / real.length;
  return {
    label,
    real: rounded(share),
    synthetic: inSynthetic === 0 ? 0 : Math.max(1e-5, rounded(inSynthetic / synthetic.length)),
    is_judged: share * synthetic.length >= fewestExpected,
  };
}

/** Tenths of the real values; values that stand for more than a tenth have a part of their own. */
function partsOfQuantity({ real, synthetic }: QuantityPair, write: (value: number) => string): Counted[] {
  const sorted = real.filter((value) => !Number.isNaN(value)).sort();
  const last = sorted.length - 1;
  const edges = [
    ...new Set(
      Array.from({ length: quantityParts + 1 }, (_, i) => sorted[Math.round((i / quantityParts) * last)] ?? Number.NaN),
    ),
  ].filter((edge) => !Number.isNaN(edge));
  const first = edges[0];
  const end = edges.at(-1);
  if (first === undefined || end === undefined) return missingPart(real, synthetic);
  const starts = edges.length > 1 ? edges.slice(0, -1) : edges;
  const parts = starts.map((start, i): Counted => {
    const next = edges[i + 1];
    return { label: next === undefined ? write(start) : `${write(start)} to ${write(next)}`, counts: [0, 0] };
  });
  const count = (values: Float64Array, side: 0 | 1) => {
    for (const value of values) {
      // What lies outside of the real range is in no part; NaN compares false.
      if (!(value >= first && value <= end)) continue;
      const part = parts[lastAtMost(starts, value)];
      if (part) part.counts[side]++;
    }
  };
  count(real, 0);
  count(synthetic, 1);
  return [...parts.filter(({ counts }) => counts[0] > 0), ...missingPart(real, synthetic)];
}

function lastAtMost(starts: readonly number[], value: number): number {
  let index = starts.length - 1;
  while (index > 0 && (starts[index] ?? 0) > value) index--;
  return index;
}

function missingPart(real: Float64Array, synthetic: Float64Array): Counted[] {
  const counts: [number, number] = [countMissing(real), countMissing(synthetic)];
  return counts[0] > 0 ? [{ label: missingLabel, counts }] : [];
}

function countMissing(values: Float64Array): number {
  return values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
}

/** The most frequent categories, the rest together, and the missing values. */
function partsOfCategory({ real, synthetic, size }: CategoryPair, values: readonly Cell[]): Counted[] {
  const [inReal, inSynthetic] = [countsOf(real, size), countsOf(synthetic, size)];
  const order = [...inReal.counts.keys()]
    .filter((code) => (inReal.counts[code] ?? 0) > 0)
    .sort((a, b) => (inReal.counts[b] ?? 0) - (inReal.counts[a] ?? 0) || a - b);
  const sumOf = (codes: readonly number[]): [number, number] => [
    codes.reduce((sum, code) => sum + (inReal.counts[code] ?? 0), 0),
    codes.reduce((sum, code) => sum + (inSynthetic.counts[code] ?? 0), 0),
  ];
  // One category too many would be a rest of one.
  const kept = order.length <= mostParts + 1 ? order.length : mostParts;
  const parts = order.slice(0, kept).map((code): Counted => ({
    label: String(values[code] ?? code).slice(0, 60),
    counts: sumOf([code]),
  }));
  const rest = order.slice(kept);
  if (rest.length > 0) parts.push({ label: `${rest.length} rarer values`, counts: sumOf(rest) });
  if (inReal.missing > 0) parts.push({ label: missingLabel, counts: [inReal.missing, inSynthetic.missing] });
  return parts;
}

function countsOf(codes: Int32Array, size: number): { counts: number[]; missing: number } {
  const counts = new Array<number>(size).fill(0);
  let missing = 0;
  for (const code of codes) {
    if (code < 0) missing++;
    else counts[code] = (counts[code] ?? 0) + 1;
  }
  return { counts, missing };
}

/** Standard deviation, or entropy of the shares, as a share of the real one. */
function spreadOf(pair: ColumnPair, parts: readonly ColumnPart[]): number | undefined {
  const [real, synthetic] =
    pair.kind === 'quantity'
      ? [deviationOf(pair.real), deviationOf(pair.synthetic)]
      : [entropyOf(parts.map((part) => part.real)), entropyOf(parts.map((part) => part.synthetic))];
  return real > 0 && Number.isFinite(synthetic / real) ? synthetic / real : undefined;
}

function deviationOf(values: Float64Array): number {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const gap = value - mean;
    mean += gap / ++count;
    squares += gap * (value - mean);
  }
  return count < 2 ? Number.NaN : Math.sqrt(squares / (count - 1));
}

function entropyOf(shares: readonly number[]): number {
  return -shares.reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0);
}

function shortNumber(value: number): string {
  return Number(value.toPrecision(5)).toString();
}

function shortDate(value: number): string {
  const text = new Date(value).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Five decimals: what a probe of some thousand rows can tell. */
export function rounded(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
