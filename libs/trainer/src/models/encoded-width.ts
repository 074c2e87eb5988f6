import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { columnKindOf } from '../data/column-kind';
import { mostContinuousSlots } from '../data/continuous-transform';
import type { ModelName } from './catalog';

export interface EncodedWidth {
  /** Places of an encoded row, at most. */
  at_most: number;
  columns: { name: string; at_most: number }[];
}

/**
 * How wide a model's encoded rows can get, from what is known of the columns before anything is read: memory and time
 * of a step grow with it. The width itself is known once the modes of the numbers are.
 *
 * @param maxCategories the model's setting `max_categories`
 * @throws DataError for a column that asks to be read as what its type cannot be
 */
export function encodedWidthOf(
  model: ModelName,
  dataset: { columns: readonly DatasetColumn[]; row_count: number },
  maxCategories: number,
): EncodedWidth {
  const columns = dataset.columns
    .filter(({ role }) => role !== 'excluded')
    .map((column) => ({ name: column.name, at_most: placesOf(model, column, { ...dataset, maxCategories }) }));
  return { at_most: columns.reduce((sum, column) => sum + column.at_most, 0), columns };
}

function placesOf(
  model: ModelName,
  column: DatasetColumn,
  { row_count: rowCount, maxCategories }: { row_count: number; maxCategories: number },
): number {
  const missing = column.missing > 0 ? 1 : 0;
  const isQuantile = model === 'wgan-gp';
  const kind = isQuantile && column.kind !== undefined ? kindByRoleOf(column) : columnKindOf(column);
  switch (kind) {
    case 'id':
      return 0;
    case 'text':
      return 2 * missing;
    case 'categorical':
    case 'boolean': {
      const present = rowCount - column.missing;
      const isText = column.type === 'text' && column.kind === undefined && !isQuantile;
      if (isText && column.distinct > maxCategories + 1 && column.distinct > present / 2) return 2 * missing;
      // The values beyond the most frequent ones share one slot.
      return Math.min(column.distinct, maxCategories + 1) + missing;
    }
    case 'continuous':
    case 'integer':
    case 'datetime':
      if (isQuantile || model === 'gan') return 1 + 2 * missing;
      return 1 + mostContinuousSlots + missing;
  }
}

function kindByRoleOf({ kind: _, ...column }: DatasetColumn) {
  return columnKindOf(column);
}
