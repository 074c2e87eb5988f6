import type { ColumnTransform } from './column-transform';

/**
 * The places of one column in an encoded row.
 *
 * - `number`: one place in [-1, 1].
 * - `optional_number`: three places: the number times its presence, then the pair (present, missing), one of them 1.
 * - `category`: `width` places, one of them 1.
 */
export interface Span {
  kind: 'number' | 'optional_number' | 'category';
  start: number;
  width: number;
  /** Shares of rows of each category, or of (present, missing); empty for a `number`. */
  shares: number[];
}

export interface Layout {
  /** Places of an encoded row. */
  width: number;
  /** One a column; null for columns that are not learned. */
  spans: (Span | null)[];
}

/** Lays the learned columns side by side. */
export function layoutOf(transforms: readonly ColumnTransform[], rowCount: number): Layout {
  let width = 0;
  const spans = transforms.map((transform) => {
    const span = spanOf(transform, width, rowCount);
    width += span?.width ?? 0;
    return span;
  });
  return { width, spans };
}

function spanOf(transform: ColumnTransform, start: number, rowCount: number): Span | null {
  switch (transform.kind) {
    case 'numeric': {
      if (transform.missing === 0) return { kind: 'number', start, width: 1, shares: [] };
      const missing = transform.missing / rowCount;
      return { kind: 'optional_number', start, width: 3, shares: [1 - missing, missing] };
    }
    case 'categorical': {
      const counts = [...transform.counts];
      if (transform.rest) counts.push(transform.rest.counts.reduce((sum, count) => sum + count, 0));
      if (transform.missing > 0) counts.push(transform.missing);
      return { kind: 'category', start, width: counts.length, shares: counts.map((count) => count / rowCount) };
    }
    case 'constant':
    case 'id':
      return null;
    case 'continuous':
    case 'text':
      throw new Error(`column "${transform.column.name}" was encoded as ${transform.kind}, which has no dense place`);
  }
}
