/** The differences of pairs, and how surely they are more than the noise of the seeds. */
export interface PairedResult {
  readonly pairs: number;
  /** Mean of the differences, second minus first. */
  readonly mean: number;
  /** Sample standard deviation of the differences. */
  readonly sd: number;
  readonly t: number;
  /** Two-sided; of the t test. */
  readonly p: number;
  /** Of the mean, at 95 %. */
  readonly low: number;
  readonly high: number;
  /** Two-sided; exact, over all 2^n signs of the differences. Null above 20 pairs. */
  readonly permutationP: number | null;
}

const mostExact = 20;

/**
 * Paired t test (Student, “The probable error of a mean”, Biometrika 6, 1908) with its interval, and beside it the
 * exact sign-flip permutation test (Fisher, The Design of Experiments, 1935, § 21), which assumes no normal law.
 *
 * @param differences one for each pair, such as of two settings that were trained with one seed
 * @returns null for fewer than two pairs: they say nothing about the noise
 */
export function pairedTest(differences: readonly number[]): PairedResult | null {
  const n = differences.length;
  if (n < 2) return null;
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  const sd = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const error = sd / Math.sqrt(n);
  const t = error === 0 ? (mean === 0 ? 0 : Math.sign(mean) * Infinity) : mean / error;
  const half = error === 0 ? 0 : tQuantile(0.975, n - 1) * error;
  return {
    ...{ pairs: n, mean, sd, t, p: twoSidedP(t, n - 1), low: mean - half, high: mean + half },
    permutationP: n > mostExact ? null : signFlipP(differences),
  };
}

/** Share of all signs of the differences whose sum is at least as far from zero as the one that was seen. */
export function signFlipP(differences: readonly number[]): number {
  const seen = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  const slack = 1e-12 * differences.reduce((sum, value) => sum + Math.abs(value), 0);
  const total = 2 ** differences.length;
  let asFar = 0;
  for (let signs = 0; signs < total; signs++) {
    const sum = differences.reduce((left, value, index) => left + (signs & (1 << index) ? -value : value), 0);
    if (Math.abs(sum) >= seen - slack) asFar++;
  }
  return asFar / total;
}

/** P(|T| ≥ |t|) of Student's law: I_x(ν/2, 1/2) with x = ν / (ν + t²) (Abramowitz and Stegun, 26.7.1). */
export function twoSidedP(t: number, freedom: number): number {
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** By halving: the law is smooth and rises, and 200 halvings are exact to a double. */
function tQuantile(probability: number, freedom: number): number {
  let low = 0;
  let high = 1e6;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (1 - twoSidedP(middle, freedom) / 2 < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Regularised incomplete beta function by its continued fraction (Numerical Recipes, 3rd ed., § 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

/** Lentz's method. */
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const kept = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return result;
}

/** Lanczos, g = 7, n = 9. */
function logGamma(z: number): number {
  const weights = [
    ...[0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059],
    ...[12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7],
  ];
  if (z < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * z)) - logGamma(1 - z);
  const base = z + 6.5;
  const sum = weights.reduce((left, weight, index) => left + (index === 0 ? weight : weight / (z - 1 + index)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z - 0.5) * Math.log(base) - base + Math.log(sum);
}
