import type { FullQualityReport } from '@gan-dashboard/shared-types';

/** More columns make cells too small to see. */
const mostColumns = 40;

type Matrix = (number | null)[][];

export interface AssociationMatrices {
  columns: string[];
  real: Matrix;
  synthetic: Matrix;
  /** Synthetic minus real; null where either was not measured. */
  difference: Matrix;
  leftOut: number;
}

/** The associations of all pairs as square matrices; undefined with fewer than two columns. */
export function associationMatrices({
  columns = [],
  pairs = [],
}: Pick<FullQualityReport, 'columns' | 'pairs'>): AssociationMatrices | undefined {
  const names = columns.slice(0, mostColumns).map(({ column }) => column);
  if (names.length < 2) return undefined;
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const [real, synthetic, difference] = [unit(names.length), unit(names.length), unit(names.length, 0)];
  for (const { columns: pair, association } of pairs) {
    const [one, other] = pair.map((name) => indexOf.get(name));
    if (one === undefined || other === undefined) continue;
    const gap =
      association.real === null || association.synthetic === null ? null : association.synthetic - association.real;
    for (const [matrix, value] of [
      [real, association.real],
      [synthetic, association.synthetic],
      [difference, gap],
    ] as const) {
      put(matrix, one, other, value);
      put(matrix, other, one, value);
    }
  }
  return { columns: names, real, synthetic, difference, leftOut: columns.length - names.length };
}

function put(matrix: Matrix, row: number, column: number, value: number | null): void {
  const cells = matrix[row];
  if (cells) cells[column] = value;
}

function unit(size: number, diagonal = 1): Matrix {
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => (row === column ? diagonal : null)),
  );
}
