import { z } from 'zod';
import { principalAxesSchema } from './principal-axes';

/** How the numbers of a window are brought to [-1, 1]. */
const rangeSchema = z.object({
  /** Of the component over the whole table. */
  low: z.number(),
  high: z.number(),
  /** Half the way from the smallest to the largest value within a window: the least and the most of all windows. */
  half_low: z.number(),
  half_high: z.number(),
});
export type ComponentRange = z.infer<typeof rangeSchema>;

const returnsSchema = z.object({
  /** `log`: differences of logarithms, of columns above 0; `difference`: of the values themselves. */
  kind: z.enum(['log', 'difference']),
  mean: z.number(),
  std: z.number(),
  /** Tail parameter δ of the Lambert W transform; 0: the returns are taken as they are. */
  delta: z.number(),
  /** Mean and standard deviation after the transform. */
  gaussian_mean: z.number(),
  gaussian_std: z.number(),
  /** First value of the table: where samples start, unless they are told. */
  start: z.number(),
});
export type ReturnsTransform = z.infer<typeof returnsSchema>;

const windowsSchema = z.object({
  kind: z.literal('windows'),
  /** Rows of a window. */
  length: z.int().min(2),
  /** Whether each window is scaled by its own range, which is then generated too. */
  is_scaled_by_window: z.boolean(),
  axes: principalAxesSchema,
  /** One a component. */
  ranges: z.array(rangeSchema),
});
export type Windows = z.infer<typeof windowsSchema>;

const pathsSchema = z.object({
  kind: z.literal('paths'),
  /** Rows of a sequence that names no length. */
  length: z.int().min(2),
  /** One a feature, in the order of the columns. */
  returns: z.array(returnsSchema),
});
export type Paths = z.infer<typeof pathsSchema>;

const calendarSchema = z.object({
  column: z.string(),
  /** Of the table, in milliseconds since 1970 or the units of a column of numbers. */
  first: z.number(),
  interval: z.number(),
  /** Saturdays and Sundays are left out. */
  is_weekdays_only: z.boolean(),
});
export type Calendar = z.infer<typeof calendarSchema>;

/** What was learned of a table of sequences beside its columns; kept in checkpoints. */
export const sequenceSpaceSchema = z.object({
  /** Learned columns by what they are to a sequence. */
  attributes: z.array(z.string()),
  features: z.array(z.string()),
  /** A key with too many values to be learned: each sequence of a sample gets a new one. */
  new_key: z.string().nullable(),
  calendar: calendarSchema.nullable(),
  encoding: z.discriminatedUnion('kind', [windowsSchema, pathsSchema]),
});
export type SequenceSpace = z.infer<typeof sequenceSpaceSchema>;
