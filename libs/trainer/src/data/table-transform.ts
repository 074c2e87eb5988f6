import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { fitColumn } from './column-transform';
import type { ColumnTransform } from './column-transform';
import { encodeColumn, EncodedTable } from './encoded-table';
import type { EncodedColumn } from './encoded-table';
import { DataError } from './errors';
import { layoutOf } from './layout';
import type { SourceTable } from './parquet';
import type { EncodingSurroundings } from './sparse-table';
import { FileColumns } from './stored-columns';

const fewestRows = 10;

export interface FittedTable {
  /** One a column of the samples, in source order; excluded columns have none. */
  transforms: ColumnTransform[];
  encoded: EncodedTable;
}

/**
 * Learns the transform of a table and encodes its rows, one column at a time.
 *
 * @throws DataError with too few rows, no column to learn, or a value that does not fit its column's role
 */
export async function fitTable(
  source: SourceTable,
  columns: readonly DatasetColumn[],
  maxCategories: number,
  { onColumn, spill }: EncodingSurroundings = {},
): Promise<FittedTable> {
  if (source.rowCount < fewestRows) {
    throw new DataError(`The table has ${source.rowCount} rows; training needs at least ${fewestRows}.`);
  }
  const isStored = spill !== undefined && encodedBytes(source.rowCount, columns) > spill.limitBytes;
  const stored = isStored ? new FileColumns(spill.folder, source.rowCount) : undefined;
  const kept: (EncodedColumn | null)[] = [];
  try {
    const transforms: ColumnTransform[] = [];
    for (const column of columns.filter(({ role }) => role !== 'excluded')) {
      await onColumn?.(column);
      const { transform, encoded } = await learnColumn(column, source, maxCategories);
      transforms.push(transform);
      if (stored) stored.add(encoded);
      else kept.push(encoded);
    }
    const layout = layoutOf(transforms, source.rowCount);
    checkWidth(layout.width);
    stored?.finish();
    return { transforms, encoded: new EncodedTable(source.rowCount, layout, stored ?? kept) };
  } catch (error) {
    stored?.close();
    throw error;
  }
}

/** What the rows would take in memory, at most: two numbers of 32 bits a quantity, one a category. */
function encodedBytes(rowCount: number, columns: readonly DatasetColumn[]): number {
  const each = columns.map(({ role }) => (role === 'excluded' || role === 'id' ? 0 : role === 'categorical' ? 4 : 8));
  return rowCount * each.reduce<number>((sum, bytes) => sum + bytes, 0);
}

async function learnColumn(
  column: DatasetColumn,
  source: SourceTable,
  maxCategories: number,
): Promise<{ transform: ColumnTransform; encoded: EncodedColumn | null }> {
  if (column.role === 'id') return { transform: { kind: 'id', column }, encoded: null };
  const values = await source.read(column);
  const transform = fitColumn(column, values, maxCategories);
  return { transform, encoded: encodeColumn(transform, values) };
}

function checkWidth(width: number): void {
  if (width === 0) {
    throw new DataError(
      'No column of the table can be learned: each one is constant, empty, an id or excluded. Give at least one column that varies the role numeric, categorical or datetime.',
    );
  }
}
