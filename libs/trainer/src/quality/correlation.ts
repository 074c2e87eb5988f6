/** Score and the coefficients behind it; all undefined where a coefficient is. */
export interface CorrelationResult {
  score: number | undefined;
  real: number | undefined;
  synthetic: number | undefined;
}

/**
 * Pearson's correlation coefficient over the rows in which both have a value.
 *
 * @returns -1 to 1, undefined with fewer than two such rows or where a column is constant in them
 */
export function pearson(x: Float64Array, y: Float64Array): number | undefined {
  let rows = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < x.length; i++) {
    const a = x[i] ?? Number.NaN;
    const b = y[i] ?? Number.NaN;
    // NaN of either side makes the sum NaN.
    if (Number.isNaN(a + b)) continue;
    rows++;
    sumX += a;
    sumY += b;
  }
  return rows < 2 ? undefined : aroundMeans(x, y, [sumX / rows, sumY / rows]);
}

/** The second pass, around the means: large offsets (times in milliseconds) cost no digits. */
function aroundMeans(x: Float64Array, y: Float64Array, [meanX, meanY]: [number, number]): number | undefined {
  let xx = 0;
  let yy = 0;
  let xy = 0;
  let isConstantX = true;
  let isConstantY = true;
  let first: [number, number] | undefined;
  for (let i = 0; i < x.length; i++) {
    const a = x[i] ?? Number.NaN;
    const b = y[i] ?? Number.NaN;
    if (Number.isNaN(a + b)) continue;
    first ??= [a, b];
    isConstantX &&= a === first[0];
    isConstantY &&= b === first[1];
    xx += (a - meanX) ** 2;
    yy += (b - meanY) ** 2;
    xy += (a - meanX) * (b - meanY);
  }
  // Compared by value: around a rounded mean a constant column has a tiny variance rather than none.
  if (isConstantX || isConstantY) return undefined;
  const coefficient = xy / (Math.sqrt(xx) * Math.sqrt(yy));
  return Number.isFinite(coefficient) ? Math.max(-1, Math.min(1, coefficient)) : undefined;
}

/**
 * CorrelationSimilarity: 1 - |ρ_real - ρ_synthetic| / 2 with Pearson's ρ (SDMetrics `CorrelationSimilarity`).
 *
 * @param real,synthetic two columns each, of equal length
 * @returns a score of 0 to 1, undefined where a column is constant
 */
export function correlationSimilarity(
  real: readonly [Float64Array, Float64Array],
  synthetic: readonly [Float64Array, Float64Array],
): CorrelationResult {
  const inReal = pearson(...real);
  const inSynthetic = pearson(...synthetic);
  const score = inReal === undefined || inSynthetic === undefined ? undefined : 1 - Math.abs(inReal - inSynthetic) / 2;
  return { score, real: inReal, synthetic: inSynthetic };
}
