import type { BookQuantity, BookSide, Cell, DatasetColumn } from '@gan-dashboard/shared-types';
import type { SourceColumn } from '../data/parquet';
import { Random } from '../random/random';
import { categories, column, memoryTable, quantities } from './tables';

export const bookTick = 0.01;

/** A column of a book of the tests. */
export function bookColumn(side: BookSide, quantity: BookQuantity, level: number): DatasetColumn {
  const tick = quantity === 'price' ? { tick_size: bookTick } : {};
  return column({
    name: `${side}_${quantity}_${level}`,
    type: quantity === 'price' ? 'number' : 'integer',
    role: 'numeric',
    decimals: quantity === 'price' ? 2 : 0,
    order_book: { side, quantity, level, ...tick },
  });
}

/** A time, the levels of a book side by side, then a venue: columns of other kinds before and behind. */
export function bookColumns(levels: number): DatasetColumn[] {
  const ofLevels = Array.from({ length: levels }, (_, index) =>
    (['bid', 'ask'] as const).flatMap((side) =>
      (['price', 'size'] as const).map((quantity) => bookColumn(side, quantity, index + 1)),
    ),
  );
  return [
    column({ name: 'time', type: 'datetime', role: 'datetime' }),
    ...ofLevels.flat(),
    column({ name: 'venue', type: 'text', role: 'categorical' }),
  ];
}

/** Rows of random valid books, cells by column name. */
export function bookCells(rows: number, levels: number): Record<string, Cell>[] {
  const random = Random.of(5, 'order book rows');
  return Array.from({ length: rows }, (_, row) => {
    const cells: Record<string, Cell> = { time: 1_704_153_600_000 + row * 1000 };
    let bid = 9_990 + random.integer(20);
    let ask = bid + 1 + random.integer(3);
    for (let level = 1; level <= levels; level++) {
      cells[`bid_price_${level}`] = bid / 100;
      cells[`ask_price_${level}`] = ask / 100;
      cells[`bid_size_${level}`] = 100 * (1 + random.integer(50 * level));
      cells[`ask_size_${level}`] = 100 * (1 + random.integer(50 * level));
      bid -= 1 + random.integer(2);
      ask += 1 + random.integer(2);
    }
    cells['venue'] = random.uniform() < 0.8 ? 'north' : 'south';
    return cells;
  });
}

/** A table in memory of rows as `bookCells` gives them. */
export function bookTable(columns: readonly DatasetColumn[], rows: readonly Record<string, Cell>[]) {
  const columnOf = ({ name, role }: DatasetColumn): SourceColumn => {
    const cells = rows.map((row) => row[name] ?? null);
    return role === 'categorical'
      ? categories(cells)
      : quantities(cells.map((cell) => (typeof cell === 'number' ? cell : null)));
  };
  return memoryTable(Object.fromEntries(columns.map((each) => [each.name, columnOf(each)])));
}
