import type { BookFaults, DatasetColumn } from '@gan-dashboard/shared-types';
import { DataError } from '../errors';
import type { QuantityColumn, SourceTable } from '../parquet';
import type { Book, SizeGrid } from './book-code';
import { countFaults, fault, findFaults } from './book-faults';
import { pricesUpwards, sizesUpwards } from './book-layout';
import type { BookLayout } from './book-layout';
import { mendBook } from './book-repair';
import type { BookRowChoice } from './book-repair';
import { priceGrid } from './price-grid';
import { sizeGridOf } from './size-grid';

/** The rows of a table that are trained on as books, and what each of their columns is after faults were dealt with. */
export class BookRows {
  /** Numbers of the rows in the source. */
  readonly rows: Uint32Array;
  readonly faults: BookFaults;
  /** From the lowest price of a book to the highest. */
  readonly grids: SizeGrid[] = [];
  /** Mended books, by the place of their row in `rows`. */
  private readonly mended = new Map<number, Book>();
  private readonly prices: DatasetColumn[];
  private readonly sizes: DatasetColumn[];

  /**
   * Looks for faulty rows and deals with them. Only faulty rows are kept in memory.
   *
   * @param onColumn called before each pass; throws to end early
   * @throws DataError where no row is a book that can be learned
   */
  static async read(
    source: SourceTable,
    layout: BookLayout,
    choice: BookRowChoice,
    onPass: () => Promise<void>,
  ): Promise<BookRows> {
    await onPass();
    const found = await findFaults(source, layout);
    await onPass();
    const read = new BookRows(source, layout, { found, choice });
    if (read.rows.length === 0) {
      throw new DataError(
        `None of the ${source.rowCount} rows is an order book that can be learned: ${faultWords(read.faults)}. Check the columns and the tick size (${layout.tick}) of the book, or switch the order book of the data set off.`,
      );
    }
    await read.readSizes();
    if (choice !== 'drop') await read.mend(found, choice);
    return read;
  }

  private constructor(
    private readonly source: SourceTable,
    private readonly layout: BookLayout,
    { found, choice }: { found: Uint8Array; choice: BookRowChoice },
  ) {
    // A price that is missing cannot be told from the others.
    const refused = choice === 'drop' ? 0xff : fault.missing;
    const indices = Uint32Array.from({ length: source.rowCount }, (_, row) => row);
    this.rows = indices.filter((row) => ((found[row] ?? 0) & refused) === 0);
    this.faults = countFaults(found);
    this.prices = pricesUpwards(layout.levels);
    this.sizes = sizesUpwards(layout.levels);
  }

  /** Prices in ticks, by their place in a book from the lowest price on. */
  async ticks(place: number): Promise<Float64Array> {
    const column = this.prices[place] as DatasetColumn;
    const { ticksOf } = priceGrid(this.layout.tick, column);
    const values = (await this.chosen(column)).map(ticksOf);
    for (const [index, { prices }] of this.mended) values[index] = prices[place] ?? 0;
    return values;
  }

  async sizesAt(place: number): Promise<Float64Array> {
    const values = await this.chosen(this.sizes[place] as DatasetColumn);
    for (const [index, { sizes }] of this.mended) values[index] = sizes[place] ?? 0;
    return values;
  }

  private async chosen(column: DatasetColumn): Promise<Float64Array> {
    const { values } = (await this.source.read(column)) as QuantityColumn;
    return Float64Array.from(this.rows, (row) => values[row] ?? Number.NaN);
  }

  private async readSizes(): Promise<void> {
    for (const column of this.sizes) this.grids.push(sizeGridOf(column, await this.chosen(column)));
  }

  private async mend(found: Uint8Array, choice: 'repair' | 'keep'): Promise<void> {
    const width = this.prices.length;
    const books = new Map<number, Book>();
    this.rows.forEach((row, index) => {
      if ((found[row] ?? 0) !== 0)
        books.set(index, { prices: new Float64Array(width), sizes: new Float64Array(width) });
    });
    if (books.size === 0) return;
    for (let place = 0; place < width; place++) {
      const [prices, sizes] = [await this.ticks(place), await this.sizesAt(place)];
      for (const [index, book] of books) {
        book.prices[place] = prices[index] ?? 0;
        book.sizes[place] = sizes[index] ?? 0;
      }
    }
    for (const [index, book] of books) {
      mendBook(book, choice, this.grids);
      this.mended.set(index, book);
    }
  }
}

const names = {
  crossed: 'crossed',
  misordered: 'out of order',
  non_positive_size: 'with sizes that are not positive',
  off_tick: 'off the tick grid',
  missing: 'with empty cells',
} as const;

/** Faults in words: "1,160 crossed, 3 off the tick grid". */
export function faultWords(faults: BookFaults): string {
  const kinds = Object.entries(names) as [keyof typeof names, string][];
  const told = kinds.filter(([kind]) => faults[kind] > 0);
  return told.map(([kind, words]) => `${faults[kind].toLocaleString('en')} ${words}`).join(', ') || 'no faults';
}
