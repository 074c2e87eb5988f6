import { ksComplement, openParquet } from '@gan-dashboard/trainer';
import type { SourceColumn } from '@gan-dashboard/trainer';
import type { DatasetColumn } from '@gan-dashboard/shared-types';
import type { Similarity } from './run-folder';
import { tvComplement } from './similarity';

type Measured = Similarity['columns'][number];

/**
 * Compares each column of a sample with the same column of its source: quantities and times by the KS complement of the
 * values that are present, categories by the TV complement, for which a missing value is one of the values.
 *
 * @param columns those that were learned; keys and free text, which are made anew, are not compared
 */
export async function measureSimilarity(
  source: string,
  sample: string,
  columns: readonly DatasetColumn[],
): Promise<Similarity> {
  const [sourceTable, sampleTable] = [await openParquet(source, columns), await openParquet(sample, columns)];
  const measured: Measured[] = [];
  for (const column of columns) {
    const found = compare(column.name, await sourceTable.read(column), await sampleTable.read(column));
    if (found) measured.push(found);
  }
  return { rows: sampleTable.rowCount, columns: measured };
}

function compare(name: string, source: SourceColumn, sample: SourceColumn): Measured | undefined {
  if (source.kind === 'quantity' && sample.kind === 'quantity') {
    const value = ksComplement(present(source.values), present(sample.values));
    return value === undefined ? undefined : { name, measure: 'ks_complement', value };
  }
  if (source.kind === 'category' && sample.kind === 'category') {
    const value = tvComplement(countsOf(source), countsOf(sample));
    return value === undefined ? undefined : { name, measure: 'tv_complement', value };
  }
  return undefined;
}

function present(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}

function countsOf({ codes, values }: Extract<SourceColumn, { kind: 'category' }>) {
  const counts = new Map<string | number | boolean | null, number>();
  for (const code of codes) {
    const value = code === -1 ? null : (values[code] ?? null);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

const shownColumns = 3;

/** What was measured, in a line: the mean, and the columns that are least alike. */
export function similarityLine({ rows, columns }: Similarity): string {
  const mean = columns.reduce((sum, { value }) => sum + value, 0) / columns.length;
  if (columns.length === 0) return 'Similarity was not measured: no column can be compared.';
  const worst = columns.toSorted((a, b) => a.value - b.value).slice(0, shownColumns);
  const names = worst.map(({ name, value }) => `${name} ${value.toFixed(3)}`).join(', ');
  return (
    `Similarity of ${rows.toLocaleString('en')} sampled rows to the source, one column at a time (1 is equal): ` +
    `mean ${mean.toFixed(3)} of ${columns.length}; lowest: ${names}`
  );
}
