/**
 * What a GAN of two multi-layer perceptrons is made of, whatever engine computes it. Models choose a shape and its
 * hyper-parameters; engines know nothing else of them.
 */

/** One block of adjacent places of an encoded row: a number in [-1, 1] (tanh), or a one-hot choice (softmax). */
export type RowSpan = { kind: 'number'; start: number } | { kind: 'choice'; start: number; width: number };

export interface RowLayout {
  /** Places of an encoded row. */
  width: number;
  /** Side by side from 0 to `width`, none left out. */
  spans: readonly RowSpan[];
  /** Indices into `spans` of the choices that the generator may be conditioned on; the condition vector is their concatenation. */
  conditions: readonly number[];
}

/**
 * Encoded rows as they are kept in memory: sparse, so that their size does not depend on the width of the one-hot
 * places. Column `k` of each table belongs to the k-th span of its kind.
 */
export interface EncodedRows {
  rowCount: number;
  /** `[rowCount, number spans]`, row by row, each in [-1, 1]. */
  numbers: Float32Array;
  /** `[rowCount, choice spans]`, row by row: the place within the choice that is 1. */
  choices: Uint16Array;
}

/**
 * Encoded rows that are kept outside of memory. A choice has a list of all rows, those of its first slot first, in their
 * order within a slot.
 */
export interface StoredRows {
  readonly rowCount: number;
  /** Copies of these rows, in this order. */
  take(rows: ArrayLike<number>): EncodedRows;
  /** Where the rows of each slot begin in the list of a choice, `[width + 1]`. @throws RangeError for a slot beyond */
  slotStarts(choice: number, width: number): Uint32Array;
  /** The row at a place of the list of a choice whose `slotStarts` were asked for. */
  listed(choice: number, entry: number): number;
  /** Lets go of the files. */
  close(): void;
}

/** What a model is trained on. */
export type TrainingRows = EncodedRows | StoredRows;

export function isStored(rows: TrainingRows): rows is StoredRows {
  return 'take' in rows;
}

export interface GanShape {
  layout: RowLayout;
  latentDim: number;
  generator: {
    /** Units of each hidden layer. */
    layers: readonly number[];
    /**
     * - `residual`: linear, batch norm (eps 1e-5), ReLU, concatenated with its input (Xu et al. 2019, section 4.4).
     * - `plain`: linear, ReLU.
     */
    kind: 'residual' | 'plain';
    /** Temperature of the Gumbel softmax of the choices (soft, not straight-through). */
    gumbelTemperature: number;
  };
  critic: {
    /** Units of each hidden layer: linear, leaky ReLU, dropout. */
    layers: readonly number[];
    /** Slope of the leaky ReLU below 0. */
    leak: number;
    /** Share of units dropped in training. */
    dropout: number;
    /** Rows that the critic judges together (Lin et al. 2018, "PacGAN"). A batch divides by it. */
    pac: number;
  };
  /** `wasserstein`: with the gradient penalty; `non_saturating`: binary cross-entropy (Goodfellow et al. 2014). */
  loss: 'wasserstein' | 'non_saturating';
  /** The third network of the target loss; absent: there is none. */
  classifier?: ClassifierShape;
}

/**
 * A network that learns from real rows to tell one choice of a row from its other places. Generated rows are drawn to
 * what it then says of them (Zhao et al. 2022, section 3.2: the downstream loss).
 */
export interface ClassifierShape {
  /** Index into `spans` of the choice that is told. */
  target: number;
  /** Indices of the spans of the target's column, side by side: the classifier does not see them. */
  column: readonly number[];
  /** Units of each hidden layer: linear, leaky ReLU with the critic's slope, dropout. */
  layers: readonly number[];
  /** Share of units dropped while it learns; none is when it judges generated rows. */
  dropout: number;
  /** Weight of its cross-entropy in the generator's loss. */
  weight: number;
}

/** Places of a row: the target of a classifier, and its whole column. */
export function classifierPlaces({ layout }: GanShape, { target, column }: ClassifierShape) {
  const spanAt = (index: number) => {
    const span = layout.spans[index];
    if (!span) throw new RangeError(`the classifier names span ${index}, and a row has ${layout.spans.length}`);
    return { start: span.start, width: span.kind === 'number' ? 1 : span.width, kind: span.kind };
  };
  const told = spanAt(target);
  const hidden = column.map(spanAt);
  const start = Math.min(...hidden.map((span) => span.start));
  const width = hidden.reduce((sum, span) => sum + span.width, 0);
  const end = Math.max(...hidden.map((span) => span.start + span.width));
  if (told.kind !== 'choice' || !column.includes(target) || end - start !== width) {
    throw new RangeError(
      'the target of a classifier is a choice among the spans of its column, which lie side by side',
    );
  }
  return { target: { start: told.start, width: told.width }, column: { start, width } };
}
