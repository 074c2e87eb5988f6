import * as z from 'zod';

export const bookSides = ['bid', 'ask'] as const;
export type BookSide = (typeof bookSides)[number];
export const bookQuantities = ['price', 'size'] as const;
export type BookQuantity = (typeof bookQuantities)[number];

/** Which place of an order book a column holds. Columns without this mark are no part of one. */
export const bookPlaceSchema = z
  .object({
    side: z.enum(bookSides),
    quantity: z.enum(bookQuantities),
    level: z.int().min(1).max(1_000).meta({ description: 'From the best price on, the best is 1' }),
    tick_size: z.number().positive().optional().meta({ description: 'Of prices: the step that all of them lie on' }),
  })
  .meta({ id: 'BookPlace' });
export type BookPlace = z.infer<typeof bookPlaceSchema>;

/** The columns of one level of an order book. */
export const bookLevelSchema = z
  .strictObject({ bid_price: z.string(), bid_size: z.string(), ask_price: z.string(), ask_size: z.string() })
  .meta({ id: 'BookLevel' });
export type BookLevel = z.infer<typeof bookLevelSchema>;

/** Rows that are no valid book, by what is wrong with them; a row may be wrong in several ways. */
export const bookFaultsSchema = z
  .object({
    faulty: z.int().min(0).meta({ description: 'Rows with at least one of these faults' }),
    crossed: z.int().min(0).meta({ description: 'The best bid is at or above the best ask' }),
    misordered: z.int().min(0).meta({ description: 'A deeper price is not further away than the one before it' }),
    non_positive_size: z.int().min(0),
    off_tick: z.int().min(0).meta({ description: 'A price is not on the tick grid' }),
    missing: z.int().min(0).meta({ description: 'A price or a size is empty' }),
  })
  .meta({ id: 'BookFaults' });
export type BookFaults = z.infer<typeof bookFaultsSchema>;

/** An order book that was found in a table, or described by people. */
export const orderBookSchema = z
  .object({
    is_used: z.boolean().meta({ description: 'Whether runs encode the table as a book; else as plain columns' }),
    source: z.enum(['header', 'lobster', 'people']).meta({ description: 'What the levels are known from' }),
    levels: z.array(bookLevelSchema).min(1),
    tick_size: z.number().positive().meta({ description: 'The step that prices lie on, as they are written' }),
    price_unit: z.number().positive().meta({ description: 'What a price of 1 is worth: 0.0001 in files of LOBSTER' }),
    faults: bookFaultsSchema,
  })
  .meta({ id: 'OrderBook' });
export type OrderBook = z.infer<typeof orderBookSchema>;

/** A correction of an order book; what is left out stays as it is, or is found out anew where the levels change. */
export const orderBookPatchSchema = z
  .strictObject({
    is_used: z.boolean().optional(),
    layout: z
      .literal('lobster')
      .optional()
      .meta({ description: 'Columns are ask price, ask size, bid price, bid size of each level; prices x 10,000' }),
    levels: z.array(bookLevelSchema).min(1).max(1_000).optional(),
    tick_size: z.number().positive().max(1e12).optional(),
    price_unit: z.number().positive().max(1e12).optional(),
  })
  .refine(({ layout, levels }) => layout === undefined || levels === undefined, {
    path: ['layout'],
    error: 'give either layout or levels',
  })
  .meta({ id: 'OrderBookPatch' });
export type OrderBookPatch = z.infer<typeof orderBookPatchSchema>;

const sideDepthSchema = z.array(z.object({ median: z.number(), p25: z.number(), p75: z.number() }));

/** What charts of an order book show; of the rows that are valid books. */
export const bookPictureSchema = z
  .object({
    rows: z.int(),
    faults: bookFaultsSchema,
    tick_size: z.number(),
    depth: z
      .object({ bid: sideDepthSchema, ask: sideDepthSchema })
      .meta({ description: 'Size at each level from the best on' }),
    path: z
      .object({
        x_name: z.string(),
        x: z.array(z.union([z.string(), z.number()])),
        mid: z.array(z.number()),
        spread: z.array(z.number()).meta({ description: 'In ticks' }),
      })
      .meta({ description: 'Evenly spaced rows, in the order of the file' }),
    spreads: z
      .array(z.object({ ticks: z.number(), share: z.number() }))
      .meta({ description: 'Law of the spread: the share of rows whose spread is at most so many ticks' }),
  })
  .meta({ id: 'BookPicture' });
export type BookPicture = z.infer<typeof bookPictureSchema>;
