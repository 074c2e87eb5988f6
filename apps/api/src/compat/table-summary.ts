import type { Cell, Dataset, DatasetPreview, DatasetProfile } from '@gan-dashboard/shared-types';

const sampleRows = 5;

const dtypes = {
  integer: 'int64',
  number: 'float64',
  boolean: 'bool',
  date: 'datetime64[ns]',
  datetime: 'datetime64[ns]',
  text: 'object',
} as const;

export interface DataInfo {
  data_type: 'time_series' | 'multi_level_order_book';
  row_count: number;
  column_count: number;
  shape: [rows: number, columns: number];
  columns: string[];
  dtypes: Record<string, string>;
  missing_values: Record<string, number>;
  numeric_columns: string[];
  categorical_columns: string[];
  datetime_columns: string[];
  sample_data: Record<string, Cell>[];
  summary_stats: Record<string, Record<string, Cell>>;
  order_book_info?: { levels: number; crossed_rows: number };
}

/** A data set in the words of the original dashboard, which were those of pandas. */
export function dataInfoOf(dataset: Dataset, profile: DatasetProfile, preview: DatasetPreview): DataInfo {
  const { columns, structure } = dataset;
  const namesOf = (...types: (keyof typeof dtypes)[]) =>
    columns.filter(({ type }) => types.includes(type)).map(({ name }) => name);
  const rows = profile.row_count;
  const isOrderBook = structure?.kind === 'order_book';
  return {
    data_type: isOrderBook ? 'multi_level_order_book' : 'time_series',
    row_count: rows,
    column_count: columns.length,
    shape: [rows, columns.length],
    columns: columns.map(({ name }) => name),
    dtypes: Object.fromEntries(columns.map(({ name, type, missing }) => [name, dtypeOf(type, missing)])),
    missing_values: Object.fromEntries(columns.map(({ name, missing }) => [name, missing])),
    numeric_columns: namesOf('integer', 'number'),
    categorical_columns: namesOf('text', 'boolean'),
    datetime_columns: namesOf('date', 'datetime'),
    sample_data: recordsOf(preview, sampleRows),
    summary_stats: statisticsOf(profile),
    ...(isOrderBook
      ? { order_book_info: { levels: structure.levels ?? 0, crossed_rows: structure.crossed_rows ?? 0 } }
      : {}),
  };
}

/** pandas has no missing integers or booleans: a column with gaps is of another type there. */
function dtypeOf(type: keyof typeof dtypes, missing: number): string {
  if (missing === 0) return dtypes[type];
  if (type === 'integer') return 'float64';
  return type === 'boolean' ? 'object' : dtypes[type];
}

/** The first rows, each as an object of its cells by column. */
export function recordsOf({ columns, rows }: DatasetPreview, count: number): Record<string, Cell>[] {
  return rows
    .slice(0, count)
    .map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}

/** Count, mean, deviation, extremes and quartiles of the numeric columns; what was not measured is left out. */
export function statisticsOf(profile: DatasetProfile): Record<string, Record<string, Cell>> {
  const numeric = profile.columns.filter(({ type }) => type === 'integer' || type === 'number');
  return Object.fromEntries(
    numeric.map(({ name, missing, mean, std, min, max, quantiles }) => [
      name,
      withoutAbsent({
        count: profile.row_count - missing,
        mean,
        std,
        min,
        '25%': quantiles?.p25,
        '50%': quantiles?.p50,
        '75%': quantiles?.p75,
        max,
      }),
    ]),
  );
}

function withoutAbsent(values: Record<string, Cell | undefined>): Record<string, Cell> {
  const present = Object.entries(values).filter((entry): entry is [string, Cell] => entry[1] !== undefined);
  return Object.fromEntries(present);
}
