import type { BookPlace, DatasetColumn, DatasetStructure, OrderBook } from '@gan-dashboard/shared-types';

/** The columns with their places in the book that runs are to learn; without one, with none. */
export function withBookMarks(columns: readonly DatasetColumn[], book: OrderBook | undefined): DatasetColumn[] {
  const places = new Map(book?.is_used ? placesOf(book) : []);
  return columns.map(({ order_book: _, ...column }) => {
    const place = places.get(column.name);
    if (!place) return column;
    // Sizes of a few values look like codes, and distinct ones like keys; in a book they are quantities.
    if (column.role === 'numeric' || column.role === 'excluded') return { ...column, order_book: place };
    return { ...column, role: 'numeric', role_reason: 'It is part of the order book.', order_book: place };
  });
}

function placesOf({ levels, tick_size }: OrderBook): [string, BookPlace][] {
  return levels.flatMap(({ bid_price, bid_size, ask_price, ask_size }, index): [string, BookPlace][] => [
    [bid_price, { side: 'bid', quantity: 'price', level: index + 1, tick_size }],
    [bid_size, { side: 'bid', quantity: 'size', level: index + 1 }],
    [ask_price, { side: 'ask', quantity: 'price', level: index + 1, tick_size }],
    [ask_size, { side: 'ask', quantity: 'size', level: index + 1 }],
  ]);
}

/** The structure of a table whose order book was found or changed. */
export function withBook(structure: DatasetStructure, book: OrderBook): DatasetStructure {
  const { levels: _, crossed_rows: __, ...rest } = structure;
  if (!book.is_used)
    return { ...rest, kind: rest.time_column === undefined ? 'table' : 'time_series', order_book: book };
  return {
    ...rest,
    kind: 'order_book',
    levels: book.levels.length,
    crossed_rows: book.faults.crossed,
    order_book: book,
  };
}

/** What people should know about an order book before they train on it. */
export function bookWarnings(book: OrderBook | undefined, rows: number): string[] {
  if (!book) return [];
  if (!book.is_used) {
    return [
      `The rows look like an order book of LOBSTER with ${book.levels.length} levels (ask price, ask size, bid price, ` +
        'bid size, no header). Switch the order book on to train on it as one.',
    ];
  }
  const { faulty, crossed, misordered, non_positive_size, off_tick, missing } = book.faults;
  if (faulty === 0) return [];
  const kinds = [
    `${count(crossed)} are crossed (best bid at or above best ask)`,
    ...(misordered > 0 ? [`${count(misordered)} have levels out of order`] : []),
    ...(non_positive_size > 0 ? [`${count(non_positive_size)} have a size that is not positive`] : []),
    ...(off_tick > 0 ? [`${count(off_tick)} have a price off the tick of ${book.tick_size}`] : []),
    ...(missing > 0 ? [`${count(missing)} have empty cells`] : []),
  ].filter((kind) => !kind.startsWith('0 '));
  return [
    `${count(faulty)} rows (${Math.round((faulty / rows) * 100)} %) are no valid order books: ${kinds.join('; ')}. ` +
      'Runs leave them out, unless their setting order_book_rows says repair or keep.',
  ];
}

function count(number: number): string {
  return number.toLocaleString('en');
}
