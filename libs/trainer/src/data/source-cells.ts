import type { Cell } from '@gan-dashboard/shared-types';
import { quantityWriter } from './cell-writers';
import { spell } from './column-transform';
import type { ColumnTransform } from './column-transform';
import { DataError } from './errors';
import type { SourceTable } from './parquet';

/** Cells of one column of the table that was learned, spelled as samples spell them. */
export type SourceCells = (row: number) => Cell;

/**
 * Reads a learned column of the source.
 *
 * @throws DataError where the table is not the one that was learned
 */
export async function sourceCells(transform: ColumnTransform, source: SourceTable): Promise<SourceCells> {
  if (transform.kind === 'constant') return () => transform.value;
  if (transform.kind === 'id' || transform.kind === 'text') {
    throw new DataError(
      `Column "${transform.column.name}" is made anew in each sample: its cells are not the source's.`,
    );
  }
  const column = await source.read(transform.column);
  const { missing } = transform;
  if (column.kind === 'category') {
    checkMissing(
      transform,
      column.codes.reduce((count, code) => count + (code < 0 ? 1 : 0), 0),
      missing,
    );
    const cells = column.values.map((value) => spell(value, transform.column));
    return (row) => cells[column.codes[row] ?? -1] ?? null;
  }
  checkMissing(
    transform,
    column.values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0),
    missing,
  );
  const write = writerOf(transform);
  const known = new Map<number, Cell>();
  return (row) => {
    const value = column.values[row] ?? Number.NaN;
    if (Number.isNaN(value)) return null;
    let cell = known.get(value);
    if (cell === undefined) {
      cell = write(value);
      known.set(value, cell);
    }
    return cell;
  };
}

function writerOf(transform: Exclude<ColumnTransform, { kind: 'constant' | 'id' | 'text' }>): (value: number) => Cell {
  if (transform.kind === 'continuous') return quantityWriter(transform);
  if (transform.kind === 'categorical') return (value) => spell(value, transform.column);
  const { column, map, grid } = transform;
  return quantityWriter({
    column,
    grid,
    decimals: column.type === 'number' ? (column.decimals ?? null) : null,
    smallest: map.x[0] ?? 0,
    largest: map.x.at(-1) ?? 0,
  });
}

function checkMissing({ column }: ColumnTransform, found: number, learned: number): void {
  if (found === learned) return;
  throw new DataError(
    `The table is not the one that was learned: column "${column.name}" has ${found} missing values there, and had ${learned}. Give the table that the run was trained on.`,
  );
}
