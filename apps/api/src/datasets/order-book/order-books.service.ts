import { Injectable } from '@nestjs/common';
import type { BookLevel, BookPicture, DatasetColumn, OrderBook, OrderBookPatch } from '@gan-dashboard/shared-types';
import { conflict, unprocessable } from '../../platform/http/problem';
import type { DatasetEntity } from '../dataset.entity';
import { DatasetFiles } from '../dataset-files';
import { DatasetsRepository } from '../datasets.repository';
import { TableJobError } from '../table/table-process';
import { TableService } from '../table/table.service';
import { lobsterLevels, lobsterPriceUnit } from './book-header';
import { withBook, withBookMarks } from './book-marks';

/** The order books of data sets: corrected, switched on and off, and looked at. */
@Injectable()
export class OrderBooks {
  constructor(
    private readonly repository: DatasetsRepository,
    private readonly files: DatasetFiles,
    private readonly tables: TableService,
  ) {}

  /**
   * Corrects the order book of a data set that is ready, or describes the first.
   *
   * @throws ProblemException 409 rows that cannot be read, 422 levels or a tick that the table does not have.
   */
  async change(dataset: DatasetEntity, patch: OrderBookPatch): Promise<void> {
    const before = dataset.structure?.order_book;
    const levels = levelsOf(dataset.columns, patch, before);
    const areNew = patch.levels !== undefined || patch.layout !== undefined;
    const tick = patch.tick_size ?? (areNew ? null : (before?.tick_size ?? null));
    const { tick_size, rows, faults } = await this.look(dataset, { levels, tick_size: tick, is_drawn: false });
    if (faults.off_tick === rows) {
      const message = `no row has all of its prices on ${tick_size}; leave tick_size out with levels, and it is inferred`;
      throw unprocessable(`order_book.tick_size: ${message}`, [{ path: 'order_book.tick_size', message }]);
    }
    const book: OrderBook = {
      is_used: patch.is_used ?? (areNew || (before?.is_used ?? true)),
      source: sourceOf(patch, before),
      levels,
      tick_size,
      price_unit: patch.price_unit ?? (patch.layout ? lobsterPriceUnit : (before?.price_unit ?? 1)),
      faults,
    };
    const structure = withBook(dataset.structure ?? { kind: 'table' }, book);
    await this.repository.changeStructure(dataset.id, structure, withBookMarks(dataset.columns, book));
  }

  /**
   * What charts of a data set's order book show.
   *
   * @throws ProblemException 409 where it has none, or its rows cannot be read.
   */
  async picture(dataset: DatasetEntity): Promise<BookPicture> {
    const book = dataset.structure?.order_book;
    if (!book) {
      throw conflict(
        `The data set ${dataset.name} has no order book. PATCH its order_book with levels, or with layout lobster.`,
      );
    }
    const { picture } = await this.look(dataset, { ...book, is_drawn: true });
    if (!picture) throw new Error(`the order book of data set ${dataset.id} was not drawn`);
    return picture;
  }

  private async look(
    { id, columns }: DatasetEntity,
    book: { levels: BookLevel[]; tick_size: number | null; is_drawn: boolean },
  ) {
    try {
      const { levels, tick_size, is_drawn } = book;
      const rows = { path: await this.files.parquet(id), isCsv: false };
      return await this.tables.orderBook(rows, { columns, levels, tick_size, is_drawn });
    } catch (error) {
      if (!(error instanceof TableJobError)) throw error;
      throw conflict(`The order book could not be read: ${error.message}`);
    }
  }
}

function sourceOf(patch: OrderBookPatch, before: OrderBook | undefined): OrderBook['source'] {
  if (patch.layout) return patch.layout;
  return patch.levels ? 'people' : (before?.source ?? 'people');
}

/** @throws ProblemException 422 that names each column that cannot be */
function levelsOf(columns: DatasetColumn[], patch: OrderBookPatch, before: OrderBook | undefined): BookLevel[] {
  if (patch.layout) {
    const levels = lobsterLevels(columns);
    if (levels) return levels;
    const message = `the table has ${columns.length} columns; a book of LOBSTER has 4 columns of numbers for each level`;
    throw unprocessable(`order_book.layout: ${message}`, [{ path: 'order_book.layout', message }]);
  }
  const levels = patch.levels ?? before?.levels;
  if (!levels) {
    const message = 'must be given: no order book was found in this table';
    throw unprocessable(`order_book.levels ${message}`, [{ path: 'order_book.levels', message }]);
  }
  if (patch.levels) checkLevels(columns, patch.levels);
  return levels;
}

function checkLevels(columns: DatasetColumn[], levels: readonly BookLevel[]): void {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const seen = new Set<string>();
  const errors = levels.flatMap((level, index) =>
    Object.entries(level).flatMap(([place, name]) => {
      const mistake = mistakeOf(name, types.get(name), seen.has(name));
      seen.add(name);
      return mistake ? [{ path: `order_book.levels.${index}.${place}`, message: mistake }] : [];
    }),
  );
  if (errors.length > 0) throw unprocessable(errors.map(({ message }) => message).join('; '), errors);
}

function mistakeOf(name: string, type: string | undefined, isSeen: boolean): string | null {
  if (type === undefined) return `there is no column ${JSON.stringify(name)}`;
  if (type !== 'number' && type !== 'integer') return `${name} holds ${type} values, not numbers`;
  return isSeen ? `${name} is named twice` : null;
}
