import type { ColumnKind, DatasetColumn } from '@gan-dashboard/shared-types';
import { DataError } from './errors';

/** Kinds that values of a type can be read as. */
const kindsOfType: Record<DatasetColumn['type'], readonly ColumnKind[]> = {
  integer: ['integer', 'continuous', 'categorical', 'id'],
  number: ['continuous', 'integer', 'categorical', 'id'],
  boolean: ['boolean', 'categorical'],
  date: ['datetime', 'categorical'],
  datetime: ['datetime', 'categorical'],
  text: ['categorical', 'text', 'id'],
};

/**
 * How a model reads a column that is not excluded: as the column asks, else as its type and role say. Whether a
 * column is constant, or text that hardly repeats, only its values can tell.
 *
 * @throws DataError where values of the column's type cannot be read as the kind that it asks for
 */
export function columnKindOf(column: DatasetColumn): ColumnKind {
  if (column.kind === undefined) return kindByRole(column);
  const possible = kindsOfType[column.type];
  if (!possible.includes(column.kind)) {
    throw new DataError(
      `Column "${column.name}" is to be read as ${column.kind}, but its values are ${column.type}. Choose one of ${possible.join(', ')}, or exclude the column.`,
    );
  }
  return column.kind;
}

function kindByRole({ type, role }: DatasetColumn): ColumnKind {
  switch (role) {
    case 'numeric':
      return type === 'integer' ? 'integer' : 'continuous';
    case 'datetime':
      return 'datetime';
    case 'id':
      return 'id';
    case 'categorical':
    case 'excluded':
      return type === 'boolean' ? 'boolean' : 'categorical';
  }
}

/** The column with the role under which a table reads values of its kind. */
export function readAs(column: DatasetColumn, kind: ColumnKind): DatasetColumn {
  switch (kind) {
    case 'continuous':
    case 'integer':
      return { ...column, role: 'numeric' };
    case 'datetime':
      return { ...column, role: 'datetime' };
    case 'id':
      return { ...column, role: 'id' };
    case 'categorical':
    case 'boolean':
    case 'text':
      return { ...column, role: 'categorical' };
  }
}
