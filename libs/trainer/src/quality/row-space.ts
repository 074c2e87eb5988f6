import { extremes } from './coverage';
import { QualityError, isLearned, pairColumns } from './table';
import type { QualityTable, QuantityPair } from './table';

/** Least value and range of a quantity, by column name: what a distance of 1 is. */
export type Scales = ReadonlyMap<string, { low: number; range: number }>;

/** The scales of a table's quantities; of several tables, those of all their rows together. */
export function scalesOf(...tables: readonly QualityTable[]): Scales {
  const scales = new Map<string, { low: number; range: number }>();
  for (const column of tables.flatMap(({ columns }) => columns)) {
    const found = isLearned(column) && column.data.kind === 'quantity' ? extremes(column.data.values) : undefined;
    if (!found) continue;
    const known = scales.get(column.name);
    const low = Math.min(found.low, known?.low ?? found.low);
    const high = Math.max(found.high, known ? known.low + known.range : found.high);
    scales.set(column.name, { low, range: high - low });
  }
  return scales;
}

/** Rows as points, row after row, so that comparing two reads neighbouring memory. */
export interface Points {
  rowCount: number;
  /** [rows, places] NaN is a missing value. */
  places: Float64Array;
  /** [rows, codes] -1 is a missing value. */
  codes: Int32Array;
}

/**
 * Rows of mixed columns as points: the one encoding of every distance between rows (DCR, NNDR, MMD, PRDC).
 *
 * A quantity is its place (value - low) / range on its scale, and two places are min(|Δ|, 1) apart. A category is a
 * code, as is a quantity without a range: two codes are 0 or 1 apart. A missing value is 0 from another one and 1
 * from any value. Left out are ids and excluded columns.
 */
export interface RowSpace {
  /** Columns: places and codes together. */
  width: number;
  places: number;
  codes: number;
  reference: Points;
  rows: Points;
}

/**
 * @param scales default the ranges of the reference
 * @throws QualityError where the tables do not have the same columns or have none that is learned
 */
export function rowSpace(rows: QualityTable, reference: QualityTable, scales: Scales = scalesOf(reference)): RowSpace {
  const pairs = pairColumns(reference, rows);
  if (pairs.length === 0) {
    throw new QualityError('The tables have no numeric, categorical or datetime column to measure a distance in.');
  }
  const places: QuantityPair[] = [];
  const codes: CodePair[] = [];
  for (const pair of pairs) {
    const scale = scales.get(pair.name);
    if (pair.kind === 'category') codes.push(pair);
    else if (scale && scale.range > 0) places.push(placed(pair, scale));
    else codes.push(coded(pair));
  }
  // The column that tells most rows apart is asked first.
  const chances = new Map(codes.map((pair) => [pair, chanceOfMatch(pair.real)]));
  codes.sort((a, b) => (chances.get(a) ?? 1) - (chances.get(b) ?? 1));
  const points = (side: 'real' | 'synthetic', rowCount: number): Points => ({
    rowCount,
    places: packed(
      places.map((pair) => pair[side]),
      new Float64Array(rowCount * places.length),
    ),
    codes: packed(
      codes.map((pair) => pair[side]),
      new Int32Array(rowCount * codes.length),
    ),
  });
  return {
    width: pairs.length,
    places: places.length,
    codes: codes.length,
    reference: points('real', reference.rowCount),
    rows: points('synthetic', rows.rowCount),
  };
}

interface CodePair {
  real: Int32Array;
  synthetic: Int32Array;
}

function placed(pair: QuantityPair, { low, range }: { low: number; range: number }): QuantityPair {
  const place = (value: number): number => (value - low) / range;
  return { ...pair, real: pair.real.map(place), synthetic: pair.synthetic.map(place) };
}

/** A number for each distinct value, -1 for a missing one. */
function coded({ real, synthetic }: QuantityPair): CodePair {
  const known = new Map<number, number>();
  const code = (value: number): number => {
    if (Number.isNaN(value)) return -1;
    const found = known.get(value) ?? known.size;
    known.set(value, found);
    return found;
  };
  return { real: Int32Array.from(real, code), synthetic: Int32Array.from(synthetic, code) };
}

/** The chance that two rows drawn at random hold the same value. */
function chanceOfMatch(cells: Int32Array): number {
  const counts = new Map<number, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum += (count / cells.length) ** 2;
  return sum;
}

function packed<Cells extends Float64Array | Int32Array>(columns: readonly Cells[], cells: Cells): Cells {
  const width = columns.length;
  columns.forEach((column, c) => {
    for (let row = 0; row < column.length; row++) cells[row * width + c] = column[row] ?? Number.NaN;
  });
  return cells;
}

/** How far two places are apart, 0 to 1. */
export function gapOf(a: number, b: number): number {
  const gap = Math.abs(a - b);
  if (gap <= 1) return gap;
  return gap > 1 || !(Number.isNaN(a) && Number.isNaN(b)) ? 1 : 0;
}

/** Sum over the columns of the squared distances between row `i` of one and row `j` of the other. */
export function squaredDistance(space: RowSpace, [a, i]: PointAt, [b, j]: PointAt): number {
  let sum = 0;
  const codesA = i * space.codes;
  const codesB = j * space.codes;
  for (let c = 0; c < space.codes; c++) if (a.codes[codesA + c] !== b.codes[codesB + c]) sum++;
  const placesA = i * space.places;
  const placesB = j * space.places;
  for (let c = 0; c < space.places; c++) sum += gapOf(a.places[placesA + c] ?? 0, b.places[placesB + c] ?? 0) ** 2;
  return sum;
}
type PointAt = readonly [Points, number];
