import { z } from 'zod';
import { bookLayoutOf } from '../data/order-book/book-layout';
import { bookRowChoices } from '../data/order-book/book-repair';
import { bookRowDecoder, learnedBook } from '../data/order-book/book-sampler';
import type { LearnedBook } from '../data/order-book/book-sampler';
import { openBookTable } from '../data/order-book/book-table';
import type { ColumnTransform } from '../data/column-transform';
import type { RowSampler, TableModel } from './table-model';

const settingsSchema = z.looseObject({ order_book_rows: z.enum(bookRowChoices).default('drop') });

/**
 * Lets any model of rows learn order books: where columns are part of one, it trains on the book's encoding, and its
 * samples are decoded so that no row is crossed or out of order. Other tables pass through as they are.
 */
export function withOrderBooks(model: TableModel, config: unknown): TableModel {
  return {
    stepsPerEpoch: (rowCount) => model.stepsPerEpoch(rowCount),
    fit: async (source, columns, given) => {
      const layout = bookLayoutOf(columns);
      if (!layout) return model.fit(source, columns, given);
      const { order_book_rows: choice } = settingsSchema.parse(config);
      const table = await openBookTable(source, columns, { layout, choice, onPass: given.onColumn });
      const fitted = await model.fit(table.source, table.columns, given);
      return {
        ...fitted,
        transforms: table.transformsWith(fitted.transforms),
        messages: [...(fitted.messages ?? []), ...table.messages],
      };
    },
    openSampler: async (trained) => {
      const book = learnedBook(trained.transforms);
      if (!book) return model.openSampler(trained);
      return bookSampler(await model.openSampler({ ...trained, transforms: book.encoded }), trained.transforms, book);
    },
  };
}

function bookSampler(sampler: RowSampler, transforms: readonly ColumnTransform[], book: LearnedBook): RowSampler {
  const decode = bookRowDecoder(transforms, book);
  return {
    draw: (range, seed, places) => sampler.draw(range, seed, places).map(decode),
    hintFor: (condition) => {
      const name = transforms[condition.column]?.column.name;
      const column = book.encoded.findIndex((transform) => transform.column.name === name);
      return column < 0 ? null : (sampler.hintFor?.({ ...condition, column }) ?? null);
    },
  };
}
