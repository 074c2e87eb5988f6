import type { Features } from './features';

export interface Classifier {
  /** A label (0 or 1) for each row. */
  predict(features: Features): Uint8Array;
  /** A number for each row that rises with the belief in label 1, on no common scale: what an AUC is computed of. */
  rank(features: Features): Float64Array;
}

/** Weights that give both classes the same total, n / (2 n_class); of a single class 1 (scikit-learn `balanced`). */
export function balancedWeights(labels: Uint8Array): Float64Array {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const counts = [labels.length - positives, positives];
  return Float64Array.from(labels, (label) => {
    const count = counts[label] ?? 0;
    return count === labels.length ? 1 : labels.length / (2 * count);
  });
}

/**
 * Rows with one place per feature column: `index` says which input the place feeds, `value` how much. A quantity
 * feeds its own input, a category the input of its code with 1, so that no zero of a one-hot is ever stored.
 */
export interface SparseInputs {
  /** Inputs in all. */
  width: number;
  /** Places per row. */
  slots: number;
  /** [rows, slots] */
  index: Uint32Array;
  /** [rows, slots] */
  value: Float64Array;
}

/** A column of two categories (and the one for missing) feeds the same inputs as any other. */
export function sparseInputs({ rowCount, columns }: Features): SparseInputs {
  const slots = columns.length;
  const index = new Uint32Array(rowCount * slots);
  const value = new Float64Array(rowCount * slots);
  let width = 0;
  columns.forEach((column, slot) => {
    for (let row = 0; row < rowCount; row++) {
      const place = row * slots + slot;
      index[place] = width + (column.kind === 'category' ? (column.codes[row] ?? 0) : 0);
      value[place] = column.kind === 'category' ? 1 : (column.values[row] ?? 0);
    }
    width += column.kind === 'category' ? column.size : 1;
  });
  return { width, slots, index, value };
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** log(1 + exp(x)) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
