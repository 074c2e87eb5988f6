import { mostCorrelatedColumns } from '@gan-dashboard/shared-types';
import type { LiveCorrelations } from '@gan-dashboard/shared-types';
import { pearson } from '../quality/correlation';
import { isLearned } from '../quality/table';
import type { QualityTable } from '../quality/table';

/** Pearson's correlations of quantities: the first 30 of a table, so that an event stays small. */
export class CorrelationMeasure {
  private readonly columns: readonly string[];
  private readonly real: (number | null)[];

  constructor(reference: QualityTable) {
    this.columns = reference.columns
      .filter((column) => isLearned(column) && column.data.kind === 'quantity')
      .slice(0, mostCorrelatedColumns)
      .map(({ name }) => name);
    this.real = upperTriangle(reference, this.columns);
  }

  /** Undefined where fewer than two columns are quantities. */
  measure(probe: QualityTable): LiveCorrelations | undefined {
    if (this.columns.length < 2) return undefined;
    return { columns: [...this.columns], real: this.real, synthetic: upperTriangle(probe, this.columns) };
  }
}

/**
 * Correlations of all pairs, row by row above the diagonal (1-2, 1-3, …, 2-3, …), to three decimals.
 *
 * @returns n (n - 1) / 2 values for n names; null where a column is constant, is missing or has fewer than two values
 */
export function upperTriangle({ columns }: QualityTable, names: readonly string[]): (number | null)[] {
  const values = names.map((name) => {
    const data = columns.find((column) => column.name === name)?.data;
    return data?.kind === 'quantity' ? data.values : new Float64Array();
  });
  return values.flatMap((first, i) =>
    values.slice(i + 1).map((second) => {
      const found = pearson(first, second);
      // Adding 0 turns -0 into 0.
      return found === undefined ? null : Math.round(found * 1000) / 1000 + 0;
    }),
  );
}
