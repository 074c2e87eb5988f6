import { openParquet, QualityError, Random, splitByHoldout, takeCells } from '@gan-dashboard/trainer';
import type { Holdout, QualityTable } from '@gan-dashboard/trainer';
import type { TableFile } from './report-protocol';

type Columns = QualityTable['columns'][number][];

export interface ReadOptions {
  /** So many rows are kept. */
  limit: number;
  seed: number;
  /** The first rows are kept, so that what follows in time stays together; else rows are drawn. */
  isOrdered?: boolean;
}

/** Columns of both tables that have a meaning to compare, in the order and the role of the real one. */
export function comparedColumns(real: TableFile, synthetic: TableFile): { real: TableFile; synthetic: TableFile } {
  const others = new Map(synthetic.columns.map((column) => [column.name, column]));
  const columns = real.columns.filter(({ role }) => role !== 'excluded' && role !== 'id');
  const lacking = columns.filter(({ name }) => !others.has(name)).map(({ name }) => JSON.stringify(name));
  if (lacking.length > 0) {
    throw new QualityError(
      `The synthetic table lacks ${lacking.slice(0, 10).join(', ')}. Compare tables with the same columns, or exclude those from the real one.`,
    );
  }
  if (columns.length === 0) {
    throw new QualityError('Every column of the real table is an id or excluded: give at least one another role.');
  }
  // The role is that of the real column: both sides must be read as the same kind of thing.
  const same = columns.map((column) => ({ ...column, type: others.get(column.name)?.type ?? column.type }));
  return { real: { ...real, columns }, synthetic: { ...synthetic, columns: same } };
}

/**
 * Reads a table for the metrics, column by column: no more than one column is in memory as a whole.
 *
 * @returns the rows that are kept, their places where not all are, and how many there are
 * @throws DataError where a cell does not fit the role of its column
 */
export async function readTable(
  { parquet_path: path, columns }: TableFile,
  { limit, seed, isOrdered = false }: ReadOptions,
): Promise<{ table: QualityTable; rowCount: number; rows: Uint32Array | undefined }> {
  const source = await openParquet(path, columns);
  const rows = keptRows(source.rowCount, { limit, seed, isOrdered });
  const read: QualityTable['columns'][number][] = [];
  for (const column of columns) {
    const data = await source.read(column);
    read.push({ name: column.name, role: column.role, data: rows ? takeCells(data, rows) : data });
  }
  return { table: { rowCount: rows?.length ?? source.rowCount, columns: read }, rowCount: source.rowCount, rows };
}

/**
 * Reads the rows that a run trained on, and those that it held out, each as {@link readTable} does.
 *
 * @throws DataError where a cell does not fit the role of its column; QualityError where the table has fewer rows than
 *   the run held out
 */
export async function readSides(
  { parquet_path: path, columns }: TableFile,
  holdout: Holdout,
  options: ReadOptions,
): Promise<{ training: QualityTable; heldOut: QualityTable; rowCount: number; rows: Uint32Array }> {
  const source = await openParquet(path, columns);
  const { rowCount } = source;
  const sides = splitByHoldout(rowCount, holdout);
  if (sides.training.length === 0) {
    throw new QualityError(
      `The real table has ${rowCount} rows and the run held out ${holdout.rows}: it is not the table that was learned.`,
    );
  }
  const places = keptRows(sides.training.length, { isOrdered: false, ...options });
  const training = places ? takeAt(sides.training, places) : sides.training;
  const [trained, heldOut]: [Columns, Columns] = [[], []];
  for (const column of columns) {
    const data = await source.read(column);
    const { name, role } = column;
    trained.push({ name, role, data: takeCells(data, training) });
    heldOut.push({ name, role, data: takeCells(data, sides.heldOut) });
  }
  return {
    training: { rowCount: training.length, columns: trained },
    heldOut: { rowCount: sides.heldOut.length, columns: heldOut },
    rowCount,
    rows: training,
  };
}

function takeAt(rows: Uint32Array, places: Uint32Array): Uint32Array {
  return places.map((place) => rows[place] ?? 0);
}

/** Undefined: all of them. */
function keptRows(count: number, { limit, seed, isOrdered }: Required<ReadOptions>): Uint32Array | undefined {
  if (count <= limit) return undefined;
  if (isOrdered) return Uint32Array.from({ length: limit }, (_, row) => row);
  return Random.of(seed, 'report rows').permutation(count).subarray(0, limit).sort();
}
