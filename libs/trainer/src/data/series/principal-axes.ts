import { z } from 'zod';

/**
 * A change of coordinates that takes apart columns which move together: standardise each, then turn the axes to the
 * principal components. What is left of a component without spread is left out, and comes back by itself.
 */
export const principalAxesSchema = z.object({
  mean: z.array(z.number()),
  scale: z.array(z.number()),
  /** One a component, `[components][columns]`, of length 1 each. */
  axes: z.array(z.array(z.number())),
});
export type PrincipalAxes = z.infer<typeof principalAxesSchema>;

/** Components with less than this share of a column's variance are rounding, not movement. */
const smallestVariance = 1e-10;
/** Beyond this many columns the components cost more than they give. */
const mostColumns = 128;

/**
 * @param columns values without gaps, one array a column
 * @param areTurned whether to turn the axes; without, the columns are standardised only
 */
export function fitPrincipalAxes(columns: readonly Float64Array[], areTurned: boolean): PrincipalAxes {
  const mean = columns.map(meanOf);
  const spread = columns.map((values, index) =>
    Math.sqrt(meanOf(values.map((value) => (value - (mean[index] ?? 0)) ** 2))),
  );
  const scale = spread.map((value) => (value > 0 ? value : 1));
  const unit = columns.map((_, index) => columns.map((_column, other) => (other === index ? 1 : 0)));
  const own = unit.filter((_, index) => (spread[index] ?? 0) > 0);
  if (!areTurned || columns.length < 2 || columns.length > mostColumns) return { mean, scale, axes: own };
  const standard = columns.map((values, i) => values.map((value) => (value - (mean[i] ?? 0)) / (scale[i] ?? 1)));
  const { values, vectors } = eigenvectors(standard.map((a) => standard.map((b) => meanProduct(a, b))));
  const order = values.map((_, index) => index).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  const kept = order.filter((index) => (values[index] ?? 0) > smallestVariance);
  return { mean, scale, axes: kept.map((index) => vectors.map((row) => row[index] ?? 0)) };
}

/** The components of one row. */
export function toComponents({ mean, scale, axes }: PrincipalAxes, row: readonly number[]): number[] {
  return axes.map((axis) =>
    axis.reduce((sum, share, i) => sum + share * (((row[i] ?? 0) - (mean[i] ?? 0)) / (scale[i] ?? 1)), 0),
  );
}

/** The row of components. */
export function fromComponents({ mean, scale, axes }: PrincipalAxes, components: readonly number[]): number[] {
  return mean.map((centre, i) => {
    let sum = 0;
    axes.forEach((axis, k) => (sum += (axis[i] ?? 0) * (components[k] ?? 0)));
    return centre + (scale[i] ?? 1) * sum;
  });
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function meanProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum / a.length;
}

/**
 * Eigenvalues of a symmetric matrix and its eigenvectors as columns, by Jacobi's rotations (Golub and Van Loan, "Matrix
 * Computations", section 8.5).
 */
export function eigenvectors(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const a = matrix.map((row) => [...row]);
  const size = a.length;
  const vectors = a.map((_, i) => a.map((_row, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 100 && offDiagonal(a) > 1e-22 * size * size; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q);
  }
  return { values: a.map((row, i) => row[i] ?? 0), vectors };
}

function offDiagonal(a: readonly number[][]): number {
  let sum = 0;
  a.forEach((row, i) => row.forEach((value, j) => (sum += i === j ? 0 : value * value)));
  return sum;
}

function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  const at = (matrix: number[][], i: number, j: number) => matrix[i]?.[j] ?? 0;
  const off = at(a, p, q);
  if (off === 0) return;
  const theta = (at(a, q, q) - at(a, p, p)) / (2 * off);
  const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const turn = (row: number[] | undefined) => {
    if (!row) return;
    const [x, y] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = cosine * x - sine * y;
    row[q] = sine * x + cosine * y;
  };
  a.forEach(turn);
  const [rowP, rowQ] = [a[p], a[q]];
  if (!rowP || !rowQ) return;
  for (let j = 0; j < a.length; j++) {
    const [x, y] = [rowP[j] ?? 0, rowQ[j] ?? 0];
    rowP[j] = cosine * x - sine * y;
    rowQ[j] = sine * x + cosine * y;
  }
  vectors.forEach(turn);
}
