import { z } from 'zod';
import {
  bookFaultsSchema,
  bookLevelSchema,
  bookPictureSchema,
  csvReadingSchema,
  datasetColumnSchema,
  datasetPreviewSchema,
  datasetProfileSchema,
  datasetStructureSchema,
} from '@gan-dashboard/shared-types';

/**
 * What the API and a table process say to each other over IPC. One process does one job and exits; each side
 * checks what it receives. Files have fixed names inside the job's folder: no path is made from what users give.
 */
export const sourceFile = 'source.csv';
export const parquetFile = 'data.parquet';

/** What the bytes of a file tell before anything is parsed. */
export const inspectionSchema = z.object({
  size_bytes: z.int(),
  /** `\n` that follow a `\r`, those that do not, and `\r` without `\n`. */
  crlf: z.int(),
  lf: z.int(),
  cr: z.int(),
  longest_line_bytes: z.int(),
  nul_bytes: z.int(),
  control_bytes: z.int(),
  byte_order_mark: z.enum(['none', 'utf-8', 'utf-16le', 'utf-16be']),
  /** Characters of more than one byte that are valid UTF-8, and bytes that are not. */
  multibyte_characters: z.int(),
  invalid_utf8_bytes: z.int(),
});
export type Inspection = z.infer<typeof inspectionSchema>;

const jobBase = { folder: z.string(), memory_mb: z.int(), threads: z.int() };

export const importJobSchema = z.object({
  job: z.literal('import'),
  ...jobBase,
  inspection: inspectionSchema.optional(),
});
export const previewJobSchema = z.object({
  job: z.literal('preview'),
  ...jobBase,
  columns: z.array(datasetColumnSchema),
  rows: z.int(),
});
export const typedParquetJobSchema = z.object({
  job: z.literal('typed-parquet'),
  ...jobBase,
  columns: z.array(datasetColumnSchema),
});
/** Looks at the order book of a table: `is_csv` for a sample that is not Parquet yet, no tick to have it inferred. */
export const orderBookJobSchema = z.object({
  job: z.literal('order-book'),
  ...jobBase,
  columns: z.array(datasetColumnSchema),
  levels: z.array(bookLevelSchema).min(1),
  tick_size: z.number().positive().nullable(),
  is_csv: z.boolean(),
  is_drawn: z.boolean(),
});
export const tableJobSchema = z.discriminatedUnion('job', [
  importJobSchema,
  previewJobSchema,
  typedParquetJobSchema,
  orderBookJobSchema,
]);
export type TableJob = z.infer<typeof tableJobSchema>;
export type ImportJob = z.infer<typeof importJobSchema>;
export type PreviewJob = z.infer<typeof previewJobSchema>;
export type OrderBookJob = z.infer<typeof orderBookJobSchema>;
export type TypedParquetJob = z.infer<typeof typedParquetJobSchema>;

export const tableCommandSchema = z.union([tableJobSchema, z.object({ job: z.literal('cancel') })]);
export type TableCommand = z.infer<typeof tableCommandSchema>;

export const importResultSchema = z.object({
  row_count: z.int(),
  rejected_row_count: z.int(),
  reading: csvReadingSchema,
  structure: datasetStructureSchema,
  columns: z.array(datasetColumnSchema),
  warnings: z.array(z.string()),
  profile: datasetProfileSchema,
});
export type ImportResult = z.infer<typeof importResultSchema>;

export const typedParquetResultSchema = z.object({ row_count: z.int() });
export type TypedParquetResult = z.infer<typeof typedParquetResultSchema>;

export const orderBookResultSchema = z.object({
  tick_size: z.number().positive(),
  rows: z.int(),
  faults: bookFaultsSchema,
  picture: bookPictureSchema.nullable(),
});
export type OrderBookResult = z.infer<typeof orderBookResultSchema>;

/** The result that belongs to each kind of job. */
export const resultSchemas = {
  import: importResultSchema,
  preview: datasetPreviewSchema,
  'typed-parquet': typedParquetResultSchema,
  'order-book': orderBookResultSchema,
} as const;

export const tableReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), result: z.unknown() }),
  z.object({ kind: z.literal('failed'), error: z.string() }),
]);
export type TableReply = z.infer<typeof tableReplySchema>;
