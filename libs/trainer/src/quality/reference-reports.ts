import { Random } from '../random/random';
import { qualityReport } from './quality-report';
import type { QualityReport, QualityReportOptions } from './quality-report';
import { QualityError, takeCells, takeRows } from './table';
import type { QualityTable } from './table';

/** The table with every column shuffled by itself: its shapes exactly, none of its trends. */
export function shuffleColumns(table: QualityTable, seed: number): QualityTable {
  const columns = table.columns.map((column, index) => {
    const rows = Random.of(seed, 'independent columns', index).permutation(table.rowCount);
    return { ...column, data: takeCells(column.data, rows) };
  });
  return { rowCount: table.rowCount, columns };
}

/**
 * Two halves of the rows in random order; of an odd number of rows one is left out.
 *
 * @throws QualityError with fewer than two rows
 */
export function splitHalves(table: QualityTable, seed: number): [QualityTable, QualityTable] {
  if (table.rowCount < 2) throw new QualityError(`A table of ${table.rowCount} rows has no halves: it takes two rows.`);
  const order = Random.of(seed, 'halves').permutation(table.rowCount);
  const half = Math.floor(table.rowCount / 2);
  return [takeRows(table, order.subarray(0, half)), takeRows(table, order.subarray(half, 2 * half))];
}

/**
 * The rows in random order, `share` of them in the first table and the others in the second, at least one in each.
 *
 * @throws QualityError with fewer than two rows
 */
export function splitRows(table: QualityTable, share: number, seed: number): [QualityTable, QualityTable] {
  if (table.rowCount < 2)
    throw new QualityError(`A table of ${table.rowCount} rows cannot be split: it takes two rows.`);
  const order = Random.of(seed, 'split').permutation(table.rowCount);
  const first = Math.min(table.rowCount - 1, Math.max(1, Math.round(share * table.rowCount)));
  return [takeRows(table, order.subarray(0, first)), takeRows(table, order.subarray(first))];
}

/** The floor: what real columns score whose rows were torn apart. A model below it learned fewer trends than none. */
export function independentColumnsReport(
  real: QualityTable,
  { seed = 0, ...options }: QualityReportOptions = {},
): QualityReport {
  return qualityReport(real, shuffleColumns(real, seed), { ...options, seed });
}

/** The ceiling: what one real half scores against the other, sampling noise included. No model does better for long. */
export function realHalvesReport(
  real: QualityTable,
  { seed = 0, ...options }: QualityReportOptions = {},
): QualityReport {
  return qualityReport(...splitHalves(real, seed), { ...options, seed });
}
