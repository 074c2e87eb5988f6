import * as z from 'zod';
import { cellSchema, idSchema, pageSchema, timestampSchema } from './common';
import { bookPlaceSchema, orderBookPatchSchema, orderBookSchema } from './order-book';

/** How a column's values are stored. */
export const columnTypes = ['integer', 'number', 'boolean', 'date', 'datetime', 'text'] as const;
export const columnTypeSchema = z.enum(columnTypes).meta({ id: 'ColumnType' });
export type ColumnType = z.infer<typeof columnTypeSchema>;

/**
 * What a column means to a model: `numeric` and `datetime` are learned as quantities, `categorical` as a set
 * of values, `id` is regenerated and never learned, `excluded` is left out of training and of samples.
 */
export const columnRoles = ['numeric', 'categorical', 'datetime', 'id', 'excluded'] as const;
export const columnRoleSchema = z.enum(columnRoles).meta({ id: 'ColumnRole' });
export type ColumnRole = z.infer<typeof columnRoleSchema>;

/**
 * How a model reads a column: a quantity on a line or on whole numbers, one of a set of values, true or false, a
 * time, a key that is made anew, or text that hardly repeats and is made anew in the shape of the source's.
 */
export const columnKinds = ['continuous', 'integer', 'categorical', 'boolean', 'datetime', 'id', 'text'] as const;
export const columnKindSchema = z.enum(columnKinds).meta({ id: 'ColumnKind' });
export type ColumnKind = z.infer<typeof columnKindSchema>;

/**
 * What a column is in a table of sequences, beside the role by which its values are read. `time` orders the rows, `key`
 * says which sequence (or which instrument) a row belongs to, `attribute` stays the same within a sequence, `feature`
 * changes from row to row. Only models of sequences go by it; absent: they work it out.
 */
export const sequenceRoles = ['time', 'key', 'attribute', 'feature'] as const;
export const sequenceRoleSchema = z.enum(sequenceRoles).meta({ id: 'SequenceRole' });
export type SequenceRole = z.infer<typeof sequenceRoleSchema>;

/** The roles that values of a type can take. */
export function rolesFor(type: ColumnType): readonly ColumnRole[] {
  switch (type) {
    case 'integer':
    case 'number':
      return ['numeric', 'categorical', 'id', 'excluded'];
    case 'date':
    case 'datetime':
      return ['datetime', 'categorical', 'excluded'];
    case 'boolean':
      return ['categorical', 'excluded'];
    case 'text':
      return ['categorical', 'id', 'excluded'];
  }
}

export const datasetColumnSchema = z
  .object({
    name: z.string(),
    type: columnTypeSchema,
    role: columnRoleSchema,
    role_reason: z.string().optional().meta({ description: 'Why this role was proposed, where it is not obvious' }),
    sequence_role: sequenceRoleSchema.optional().meta({
      description: 'What the column is to models of sequences; absent: they work it out',
    }),
    kind: columnKindSchema.optional().meta({
      description: 'How models read the column, where that is not to follow from its type and role',
    }),
    decimals: z.int().min(0).max(20).optional().meta({ description: 'Most decimals that a value of the source has' }),
    datetime_format: z
      .string()
      .optional()
      .meta({ description: 'strptime pattern of the source, where it is not ISO 8601' }),
    missing: z.int().min(0),
    distinct: z.int().min(0),
    order_book: bookPlaceSchema.optional().meta({
      description: 'Its place in the order book, where models are to encode the table as one',
    }),
  })
  .meta({ id: 'DatasetColumn' });
export type DatasetColumn = z.infer<typeof datasetColumnSchema>;

export const datasetStructureSchema = z
  .object({
    kind: z.enum(['order_book', 'time_series', 'table']),
    levels: z.int().optional().meta({ description: 'Levels a side of an order book' }),
    time_column: z.string().optional(),
    crossed_rows: z.int().optional().meta({ description: 'Rows whose best bid is above or at the best ask' }),
    repeated_timestamps: z
      .int()
      .optional()
      .meta({ description: 'Rows that share their timestamp with the row before' }),
    order_book: orderBookSchema.optional(),
  })
  .meta({ id: 'DatasetStructure' });
export type DatasetStructure = z.infer<typeof datasetStructureSchema>;

/** How the CSV was read: proposed from the file itself and recorded, so that it can be read again the same way. */
export const csvReadingSchema = z
  .object({
    encoding: z.enum(['utf-8', 'utf-16', 'latin-1']),
    delimiter: z.string().length(1),
    quote: z.string().max(1),
    has_header: z.boolean(),
    null_values: z.array(z.string()),
  })
  .meta({ id: 'CsvReading' });
export type CsvReading = z.infer<typeof csvReadingSchema>;

export const datasetSchema = z
  .object({
    id: idSchema,
    created_at: timestampSchema,
    created_by: z.string(),
    name: z.string(),
    file_name: z.string(),
    origin: z.enum(['folder', 'upload', 'generated']),
    status: z.enum(['importing', 'ready', 'failed']),
    error: z.string().nullable(),
    size_bytes: z.int(),
    sha256: z.string(),
    row_count: z.int().nullable(),
    rejected_row_count: z.int().nullable(),
    reading: csvReadingSchema.nullable(),
    structure: datasetStructureSchema.nullable(),
    columns: z.array(datasetColumnSchema),
    warnings: z.array(z.string()),
    project_id: idSchema.optional().meta({ description: 'The project that it belongs to' }),
  })
  .meta({ id: 'Dataset' });
export type Dataset = z.infer<typeof datasetSchema>;
export const datasetPageSchema = pageSchema(datasetSchema, 'DatasetPage');

export const datasetPatchSchema = z
  .object({
    name: z.string().trim().min(1).max(200).optional(),
    columns: z
      .array(
        z.object({
          name: z.string(),
          role: columnRoleSchema.optional(),
          sequence_role: sequenceRoleSchema.nullable().optional().meta({ description: 'null: worked out again' }),
        }),
      )
      .optional(),
    order_book: orderBookPatchSchema.optional(),
    project_id: idSchema.optional().meta({ description: 'Moves it there; its runs stay where they are' }),
  })
  .strict()
  .meta({ id: 'DatasetPatch' });
export type DatasetPatch = z.infer<typeof datasetPatchSchema>;

export const datasetGenerateSchema = z
  .object({
    kind: z.enum(['treasury_orderbook', 'yield_curve']),
    rows: z.int().min(10).max(1_000_000).default(5_000),
    seed: z.int().min(0).max(2_147_483_647).default(42),
    name: z.string().trim().min(1).max(200).optional(),
    project_id: idSchema.optional().meta({ description: 'Absent: the default project' }),
  })
  .strict()
  .meta({ id: 'DatasetGenerate' });
export type DatasetGenerate = z.infer<typeof datasetGenerateSchema>;

/** The first rows and enough of the rest to draw the table as lines. */
export const datasetPreviewSchema = z
  .object({
    columns: z.array(z.object({ name: z.string(), type: columnTypeSchema })),
    rows: z.array(z.array(cellSchema)),
    total_rows: z.int(),
    plot: z.object({
      x: z.array(z.union([z.string(), z.number()])).meta({ description: 'Timestamps, or row numbers from 1' }),
      x_name: z.string(),
      series: z.array(z.object({ name: z.string(), values: z.array(z.number().nullable()) })),
    }),
  })
  .meta({ id: 'DatasetPreview' });
export type DatasetPreview = z.infer<typeof datasetPreviewSchema>;

export const columnProfileSchema = z
  .object({
    name: z.string(),
    type: columnTypeSchema,
    role: columnRoleSchema,
    missing: z.int(),
    distinct: z.int(),
    min: cellSchema.optional(),
    max: cellSchema.optional(),
    mean: z.number().optional(),
    std: z.number().optional().meta({ description: 'Sample standard deviation' }),
    quantiles: z
      .object({ p05: cellSchema, p25: cellSchema, p50: cellSchema, p75: cellSchema, p95: cellSchema })
      .optional(),
    histogram: z
      .object({
        edges: z
          .array(z.union([z.number(), z.string()]))
          .meta({ description: 'One more than counts; ISO 8601 for times' }),
        counts: z.array(z.int()),
      })
      .optional(),
    top_values: z.array(z.object({ value: cellSchema, count: z.int() })).optional(),
  })
  .meta({ id: 'ColumnProfile' });
export type ColumnProfile = z.infer<typeof columnProfileSchema>;

export const rejectedRowSchema = z
  .object({ line: z.int(), column: z.string().nullable(), reason: z.string(), text: z.string() })
  .meta({ id: 'RejectedRow' });
export type RejectedRow = z.infer<typeof rejectedRowSchema>;

export const datasetProfileSchema = z
  .object({
    row_count: z.int(),
    rejected_row_count: z.int(),
    rejected_rows: z.array(rejectedRowSchema).meta({ description: 'The first 100 rows that could not be read' }),
    columns: z.array(columnProfileSchema),
  })
  .meta({ id: 'DatasetProfile' });
export type DatasetProfile = z.infer<typeof datasetProfileSchema>;
