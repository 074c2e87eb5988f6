/** Up to here DuckDB's own row groups are right; wider tables would need more memory than a process is given. */
const narrow = 100;
const cellsPerRowGroup = 12_000_000;
const vectorRows = 2_048;

/**
 * How a table is written: Snappy, the codec that every reader knows. A writer holds a row group and, for each text
 * column, a dictionary page in memory (1 MiB of it by default), so wide tables get less of both.
 */
export function parquetOptions(columns: number): string {
  const options = 'FORMAT parquet, COMPRESSION snappy';
  if (columns <= narrow) return `(${options})`;
  const rows = Math.max(1, Math.floor(cellsPerRowGroup / columns / vectorRows)) * vectorRows;
  return `(${options}, ROW_GROUP_SIZE ${rows}, STRING_DICTIONARY_PAGE_SIZE_LIMIT 16384)`;
}
