import { bookLevelSchema } from '@gan-dashboard/shared-types';
import { z } from 'zod';

const sizeGridSchema = z.object({ step: z.number().min(0), smallest: z.number().positive() });

/** What was learned of an order book: enough to decode rows. Kept in checkpoints. */
export const bookStateSchema = z.object({
  /** Names of the columns of each level, from the best on. */
  levels: z.array(bookLevelSchema).min(1),
  tick: z.number().positive(),
  /** Twice the mid price that mid moves are measured from, in ticks. */
  start_mid: z.int(),
  has_positive_prices: z.boolean(),
  /** From the lowest price of a book to the highest. */
  sizes: z.array(sizeGridSchema),
  /** Names of the encoded columns, in the order of `encodeBook`. */
  code: z.array(z.string()),
  /** The transforms of the columns that the networks see: other columns of the source, and those of `code`. */
  encoded: z.array(z.looseObject({ kind: z.string() })),
});
export type BookState = z.infer<typeof bookStateSchema>;
