import type { Classifier } from './classifier';
import type { Feature, Features } from './features';

/** Quantities with more distinct values are split at so many quantiles less one. */
const MAX_BINS = 256;

/** A feature column in bins: those of a quantity end at `edges`, those of a category are its codes. */
export interface BinnedColumn {
  bins: Uint32Array;
  size: number;
  edges: Float64Array | undefined;
}

type Node = { label: number; share: number } | { column: number; test: Test; left: Node; right: Node };
/** Left are the quantities up to the threshold, or the rows of one category. */
type Test = { threshold: number; bin: number } | { category: number };

export interface TreeTask {
  columns: readonly BinnedColumn[];
  labels: Uint8Array;
  weights: Float64Array;
}

export function binFeatures({ columns }: Features): BinnedColumn[] {
  return columns.map((column) => {
    if (column.kind === 'category')
      return { bins: Uint32Array.from(column.codes), size: column.size, edges: undefined };
    const edges = splitPoints(column.values);
    return { bins: Uint32Array.from(column.values, (value) => binOf(value, edges)), size: edges.length + 1, edges };
  });
}

/**
 * A classification tree (CART, Breiman et al. 1984; Gini impurity) over weighted rows. Categories split one against
 * the rest, as one-hot columns would; quantities between their values, at 256 quantiles where there are more.
 */
export function growTree(task: TreeTask, maxDepth: number): Classifier {
  const root = grow(task, Uint32Array.from(task.labels.keys()), maxDepth);
  return {
    predict: ({ rowCount, columns }) =>
      Uint8Array.from({ length: rowCount }, (_, row) => leafOf(root, columns, row).label),
    rank: ({ rowCount, columns }) =>
      Float64Array.from({ length: rowCount }, (_, row) => leafOf(root, columns, row).share),
  };
}

function leafOf(node: Node, columns: readonly Feature[], row: number): { label: number; share: number } {
  let at = node;
  while (!('label' in at)) {
    const column = columns[at.column];
    const isLeft =
      'category' in at.test
        ? column?.kind === 'category' && column.codes[row] === at.test.category
        : column?.kind === 'quantity' && (column.values[row] ?? 0) <= at.test.threshold;
    at = isLeft ? at.left : at.right;
  }
  return at;
}

function grow(task: TreeTask, rows: Uint32Array, depth: number): Node {
  const [negative, positive] = totals(task, rows);
  const leaf = { label: positive > negative ? 1 : 0, share: positive / (positive + negative) };
  if (depth === 0 || positive === 0 || negative === 0) return leaf;
  const split = bestSplit(task, rows, [negative, positive]);
  if (!split) return leaf;
  const { column, test } = split;
  const bins = task.columns[column]?.bins;
  const isLeft = (row: number): boolean => {
    const bin = bins?.[row] ?? 0;
    return 'category' in test ? bin === test.category : bin <= test.bin;
  };
  const left = grow(task, rows.filter(isLeft), depth - 1);
  const right = grow(
    task,
    rows.filter((row) => !isLeft(row)),
    depth - 1,
  );
  return { column, test, left, right };
}

interface Split {
  column: number;
  test: Test;
}

/** The split with the largest Σ over the sides of (w₀² + w₁²) / (w₀ + w₁), which is the least Gini impurity. */
function bestSplit(task: TreeTask, rows: Uint32Array, total: readonly [number, number]): Split | undefined {
  let best: Split | undefined;
  // A split has to be better than none, by more than rounding.
  let bestPurity = purity(...total) * (1 + 1e-12);
  task.columns.forEach(({ bins, size, edges }, column) => {
    const histogram = new Float64Array(2 * size);
    for (const row of rows) {
      const cell = 2 * (bins[row] ?? 0) + (task.labels[row] ?? 0);
      histogram[cell] = (histogram[cell] ?? 0) + (task.weights[row] ?? 0);
    }
    let negative = 0;
    let positive = 0;
    for (let bin = 0; bin < size; bin++) {
      if (!edges) negative = positive = 0;
      negative += histogram[2 * bin] ?? 0;
      positive += histogram[2 * bin + 1] ?? 0;
      const found = purity(negative, positive) + purity(total[0] - negative, total[1] - positive);
      if (edges ? bin === size - 1 : negative + positive === 0) continue;
      if (found > bestPurity) {
        bestPurity = found;
        best = { column, test: edges ? { threshold: edges[bin] ?? 0, bin } : { category: bin } };
      }
    }
  });
  return best;
}

function purity(negative: number, positive: number): number {
  const weight = negative + positive;
  return weight <= 0 ? 0 : (negative ** 2 + positive ** 2) / weight;
}

function totals({ labels, weights }: TreeTask, rows: Uint32Array): [number, number] {
  const sums: [number, number] = [0, 0];
  for (const row of rows) sums[labels[row] === 1 ? 1 : 0] += weights[row] ?? 0;
  return sums;
}

/** Half way between neighbouring values, all of them or those at quantiles. */
function splitPoints(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const steps =
    distinct.length <= MAX_BINS
      ? distinct
      : Float64Array.from(
          { length: MAX_BINS },
          (_, i) => sorted[Math.floor((i * (sorted.length - 1)) / (MAX_BINS - 1))] ?? 0,
        );
  const chosen = steps.filter((value, i) => i === 0 || value !== steps[i - 1]);
  return Float64Array.from(
    { length: Math.max(0, chosen.length - 1) },
    (_, i) => ((chosen[i] ?? 0) + (chosen[i + 1] ?? 0)) / 2,
  );
}

/** The first bin whose edge is at or above the value, by halving. */
function binOf(value: number, edges: Float64Array): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (edges[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
