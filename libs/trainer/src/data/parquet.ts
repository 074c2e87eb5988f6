import type { DatasetColumn } from '@gan-dashboard/shared-types';
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { z } from 'zod';
import { DataError } from './errors';

/** A column of quantities: numbers, or milliseconds since 1970 (UTC). NaN is a missing value. */
export interface QuantityColumn {
  kind: 'quantity';
  values: Float64Array;
}
/** A column of categories: `codes` index `values`, -1 is a missing value. */
export interface CategoryColumn {
  kind: 'category';
  codes: Int32Array;
  values: (string | number | boolean)[];
}
export type SourceColumn = QuantityColumn | CategoryColumn;

/** A table being read column by column: no more than one column is held as JavaScript values at a time. */
export interface SourceTable {
  rowCount: number;
  /** Reads one column as its role asks. @throws DataError naming column, row and value */
  read(column: DatasetColumn): Promise<SourceColumn>;
}

/**
 * Opens a Parquet file and checks that it holds the given columns.
 *
 * @throws DataError where the file cannot be read or lacks a column
 */
export async function openParquet(path: string, columns: readonly DatasetColumn[]): Promise<SourceTable> {
  let file: AsyncBuffer;
  let metadata: FileMetaData;
  try {
    file = await asyncBufferFromFile(path);
    metadata = await parquetMetadataAsync(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`The table cannot be read as Parquet: ${reason}. Import the data set again.`, { cause });
  }
  const present = new Set(parquetSchema(metadata).children.map((child) => child.element.name));
  const absent = columns.filter(({ name }) => !present.has(name)).map(({ name }) => `"${name}"`);
  if (absent.length > 0) {
    throw new DataError(`The table lacks ${absent.join(', ')}, which the data set lists. Import the data set again.`);
  }
  const rowCount = Number(metadata.num_rows);
  return {
    rowCount,
    read: (column) => {
      const sink: Sink<SourceColumn> =
        column.role === 'categorical' ? categorySink(column, rowCount) : quantitySink(column, rowCount);
      return readInto(sink, column.name, { file, metadata });
    },
  };
}

interface Sink<Column> {
  put(row: number, value: unknown): void;
  column: Column;
}

async function readInto<Column>(
  sink: Sink<Column>,
  name: string,
  source: { file: AsyncBuffer; metadata: FileMetaData },
): Promise<Column> {
  // The reader loses what its callback throws: the first failure is kept and thrown from here.
  const failures: unknown[] = [];
  let rowEnd = 0;
  // One row group at a time: the reader would hold all of them as JavaScript values.
  for (const { num_rows: rows } of source.metadata.row_groups) {
    const rowStart = rowEnd;
    rowEnd += Number(rows);
    await parquetRead({
      ...source,
      columns: [name],
      rowStart,
      rowEnd,
      onChunk: ({ columnData, rowStart: first }) => {
        if (failures.length > 0) return;
        try {
          for (let i = 0; i < columnData.length; i++) sink.put(first + i, columnData[i]);
        } catch (error) {
          failures.push(error);
        }
      },
    });
    if (failures.length > 0) throw failures[0];
  }
  return sink.column;
}

function quantitySink(column: DatasetColumn, rowCount: number): Sink<QuantityColumn> {
  const values = new Float64Array(rowCount).fill(Number.NaN);
  return {
    column: { kind: 'quantity', values },
    put(row, value) {
      const number = toQuantity(value);
      if (number === undefined || Math.abs(number) === Number.POSITIVE_INFINITY) throw misfit(column, row, value);
      values[row] = number;
    },
  };
}

function categorySink(column: DatasetColumn, rowCount: number): Sink<CategoryColumn> {
  const codes = new Int32Array(rowCount).fill(-1);
  const values: CategoryColumn['values'] = [];
  const known = new Map<string | number | boolean, number>();
  return {
    column: { kind: 'category', codes, values },
    put(row, value) {
      const category = toCategory(value);
      if (category === undefined) throw misfit(column, row, value);
      if (category === null) return;
      let code = known.get(category);
      if (code === undefined) {
        code = values.push(category) - 1;
        known.set(category, code);
      }
      codes[row] = code;
    },
  };
}

/** NaN for a missing value, undefined for one that is no quantity. */
function toQuantity(value: unknown): number | undefined {
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.getTime();
  return undefined;
}

/** Null for a missing value, undefined for one that is no category. Times become milliseconds since 1970. */
function toCategory(value: unknown): string | number | boolean | null | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  const number = toQuantity(value);
  return number !== undefined && Number.isNaN(number) ? null : number;
}

function misfit(column: DatasetColumn, row: number, value: unknown): DataError {
  const shown = z.string().safeParse(value).data ?? String(value);
  return new DataError(
    `Column "${column.name}" (${column.type}, used as ${column.role}) has ${shown.slice(0, 60)} in row ${row + 1}, which does not fit. Choose another role for the column or exclude it.`,
  );
}
