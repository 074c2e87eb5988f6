import type { RowLayout, RowSpan } from '../engine/gan-shape';
import type { ColumnTransform } from './column-transform';

/** Where a column stands in sparse rows: which of their numbers and which of their choices is its own. */
export interface ColumnPlaces {
  number: number | null;
  choice: number | null;
}

export interface SparseLayout {
  layout: RowLayout;
  /** One a transform. */
  columns: ColumnPlaces[];
  /** Rows of each slot of each choice, in the order of the choices. */
  slotCounts: number[][];
  /** The column that each condition belongs to, in the order of `layout.conditions`. */
  conditionColumns: number[];
}

/**
 * Lays columns side by side: of each its number, then its choice.
 *
 * @param conditionsOnModes whether the modes and special values of quantities may be conditions too, not categories
 *   alone (Zhao et al. 2022)
 */
export function sparseLayoutOf(transforms: readonly ColumnTransform[], conditionsOnModes: boolean): SparseLayout {
  const spans: RowSpan[] = [];
  const conditions: number[] = [];
  const conditionColumns: number[] = [];
  const slotCounts: number[][] = [];
  let width = 0;
  let numbers = 0;
  const columns = transforms.map((transform, index): ColumnPlaces => {
    const places: ColumnPlaces = { number: null, choice: null };
    if (transform.kind === 'continuous' && transform.components.length > 0) {
      places.number = numbers++;
      spans.push({ kind: 'number', start: width++ });
    }
    const counts = slotCountsOf(transform);
    if (counts.length > 1) {
      places.choice = slotCounts.push(counts) - 1;
      if (transform.kind !== 'continuous' || conditionsOnModes) {
        conditions.push(spans.length);
        conditionColumns.push(index);
      }
      spans.push({ kind: 'choice', start: width, width: counts.length });
      width += counts.length;
    }
    return places;
  });
  return { layout: { width, spans, conditions }, columns, slotCounts, conditionColumns };
}

/** Rows of each slot of a column; the last one is for missing values where there are some. */
export function slotCountsOf(transform: ColumnTransform): number[] {
  switch (transform.kind) {
    case 'continuous':
      return withMissing(transform.counts, transform.missing);
    case 'categorical': {
      const rest = transform.rest ? [transform.rest.counts.reduce((sum, count) => sum + count, 0)] : [];
      return withMissing([...transform.counts, ...rest], transform.missing);
    }
    case 'text':
      return withMissing([transform.present], transform.missing);
    case 'constant':
    case 'id':
      return [];
    case 'numeric':
      throw new Error(`column "${transform.column.name}" was encoded by its quantiles, which has no sparse place`);
  }
}

function withMissing(counts: readonly number[], missing: number): number[] {
  return missing > 0 ? [...counts, missing] : [...counts];
}
