import type { DatasetColumn } from '@gan-dashboard/shared-types';
import type { ColumnTransform, ContinuousColumn } from '../column-transform';
import type { QuantityColumn, SourceTable } from '../parquet';
import type { BookLayout } from './book-layout';
import { pricesUpwards, sizesUpwards } from './book-layout';
import type { BookRowChoice } from './book-repair';
import { BookRows, faultWords } from './book-rows';
import type { BookState } from './book-state';
import { rowsOf } from './kept-rows';
import { priceGrid } from './price-grid';

/** A table whose book is encoded: a model trains on it as on any other table. */
export interface BookTable {
  source: SourceTable;
  /** Columns that are no part of the book, in source order, then those of the code. */
  columns: DatasetColumn[];
  /** What the log of a run should know. */
  messages: string[];
  /** One transform a column of the source, with the transforms that a model has learned of `columns` inside. */
  transformsWith(encoded: readonly ColumnTransform[]): ColumnTransform[];
}

/** How a column of the code is read. */
interface CodeColumn {
  name: string;
  read: () => Promise<Float64Array>;
}

/**
 * Puts the encoding of an order book between a table and a model. Columns are computed as they are read.
 *
 * @throws DataError where no row is a book that can be learned
 */
export async function openBookTable(
  source: SourceTable,
  columns: readonly DatasetColumn[],
  { layout, choice, onPass }: { layout: BookLayout; choice: BookRowChoice; onPass: () => Promise<void> },
): Promise<BookTable> {
  const rows = await BookRows.read(source, layout, choice, onPass);
  const startMid = await medianMid(rows, layout.levels.length);
  const code = codeColumns(rows, { levels: layout.levels.length, startMid, prefix: freePrefix(columns) });
  const bookColumns = new Set([...pricesUpwards(layout.levels), ...sizesUpwards(layout.levels)]);
  const ranges = await rangesOf(rows, layout);
  const state: Omit<BookState, 'encoded'> = {
    levels: layout.levels.map(({ bid_price, bid_size, ask_price, ask_size }) => ({
      bid_price: bid_price.name,
      bid_size: bid_size.name,
      ask_price: ask_price.name,
      ask_size: ask_size.name,
    })),
    tick: layout.tick,
    start_mid: startMid,
    has_positive_prices: pricesUpwards(layout.levels).every(({ name }) => (ranges.get(name)?.smallest ?? 0) > 0),
    sizes: rows.grids,
    code: code.map(({ name }) => name),
  };
  return {
    source: codedSource(source, rows, code),
    columns: [...columns.filter((column) => !bookColumns.has(column)), ...code.map(({ name }) => codeColumn(name))],
    messages: messagesOf(rows, source.rowCount, choice),
    transformsWith: (encoded) => transformsOf(columns, { encoded, state, ranges }),
  };
}

/** So that no column of the source is hidden by one of the code. */
function freePrefix(columns: readonly DatasetColumn[]): string {
  let prefix = 'order_book.';
  while (columns.some(({ name }) => name.startsWith(prefix))) prefix = `_${prefix}`;
  return prefix;
}

function codeColumn(name: string): DatasetColumn {
  return { name, type: 'number', role: 'numeric', missing: 0, distinct: 2 };
}

/** The columns in the order of `encodeBook`. */
function codeColumns(
  rows: BookRows,
  { levels, startMid, prefix }: { levels: number; startMid: number; prefix: string },
): CodeColumn[] {
  const distance = (lower: number, upper: number) => async () => {
    const below = await rows.ticks(lower);
    return (await rows.ticks(upper)).map((price, row) => Math.log(price - (below[row] ?? 0)));
  };
  const size = (place: number) => async () => (await rows.sizesAt(place)).map(Math.log1p);
  const depths = Array.from({ length: levels }, (_, depth) => depth);
  const deeper = depths.slice(1);
  return [
    { name: `${prefix}mid_move`, read: async () => (await doubleMids(rows, levels)).map((mid) => mid - startMid) },
    { name: `${prefix}log_spread`, read: distance(levels - 1, levels) },
    ...deeper.map((depth) => ({
      name: `${prefix}log_bid_gap_${depth + 1}`,
      read: distance(levels - 1 - depth, levels - depth),
    })),
    ...deeper.map((depth) => ({
      name: `${prefix}log_ask_gap_${depth + 1}`,
      read: distance(levels + depth - 1, levels + depth),
    })),
    ...depths.map((depth) => ({ name: `${prefix}log_bid_size_${depth + 1}`, read: size(levels - 1 - depth) })),
    ...depths.map((depth) => ({ name: `${prefix}log_ask_size_${depth + 1}`, read: size(levels + depth) })),
  ];
}

async function doubleMids(rows: BookRows, levels: number): Promise<Float64Array> {
  const bids = await rows.ticks(levels - 1);
  return (await rows.ticks(levels)).map((ask, row) => ask + (bids[row] ?? 0));
}

async function medianMid(rows: BookRows, levels: number): Promise<number> {
  const mids = (await doubleMids(rows, levels)).sort();
  return mids[mids.length >> 1] ?? 0;
}

type Ranges = Map<string, { smallest: number; largest: number }>;

async function rangesOf(rows: BookRows, { levels, tick }: BookLayout): Promise<Ranges> {
  const ranges: Ranges = new Map();
  for (const [place, column] of pricesUpwards(levels).entries()) {
    const { priceOf } = priceGrid(tick, column);
    const { smallest, largest } = rangeOf(await rows.ticks(place));
    ranges.set(column.name, { smallest: priceOf(smallest), largest: priceOf(largest) });
  }
  for (const [place, column] of sizesUpwards(levels).entries()) {
    ranges.set(column.name, rangeOf(await rows.sizesAt(place)));
  }
  return ranges;
}

function rangeOf(values: Float64Array): { smallest: number; largest: number } {
  let [smallest, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }
  return { smallest, largest };
}

function codedSource(source: SourceTable, rows: BookRows, code: readonly CodeColumn[]): SourceTable {
  const coded = new Map(code.map(({ name, read }) => [name, read]));
  return {
    rowCount: rows.rows.length,
    read: async (column) => {
      const read = coded.get(column.name);
      if (!read) return rowsOf(await source.read(column), rows.rows);
      return { kind: 'quantity', values: await read() } satisfies QuantityColumn;
    },
  };
}

function transformsOf(
  columns: readonly DatasetColumn[],
  {
    encoded,
    state,
    ranges,
  }: { encoded: readonly ColumnTransform[]; state: Omit<BookState, 'encoded'>; ranges: Ranges },
): ColumnTransform[] {
  const plain = new Map(encoded.map((transform) => [transform.column.name, transform]));
  let carried: { book?: BookState } = { book: { ...state, encoded: [...encoded] } };
  // Models of sequences write a column that the source has not: the number of a sequence.
  const known = new Set([...columns.map(({ name }) => name), ...state.code]);
  const made = encoded.filter(({ column }) => !known.has(column.name));
  const ofSource = columns.flatMap((column): ColumnTransform[] => {
    const other = plain.get(column.name);
    const range = ranges.get(column.name);
    if (!range) return other ? [other] : [];
    const transform: ContinuousColumn = { ...withoutSlots(column, state), ...range, ...carried };
    carried = {};
    return [transform];
  });
  return [...made, ...ofSource];
}

function withoutSlots(column: DatasetColumn, { tick }: Omit<BookState, 'encoded'>): ContinuousColumn {
  const isPrice = column.order_book?.quantity === 'price';
  return {
    kind: 'continuous',
    column,
    scale: { kind: 'linear' },
    components: [],
    low: 0,
    high: 0,
    special: [],
    counts: [],
    missing: 0,
    grid: isPrice ? { origin: 0, step: tick } : null,
    decimals: column.decimals ?? null,
    smallest: 0,
    largest: 0,
  };
}

const done = {
  drop: 'left out',
  repair: 'repaired, but for those with empty cells',
  keep: 'kept as the nearest valid books, but for those with empty cells',
} as const;

function messagesOf({ rows, faults }: BookRows, total: number, choice: BookRowChoice): string[] {
  const learned = `Order book: ${rows.length.toLocaleString('en')} of ${total.toLocaleString('en')} rows are learned`;
  if (faults.faulty === 0) return [`${learned}.`];
  return [
    `${learned}; ${faults.faulty.toLocaleString('en')} are no valid books (${faultWords(faults)}) and were ${done[choice]}.`,
  ];
}
