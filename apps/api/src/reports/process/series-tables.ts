import { openParquet, takeCells } from '@gan-dashboard/trainer';
import type { FullReportOptions, QualityTable } from '@gan-dashboard/trainer';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import type { ReportTask, TableFile } from './report-protocol';

/** Name of the column that says which sequence a row belongs to. */
const keyName = '(sequence)';

interface Side {
  file: TableFile;
  table: QualityTable;
  rows?: Uint32Array | undefined;
}

/** Both tables with a column of the same name that says which sequence each row belongs to, and how to read them. */
export async function seriesTables(
  { time, real_key: realKey, synthetic_key: syntheticKey, features }: NonNullable<ReportTask['series']>,
  { real, synthetic }: { real: Side; synthetic: Side },
): Promise<{ real: QualityTable; synthetic: QualityTable; series: NonNullable<FullReportOptions['series']> }> {
  const isTimed =
    time !== null && real.table.columns.some(({ name, data }) => name === time && data.kind === 'quantity');
  return {
    real: await withKey(real, realKey),
    synthetic: await withKey(synthetic, syntheticKey),
    series: { key: keyName, features, ...(isTimed ? { time } : {}) },
  };
}

/** The key is read by itself: it may be a column that is not compared, such as an id. */
async function withKey({ file, table, rows }: Side, key: string | null): Promise<QualityTable> {
  const data =
    key === null
      ? ({ kind: 'quantity', values: new Float64Array(table.rowCount) } as const)
      : await keyCells(file.parquet_path, key);
  const kept = rows ? takeCells(data, rows) : data;
  return { ...table, columns: [...table.columns, { name: keyName, role: 'excluded', data: kept }] };
}

async function keyCells(path: string, name: string) {
  const column: DatasetColumn = { name, type: 'text', role: 'categorical', missing: 0, distinct: 0 };
  return (await openParquet(path, [column])).read(column);
}
