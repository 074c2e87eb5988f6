import type { DiscretePair } from './binning';

/** Up to so many cells the joint counts are an array, above it a map. */
const DENSE_CELLS = 1 << 20;

/** Joint counts of two columns: cell `first * secondSize + second`. */
interface JointCounts {
  rows: number;
  counts: Float64Array | Map<number, number>;
}

/**
 * ContingencySimilarity: 1 - ½ Σ |P_real - P_synthetic| over the cells of the two joint distributions (SDMetrics
 * `ContingencySimilarity`). A missing value is a category.
 *
 * @returns 0 (no cell in common) to 1 (equal joint distributions), undefined where a side has no rows
 */
export function contingencySimilarity(first: DiscretePair, second: DiscretePair): number | undefined {
  const real = jointCounts([first.real, second.real], [first.size, second.size]);
  const synthetic = jointCounts([first.synthetic, second.synthetic], [first.size, second.size]);
  if (real.rows === 0 || synthetic.rows === 0) return undefined;
  const cells = new Set([...occupied(real), ...occupied(synthetic)]);
  let distance = 0;
  for (const cell of cells)
    distance += Math.abs(countOf(real, cell) / real.rows - countOf(synthetic, cell) / synthetic.rows);
  return 1 - distance / 2;
}

/**
 * Cramér's V of the real columns: √(χ² / n / min(rows - 1, columns - 1)) over the categories that occur, a missing
 * value among them, without bias correction (Cramér 1946; SciPy `contingency.association`).
 *
 * @returns 0 (independent) to 1 (one determines the other), undefined where a column has a single category
 */
export function cramersV(first: DiscretePair, second: DiscretePair): number | undefined {
  const joint = jointCounts([first.real, second.real], [first.size, second.size]);
  const rowTotals = new Float64Array(first.size);
  const columnTotals = new Float64Array(second.size);
  for (let i = 0; i < joint.rows; i++) {
    const row = first.real[i] ?? 0;
    const column = second.real[i] ?? 0;
    rowTotals[row] = (rowTotals[row] ?? 0) + 1;
    columnTotals[column] = (columnTotals[column] ?? 0) + 1;
  }
  const occurring = (totals: Float64Array): number => totals.reduce((count, total) => count + (total > 0 ? 1 : 0), 0);
  const freedom = Math.min(occurring(rowTotals), occurring(columnTotals)) - 1;
  if (freedom < 1) return undefined;
  // χ² / n = Σ O² / (R C) - 1: empty cells add nothing, so only occupied ones are visited.
  let sum = 0;
  for (const cell of occupied(joint)) {
    const row = Math.floor(cell / second.size);
    sum += countOf(joint, cell) ** 2 / ((rowTotals[row] ?? 1) * (columnTotals[cell - row * second.size] ?? 1));
  }
  return Math.sqrt(Math.max(0, sum - 1) / freedom);
}

function jointCounts(codes: readonly [Int32Array, Int32Array], sizes: readonly [number, number]): JointCounts {
  const [first, second] = codes;
  const [firstSize, secondSize] = sizes;
  const rows = first.length;
  if (firstSize * secondSize <= DENSE_CELLS) {
    const counts = new Float64Array(firstSize * secondSize);
    for (let i = 0; i < rows; i++) {
      const cell = (first[i] ?? 0) * secondSize + (second[i] ?? 0);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    return { rows, counts };
  }
  const counts = new Map<number, number>();
  for (let i = 0; i < rows; i++) {
    const cell = (first[i] ?? 0) * secondSize + (second[i] ?? 0);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return { rows, counts };
}

function occupied({ counts }: JointCounts): number[] {
  if (counts instanceof Map) return [...counts.keys()];
  const cells: number[] = [];
  for (let cell = 0; cell < counts.length; cell++) if ((counts[cell] ?? 0) > 0) cells.push(cell);
  return cells;
}

function countOf({ counts }: JointCounts, cell: number): number {
  return (counts instanceof Map ? counts.get(cell) : counts[cell]) ?? 0;
}
