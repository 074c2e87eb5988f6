import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { fitColumn } from './column-transform';
import type { ColumnTransform } from './column-transform';
import { encodeColumn, EncodedTable } from './encoded-table';
import { DataError } from './errors';
import { layoutOf } from './layout';
import type { SourceTable } from './parquet';

const fewestRows = 10;

export interface FittedTable {
  /** One a column of the samples, in source order; excluded columns have none. */
  transforms: ColumnTransform[];
  encoded: EncodedTable;
}

/**
 * Learns the transform of a table and encodes its rows, one column at a time.
 *
 * @param onColumn called before each column is read; throws to end early
 * @throws DataError with too few rows, no column to learn, or a value that does not fit its column's role
 */
export async function fitTable(
  source: SourceTable,
  columns: readonly DatasetColumn[],
  maxCategories: number,
  onColumn: (column: DatasetColumn) => void | Promise<void> = () => undefined,
): Promise<FittedTable> {
  if (source.rowCount < fewestRows) {
    throw new DataError(`The table has ${source.rowCount} rows; training needs at least ${fewestRows}.`);
  }
  const transforms: ColumnTransform[] = [];
  const encodedColumns = [];
  for (const column of columns.filter(({ role }) => role !== 'excluded')) {
    await onColumn(column);
    if (column.role === 'id') {
      transforms.push({ kind: 'id', column });
      encodedColumns.push(null);
      continue;
    }
    const values = await source.read(column);
    const transform = fitColumn(column, values, maxCategories);
    transforms.push(transform);
    encodedColumns.push(encodeColumn(transform, values));
  }
  const layout = layoutOf(transforms, source.rowCount);
  if (layout.width === 0) {
    throw new DataError(
      'No column of the table can be learned: each one is constant, empty, an id or excluded. Give at least one column that varies the role numeric, categorical or datetime.',
    );
  }
  return { transforms, encoded: new EncodedTable(source.rowCount, layout, encodedColumns) };
}
