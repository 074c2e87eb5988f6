import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';

/**
 * The last rows of some numeric columns of an imported table.
 *
 * @returns `index`: row numbers from 0; per column its values, null where one is missing or not finite
 */
export async function lastRows(
  parquetPath: string,
  columns: string[],
  count: number,
): Promise<{ index: number[]; values: Record<string, (number | null)[]> }> {
  const file = await asyncBufferFromFile(parquetPath);
  const metadata = await parquetMetadataAsync(file);
  const total = Number(metadata.num_rows);
  const first = Math.max(0, total - count);
  const rows =
    columns.length === 0 ? [] : await parquetReadObjects({ file, metadata, columns, rowStart: first, rowEnd: total });
  return {
    index: Array.from({ length: total - first }, (_, i) => first + i),
    values: Object.fromEntries(columns.map((name) => [name, rows.map((row) => toNumber(row[name]))])),
  };
}

function toNumber(value: unknown): number | null {
  if (typeof value !== 'number' && typeof value !== 'bigint') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
