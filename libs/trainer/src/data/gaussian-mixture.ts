import { clusterSorted } from './k-means';
import { digamma, logBeta, logGamma } from './special-functions';
import { groupSorted } from './value-groups';
import type { ValueGroups } from './value-groups';

/** One normal distribution of a mixture. */
export interface MixtureComponent {
  mean: number;
  /** Standard deviation. */
  std: number;
  /** Expected share of the values. */
  weight: number;
  /**
   * The part of the logarithm of its responsibility that does not depend on the value:
   * ln r(x) = log_offset - (x - mean)² / (2 std²), up to a constant of all components.
   */
  log_offset: number;
}

export interface MixtureSettings {
  /** Components to begin with; the fit empties those that the values do not need. */
  maxComponents: number;
  /** Concentration α of the Dirichlet process: small values use few components. */
  concentration: number;
  maxIterations: number;
  /** The fit ends when the evidence lower bound changes by less. */
  tolerance: number;
  /** Components with a smaller weight are left out. */
  smallestWeight: number;
}

/** Xu et al. 2019, section 4.2, as its reference implementation sets them. */
export const ctganMixture: MixtureSettings = {
  maxComponents: 10,
  concentration: 0.001,
  maxIterations: 100,
  tolerance: 1e-3,
  smallestWeight: 0.005,
};

/** Added to each variance so that a component of equal values keeps a width. In units of the values' variance. */
const varianceFloor = 1e-6;

/** What the fit knows of each component; priors are mean 0, variance 1, β₀ = 1, ν₀ = 1, as the values are standardised. */
interface Posterior {
  count: Float64Array;
  /** Beta parameters of the stick-breaking weights. */
  a: Float64Array;
  b: Float64Array;
  beta: Float64Array;
  mean: Float64Array;
  nu: Float64Array;
  variance: Float64Array;
}

/**
 * Variational Bayesian mixture of one-dimensional normal distributions with a Dirichlet-process prior
 * (Bishop 2006, section 10.2; Blei and Jordan 2006). Values are standardised, so the fit does not depend on their
 * unit; equal and neighbouring values are handled together, so it costs the same for 10 thousand rows as for 50.
 *
 * @param values finite; not changed
 * @returns the components that survive, from the smallest mean to the largest; at least one
 * @throws RangeError with fewer than two distinct values
 */
export function fitMixture(values: Float64Array, settings: MixtureSettings = ctganMixture): MixtureComponent[] {
  const sorted = values.slice().sort();
  const { mean, std } = momentsOf(sorted);
  if (!(std > 0)) throw new RangeError('a mixture needs at least two distinct values');
  const groups = groupSorted(sorted.map((value) => (value - mean) / std));
  const posterior = infer(groups, settings);
  return survivors(posterior, settings.smallestWeight)
    .map((component) => ({ ...component, mean: mean + std * component.mean, std: std * component.std }))
    .sort((a, b) => a.mean - b.mean);
}

function momentsOf(values: Float64Array): { mean: number; std: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, std: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

function infer(groups: ValueGroups, settings: MixtureSettings): Posterior {
  const size = Math.min(settings.maxComponents, groups.mean.length);
  const responsibilities = clusterSorted(groups, size);
  let posterior = maximise(groups, responsibilities, size, settings.concentration);
  let bound = Number.NEGATIVE_INFINITY;
  for (let iteration = 0; iteration < settings.maxIterations; iteration++) {
    const entropy = expect(groups, posterior, responsibilities);
    posterior = maximise(groups, responsibilities, size, settings.concentration);
    const next = entropy + boundOf(posterior);
    if (Math.abs(next - bound) < settings.tolerance) break;
    bound = next;
  }
  return posterior;
}

/** The M step: posterior parameters from responsibilities `[groups, size]`. */
function maximise(groups: ValueGroups, responsibilities: Float64Array, size: number, concentration: number): Posterior {
  const vector = () => new Float64Array(size);
  const posterior: Posterior = { count: vector(), a: vector(), b: vector(), beta: vector(), mean: vector(), nu: vector(), variance: vector() };
  const { sums, squares } = weightedSums(groups, responsibilities, posterior.count);
  let after = 0;
  for (let k = size - 1; k >= 0; k--) {
    const count = at(posterior.count, k);
    posterior.a[k] = 1 + count;
    posterior.b[k] = concentration + after;
    after += count;
    const centre = at(sums, k) / count;
    const spread = Math.max(0, at(squares, k) / count - centre * centre) + varianceFloor;
    const beta = 1 + count;
    const nu = 1 + count;
    posterior.beta[k] = beta;
    posterior.nu[k] = nu;
    posterior.mean[k] = (count * centre) / beta;
    posterior.variance[k] = (1 + count * spread + (count / beta) * centre * centre) / nu;
  }
  return posterior;
}

/** Fills `counts` (kept above 0) and gives Σ r x and Σ r x² of each component. */
function weightedSums(groups: ValueGroups, responsibilities: Float64Array, counts: Float64Array) {
  const size = counts.length;
  const sums = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let i = 0; i < groups.mean.length; i++) {
    const x = at(groups.mean, i);
    const square = x * x + at(groups.variance, i);
    for (let k = 0; k < size; k++) {
      const weight = at(responsibilities, i * size + k) * at(groups.count, i);
      counts[k] = at(counts, k) + weight;
      sums[k] = at(sums, k) + weight * x;
      squares[k] = at(squares, k) + weight * square;
    }
  }
  for (let k = 0; k < size; k++) counts[k] = at(counts, k) + 10 * Number.EPSILON;
  return { sums, squares };
}

/** The E step: overwrites the responsibilities. @returns their entropy, weighted by the counts of the groups */
function expect(groups: ValueGroups, posterior: Posterior, responsibilities: Float64Array): number {
  const size = posterior.count.length;
  const offsets = logOffsets(posterior);
  let entropy = 0;
  for (let i = 0; i < groups.mean.length; i++) {
    const from = i * size;
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < size; k++) {
      const distance = (at(groups.mean, i) - at(posterior.mean, k)) ** 2 + at(groups.variance, i);
      const logShare = at(offsets, k) - distance / (2 * at(posterior.variance, k));
      responsibilities[from + k] = logShare;
      largest = Math.max(largest, logShare);
    }
    let total = 0;
    for (let k = 0; k < size; k++) total += Math.exp(at(responsibilities, from + k) - largest);
    const logTotal = largest + Math.log(total);
    for (let k = 0; k < size; k++) {
      const logShare = at(responsibilities, from + k) - logTotal;
      const share = Math.exp(logShare);
      responsibilities[from + k] = share;
      if (share > 0) entropy -= at(groups.count, i) * share * logShare;
    }
  }
  return entropy;
}

/** The part of ln r that does not depend on the value: expected log weight, log density at the mean, and the spread of the posterior. */
function logOffsets({ a, b, beta, nu, variance }: Posterior): Float64Array {
  let before = 0;
  return a.map((stick, k) => {
    const both = digamma(stick + at(b, k));
    const logWeight = digamma(stick) - both + before;
    before += digamma(at(b, k)) - both;
    const logDensity = -0.5 * Math.log(2 * Math.PI * at(variance, k)) - 0.5 * Math.log(at(nu, k));
    return logWeight + logDensity + 0.5 * (Math.LN2 + digamma(at(nu, k) / 2) - 1 / at(beta, k));
  });
}

/** The evidence lower bound less the entropy of the responsibilities, up to a constant. */
function boundOf({ a, b, beta, nu, variance }: Posterior): number {
  let bound = 0;
  for (let k = 0; k < a.length; k++) {
    const [dof, spread] = [at(nu, k), at(variance, k)];
    const logPrecision = -0.5 * Math.log(spread) - 0.5 * Math.log(dof);
    bound += dof * logPrecision + 0.5 * dof * Math.LN2 + logGamma(0.5 * dof);
    bound += logBeta(at(a, k), at(b, k)) - 0.5 * Math.log(at(beta, k));
  }
  return bound;
}

function survivors(posterior: Posterior, smallestWeight: number): MixtureComponent[] {
  const offsets = logOffsets(posterior);
  let left = 1;
  const weights = posterior.a.map((stick, k) => {
    const share = stick / (stick + at(posterior.b, k));
    const weight = share * left;
    left *= 1 - share;
    return weight;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const components = Array.from(weights, (weight, k) => ({
    mean: at(posterior.mean, k),
    std: Math.sqrt(at(posterior.variance, k)),
    weight: weight / total,
    log_offset: at(offsets, k),
  }));
  return components.filter(({ weight }) => weight > smallestWeight);
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] as number;
}
