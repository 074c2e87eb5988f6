import type { Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import type { ColumnTransform } from '../data/column-transform';
import { spell } from '../data/column-transform';
import type { CategoryColumn, SourceColumn } from '../data/parquet';
import type { QualityTable } from '../quality/table';
import type { HoldoutTable, KeptCells } from './holdout';

/**
 * Rows of the table and of the model side by side: the columns that a model learns and that can be compared. Left out
 * are ids, constants and text that hardly repeats.
 */
export class ProbeRows {
  /** Places of the compared columns in a row of the sampler. */
  private readonly places: number[];
  private readonly columns: DatasetColumn[];

  constructor(
    transforms: readonly ColumnTransform[],
    private readonly table: HoldoutTable,
  ) {
    this.places = transforms.flatMap(({ kind, column }, place) =>
      compared.has(kind) && table.kept.has(column.name) ? [place] : [],
    );
    this.columns = this.places.flatMap((place) => transforms[place]?.column ?? []);
  }

  get width(): number {
    return this.columns.length;
  }

  /** The kept training rows, or the rows held out. */
  real(which: keyof KeptCells): QualityTable {
    const columns = this.columns.map((column) => {
      const cells = this.table.kept.get(column.name)?.[which];
      if (!cells) throw new Error(`nothing was kept of column "${column.name}"`);
      return { name: column.name, role: column.role, data: cells.kind === 'category' ? spelt(cells, column) : cells };
    });
    return { rowCount: which === 'training' ? this.table.keptRows : this.table.heldOutRows, columns };
  }

  /** @param rows of a sampler that writes times as {@link isoTransforms} asks it to */
  synthetic(rows: readonly (readonly Cell[])[]): QualityTable {
    const columns = this.columns.map((column, index) => {
      const place = this.places[index] ?? 0;
      const cells = rows.map((row) => row[place] ?? null);
      return { name: column.name, role: column.role, data: readCells(cells, column) };
    });
    return { rowCount: rows.length, columns };
  }
}

const compared: ReadonlySet<ColumnTransform['kind']> = new Set(['numeric', 'continuous', 'categorical']);

/** The transforms with times in ISO 8601: what is written so can be read again, whatever the format of the source. */
export function isoTransforms(transforms: readonly ColumnTransform[]): ColumnTransform[] {
  return transforms.map((transform) => {
    if (transform.column.role !== 'datetime') return transform;
    const { datetime_format: _, ...column } = transform.column;
    return { ...transform, column };
  });
}

function spelt({ codes, values }: CategoryColumn, column: DatasetColumn): SourceColumn {
  return { kind: 'category', codes, values: values.map((value) => spell(value, column) ?? '') };
}

function readCells(cells: readonly Cell[], column: DatasetColumn): SourceColumn {
  if (column.role !== 'categorical') {
    const read = column.role === 'datetime' ? timeOf : numberOf;
    return { kind: 'quantity', values: Float64Array.from(cells, read) };
  }
  const values: CategoryColumn['values'] = [];
  const known = new Map<Cell, number>();
  const codes = Int32Array.from(cells, (cell) => {
    if (cell === null) return -1;
    const code = known.get(cell) ?? values.push(cell) - 1;
    known.set(cell, code);
    return code;
  });
  return { kind: 'category', codes, values };
}

function numberOf(cell: Cell): number {
  return cell === null ? Number.NaN : Number(cell);
}

/** Milliseconds since 1970 of `2024-01-31` or `2024-01-31 10:00:00.123`, in UTC. */
function timeOf(cell: Cell): number {
  if (cell === null) return Number.NaN;
  const text = String(cell);
  return Date.parse(text.includes(' ') ? `${text.replace(' ', 'T')}Z` : text);
}
