import type { SourceColumn } from '../data/parquet';
import { extremes } from './coverage';
import { meanOf } from './mean';
import { isLearned, pairColumn } from './table';
import type { CategoryPair, QualityColumn, QualityTable, QuantityPair } from './table';

export interface ColumnValidity {
  column: string;
  metric: 'BoundaryAdherence' | 'CategoryAdherence' | 'KeyUniqueness';
  /** 0 to 1, undefined where a side has no values. */
  score: number | undefined;
}

export interface DiagnosticReport {
  /** Mean of the two properties that follow. 0 to 1; below 1 a row breaks the rules of the data. */
  score: number | undefined;
  dataValidity: { score: number | undefined; columns: ColumnValidity[] };
  dataStructure: { score: number };
}

/**
 * BoundaryAdherence: share of the synthetic values between the least and the greatest real one (SDMetrics). Missing
 * values are left out.
 *
 * @returns 0 to 1, undefined where a side has no values
 */
export function boundaryAdherence({ real, synthetic }: QuantityPair): number | undefined {
  const bounds = extremes(real);
  if (!bounds) return undefined;
  let values = 0;
  let inside = 0;
  for (const value of synthetic) {
    if (Number.isNaN(value)) continue;
    values++;
    if (value >= bounds.low && value <= bounds.high) inside++;
  }
  return values === 0 ? undefined : inside / values;
}

/**
 * CategoryAdherence: share of the synthetic cells whose value the real column has too (SDMetrics). A missing cell
 * counts as one of its values.
 *
 * @returns 0 to 1, undefined where a side has no rows
 */
export function categoryAdherence({ real, synthetic }: CategoryPair): number | undefined {
  if (real.length === 0 || synthetic.length === 0) return undefined;
  const known = new Set(real);
  let count = 0;
  for (const code of synthetic) if (known.has(code)) count++;
  return count / synthetic.length;
}

/**
 * KeyUniqueness: share of the cells that are neither missing nor seen in an earlier row (SDMetrics).
 *
 * @returns 0 to 1, undefined without rows
 */
export function keyUniqueness(data: SourceColumn): number | undefined {
  const cells = data.kind === 'quantity' ? data.values : data.codes;
  const isPresent = (cell: number): boolean => (data.kind === 'quantity' ? !Number.isNaN(cell) : cell >= 0);
  return cells.length === 0 ? undefined : new Set(cells.filter(isPresent)).size / cells.length;
}

/** Structure: columns (name and role) that both tables have, as a share of those that either has (SDMetrics). */
export function structureScore(real: QualityTable, synthetic: QualityTable): number {
  const wanted = signature(real);
  const found = signature(synthetic);
  const either = new Set([...wanted, ...found]).size;
  return either === 0 ? 1 : [...wanted].filter((column) => found.has(column)).length / either;
}

/**
 * The diagnostic report of SDMetrics: the mean of Data Validity (the plain mean over the columns) and Data Structure.
 * Columns that the synthetic table lacks count in the structure alone. An id is judged only where it is a key, that
 * is where no value of the real column comes twice.
 *
 * @throws QualityError where a column is a quantity in one table and a category in the other
 */
export function diagnosticReport(real: QualityTable, synthetic: QualityTable): DiagnosticReport {
  const others = new Map(synthetic.columns.map((column) => [column.name, column]));
  const columns = real.columns.flatMap((column) => {
    const other = others.get(column.name);
    const validity = other && validityOf(column, other.data);
    return validity ? [{ column: column.name, ...validity }] : [];
  });
  const validity = meanOf(columns.map(({ score }) => score));
  const structure = structureScore(real, synthetic);
  return {
    score: meanOf([validity, structure]),
    dataValidity: { score: validity, columns },
    dataStructure: { score: structure },
  };
}

function validityOf(column: QualityColumn, other: SourceColumn): Omit<ColumnValidity, 'column'> | undefined {
  if (column.role === 'id') {
    return keyUniqueness(column.data) === 1 ? { metric: 'KeyUniqueness', score: keyUniqueness(other) } : undefined;
  }
  if (!isLearned(column)) return undefined;
  const pair = pairColumn(column, other);
  return pair.kind === 'quantity'
    ? { metric: 'BoundaryAdherence', score: boundaryAdherence(pair) }
    : { metric: 'CategoryAdherence', score: categoryAdherence(pair) };
}

function signature({ columns }: QualityTable): Set<string> {
  return new Set(
    columns.filter(({ role }) => role !== 'excluded').map(({ name, role }) => JSON.stringify([name, role])),
  );
}
