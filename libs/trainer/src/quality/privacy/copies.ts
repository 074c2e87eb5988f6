import { Random } from '../../random/random';
import { pairColumns } from '../table';
import type { ColumnPair, QualityTable } from '../table';
import { sampleRows } from './rows';
import type { SampleOptions } from './rows';

export interface ExactCopies {
  /** Share of the synthetic rows that equal a real row in every learned column. */
  copied: number;
  /** Share of the synthetic rows that equal an earlier synthetic row. */
  repeated: number;
  /** The same of the real rows: what `repeated` is to be held against. */
  repeatedInReal: number;
}

/**
 * Rows that are equal in every learned column, missing values being equal to each other.
 *
 * @throws QualityError where the tables do not have the same columns
 */
export function exactCopies(synthetic: QualityTable, real: QualityTable): ExactCopies {
  const pairs = pairColumns(real, synthetic);
  const ids = rowIdentities(pairs, real.rowCount + synthetic.rowCount);
  const realIds = ids.subarray(0, real.rowCount);
  const syntheticIds = ids.subarray(real.rowCount);
  const known = new Set(realIds);
  return {
    copied: syntheticIds.reduce((count, id) => count + (known.has(id) ? 1 : 0), 0) / synthetic.rowCount,
    repeated: 1 - new Set(syntheticIds).size / synthetic.rowCount,
    repeatedInReal: 1 - known.size / real.rowCount,
  };
}

/** A number per row, real rows first, that two rows share exactly if they are equal in all columns. */
function rowIdentities(pairs: readonly ColumnPair[], rows: number): Uint32Array {
  const ids = new Uint32Array(rows);
  for (const { real, synthetic } of pairs) {
    const values = new Map<number, number>();
    const cells = Array.from(ids, (_, row) => {
      const cell = (row < real.length ? real[row] : synthetic[row - real.length]) ?? Number.NaN;
      const code = values.get(cell) ?? values.size;
      values.set(cell, code);
      return code;
    });
    const combined = new Map<number, number>();
    for (let row = 0; row < rows; row++) {
      const key = (ids[row] ?? 0) * values.size + (cells[row] ?? 0);
      const id = combined.get(key) ?? combined.size;
      combined.set(key, id);
      ids[row] = id;
    }
  }
  return ids;
}

export interface NewRowOptions extends SampleOptions {
  /** How far two numbers that match may be apart, as a share of the synthetic one. Default 0.01. */
  tolerance?: number;
}

export interface NewRowSynthesis {
  /** 0 (every row matches a real one) to 1 (none does). */
  score: number;
  newRows: number;
  matchedRows: number;
}

/**
 * NewRowSynthesis (SDMetrics): share of the synthetic rows that no real row matches in all learned columns. Numbers
 * match within 1% of the synthetic one, missing values match each other.
 *
 * @param options at most 10,000 rows are judged by default
 * @throws QualityError where the tables do not have the same columns
 */
export function newRowSynthesis(
  synthetic: QualityTable,
  real: QualityTable,
  { maxRows = 10_000, seed = 0, tolerance = 0.01 }: NewRowOptions = {},
): NewRowSynthesis {
  const judged = sampleRows(synthetic, maxRows, Random.of(seed, 'new row synthesis'));
  const columns = pairColumns(real, judged)
    .map((pair) => ({
      real: pair.real,
      synthetic: pair.synthetic,
      tolerance: pair.kind === 'quantity' ? tolerance : 0,
    }))
    .map((column) => ({ column, chance: chanceOfMatch(column.real) }))
    // The column that tells most rows apart is asked first.
    .sort((a, b) => a.chance - b.chance)
    .map(({ column }) => column);
  let matchedRows = 0;
  for (let row = 0; row < judged.rowCount; row++) if (isMatched(row, columns, real.rowCount)) matchedRows++;
  const newRows = judged.rowCount - matchedRows;
  return { score: newRows / judged.rowCount, newRows, matchedRows };
}

interface Matchable {
  real: Float64Array | Int32Array;
  synthetic: Float64Array | Int32Array;
  tolerance: number;
}

function isMatched(row: number, columns: readonly Matchable[], realRows: number): boolean {
  // Bounds as |real - value| ≤ width; a missing value matches what is unequal to itself.
  const wanted = columns.map(({ real, synthetic, tolerance }) => {
    const value = synthetic[row] ?? Number.NaN;
    return { real, value, width: Math.abs(value * tolerance), isMissing: Number.isNaN(value) };
  });
  for (let candidate = 0; candidate < realRows; candidate++) {
    let isSame = true;
    for (let c = 0; c < wanted.length && isSame; c++) {
      const column = wanted[c];
      const cell = column?.real[candidate] ?? Number.NaN;
      isSame = column?.isMissing ? Number.isNaN(cell) : Math.abs(cell - (column?.value ?? 0)) <= (column?.width ?? 0);
    }
    if (isSame) return true;
  }
  return false;
}

/** The chance that two rows drawn at random hold the same value. */
function chanceOfMatch(cells: Float64Array | Int32Array): number {
  const counts = new Map<number, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum += (count / cells.length) ** 2;
  return sum;
}
