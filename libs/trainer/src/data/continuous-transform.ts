import { Random } from '../random/random';
import { fitMixture } from './gaussian-mixture';
import type { MixtureComponent } from './gaussian-mixture';
import { usesLogarithm } from './long-tail';
import { selectValues } from './select-values';
import { isSingleMode } from './single-mode';

/** How the values of a continuous column are cut into a slot and a number in [-1, 1]. */
export interface ContinuousTransform {
  /** `log`: the logarithm of value + shift, for long tails. */
  scale: { kind: 'linear' } | { kind: 'log'; shift: number };
  /**
   * Modes of the values that are not special, after the scale. None: every value is special. One, for values that
   * look like one normal or uniform distribution: the general transform, in which [low, high] becomes [-0.99, 0.99].
   */
  components: MixtureComponent[];
  /** Smallest and largest value that is not special, after the scale. */
  low: number;
  high: number;
  /** Values with a slot of their own, such as the zeros of a capital gain. */
  special: number[];
}

/** How a model wants its numbers. */
export interface ContinuousSettings {
  /** `mixture`: a slot for each mode (Xu et al. 2019). `min_max`: one slot for all (Zhao et al. 2022, general transform). */
  numbers: 'mixture' | 'min_max';
  /** Whether values that many rows share get slots of their own (Zhao et al. 2022, mixed columns). */
  hasSpecialValues: boolean;
}

/** Values are kept off the ends of tanh, which it never reaches. */
const edge = 0.99;
/** Half of a component's range, in standard deviations (Xu et al. 2019, section 4.2). */
const reach = 4;
/** Rows that the mixture is fitted on, at most. */
const fitRows = 50_000;
/** Rows from which all but the range is learned, at most: what is made of them takes four times their memory. */
export const mostBasisRows = 1_000_000;
/** Share of the present rows from which a value is special, how many rows that must be, and how many such values there may be. */
const specialShare = 0.05;
const fewestSpecialRows = 10;
const mostSpecial = 10;
/** A column with so few distinct values, each shared by ten rows on average, has a slot for each of them. */
const mostDiscrete = 20;
const rowsPerDiscrete = 10;

/** Slots beside the special values that a column can take, before its values are known. */
export const mostContinuousSlots = 10 + mostSpecial;

/**
 * Learns the transform of a column. Beside the values it takes the memory of 1,000,000 rows at most: of more, special
 * values and modes are learned from so many that are drawn, the range from all.
 *
 * @param present values without NaN, at least two distinct ones
 * @param random chooses the rows of the fit where there are more than 50,000
 */
export function fitContinuous(present: Float64Array, settings: ContinuousSettings, random: Random): ContinuousTransform {
  const basis = present.length > mostBasisRows ? drawBasis(present) : present;
  const special = settings.hasSpecialValues ? specialValues(basis) : [];
  const isSpecial = new Set(special);
  if (basis !== present) includeRange(basis, present, isSpecial);
  const rest = selectValues(basis, (value) => !isSpecial.has(value));
  if (rest.length === 0) return { scale: { kind: 'linear' }, components: [], low: 0, high: 0, special };
  const scale = settings.numbers === 'mixture' ? usesLogarithm(rest) : ({ kind: 'linear' } as const);
  const scaled = rest.map((value) => applyScale(scale, value));
  const { low, high } = rangeOf(scaled);
  const sample = settings.numbers === 'mixture' && high > low ? sampleOf(scaled, random) : null;
  const components = sample && !isSingleMode(sample) ? fitMixture(sample) : [wholeRange(low, high)];
  return { scale, components, low, high, special };
}

/** Each value with the same chance (Vitter 1985, algorithm R); of a stream of its own, so that no other draw moves. */
function drawBasis(present: Float64Array): Float64Array {
  const random = Random.of(0, 'basis', present.length);
  const basis = present.slice(0, mostBasisRows);
  for (let row = mostBasisRows; row < present.length; row++) {
    const place = random.integer(row + 1);
    if (place < mostBasisRows) basis[place] = present[row] ?? 0;
  }
  return basis;
}

/** Puts the smallest and the largest value that is not special in place of two that were drawn. */
function includeRange(basis: Float64Array, present: Float64Array, isSpecial: ReadonlySet<number>): void {
  const { low, high } = rangeOf(present, isSpecial);
  if (low > high) return;
  basis[0] = low;
  basis[1] = high;
}

function specialValues(present: Float64Array): number[] {
  const least = Math.max(fewestSpecialRows, specialShare * present.length);
  const { distinct, first, frequent } = countValues(present, least);
  const byValue = (values: [number, number][]) => values.map(([value]) => value).sort((a, b) => a - b);
  if (distinct <= mostDiscrete && present.length >= rowsPerDiscrete * distinct) return byValue(first);
  return byValue(frequent.sort(([a, x], [b, y]) => y - x || a - b).slice(0, mostSpecial));
}

/** Counts runs of sorted values: a table of them would take ten times the memory where nearly all are distinct. */
function countValues(present: Float64Array, least: number) {
  const sorted = present.slice().sort();
  const first: [number, number][] = [];
  const frequent: [number, number][] = [];
  let distinct = 0;
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    // -0 stands beside 0 and equals it; adding 0 gives both the same sign.
    const value = (sorted[start] as number) + 0;
    while (end < sorted.length && sorted[end] === value) end++;
    if (++distinct <= mostDiscrete) first.push([value, end - start]);
    if (end - start >= least) frequent.push([value, end - start]);
  }
  return { distinct, first, frequent };
}

function rangeOf(values: Float64Array, ignored?: ReadonlySet<number>): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (ignored?.has(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

function sampleOf(values: Float64Array, random: Random): Float64Array {
  if (values.length <= fitRows) return values;
  const chosen = random.permutation(values.length).subarray(0, fitRows);
  const sample = Float64Array.from(chosen, (row) => values[row] ?? 0);
  // A column may be constant but for a few rows: all values then, so that the fit sees two distinct ones.
  return sample.every((value) => value === sample[0]) ? values : sample;
}

function wholeRange(low: number, high: number): MixtureComponent {
  return { mean: (low + high) / 2, std: Math.max((high - low) / 2, Number.MIN_VALUE), weight: 1, log_offset: 0 };
}

/** Slots of the transform: its components, then its special values. */
export function slotCount({ components, special }: ContinuousTransform): number {
  return components.length + special.length;
}

export interface EncodedValue {
  /** Number of the component, or of the special value behind them. */
  slot: number;
  /** In [-1, 1]; 0 for special values. */
  number: number;
}

/** Encodes values; the component is drawn by its responsibility among those whose range holds the value. */
export function continuousEncoder(transform: ContinuousTransform): (value: number, random: Random) => EncodedValue {
  const { components, special, scale } = transform;
  const slotOfSpecial = new Map(special.map((value, index) => [value, components.length + index]));
  const shares = new Float64Array(components.length);
  return (value, random) => {
    const slot = slotOfSpecial.get(value);
    if (slot !== undefined) return { slot, number: 0 };
    const scaled = applyScale(scale, value);
    if (components.length === 1) return { slot: 0, number: placeInRange(transform, scaled) };
    const drawn = drawComponent(components, scaled, shares, random);
    const { mean, std } = components[drawn] as MixtureComponent;
    return { slot: drawn, number: clamp((scaled - mean) / (reach * std), edge) };
  };
}

function placeInRange({ low, high }: ContinuousTransform, scaled: number): number {
  return high > low ? clamp(((2 * (scaled - low)) / (high - low) - 1) * edge, edge) : 0;
}

/** Keeps every component possible, as the reference does. */
const smallestShare = 1e-6;

function drawComponent(components: readonly MixtureComponent[], x: number, shares: Float64Array, random: Random): number {
  let largest = Number.NEGATIVE_INFINITY;
  components.forEach(({ mean, std, log_offset: offset }, k) => {
    const logShare = offset - (x - mean) ** 2 / (2 * std * std);
    shares[k] = logShare;
    largest = Math.max(largest, logShare);
  });
  let total = 0;
  let best = 0;
  for (let k = 0; k < shares.length; k++) {
    if (shares[k] === largest) best = k;
    const { mean, std } = components[k] as MixtureComponent;
    const holds = Math.abs(x - mean) <= edge * reach * std;
    // A component that does not reach the value would give another one back.
    shares[k] = holds ? Math.exp((shares[k] as number) - largest) + smallestShare : 0;
    total += shares[k] as number;
  }
  let left = random.uniform() * total;
  for (let k = 0; k < shares.length; k++) {
    left -= shares[k] as number;
    if (left < 0) return k;
  }
  return best;
}

/** The value of a slot and a number; numbers outside [-1, 1] count as its ends. */
export function decodeContinuous(transform: ContinuousTransform, slot: number, number: number): number {
  const { components, special, scale, low, high } = transform;
  const value = special[slot - components.length];
  if (value !== undefined) return value;
  if (components.length === 1) return invertScale(scale, low + ((clamp(number / edge, 1) + 1) / 2) * (high - low));
  const component = components[slot];
  if (!component) throw new RangeError(`the column has no slot ${slot}`);
  const scaled = component.mean + clamp(number, 1) * reach * component.std;
  return invertScale(scale, Math.min(high, Math.max(low, scaled)));
}

/** How far apart two neighbouring encoded values can decode, at most: the error of a value that is in reach. */
export function resolutionOf(transform: ContinuousTransform, value: number): number {
  const { components, scale, low, high } = transform;
  const widest = components.length === 1 ? (high - low) / 2 : Math.max(0, ...components.map(({ std }) => reach * std));
  // Single precision keeps 24 bits of a number in [-1, 1].
  const scaled = widest * 2 ** -23 + Math.max(Math.abs(low), Math.abs(high)) * 2 ** -50;
  return scale.kind === 'linear' ? scaled : Math.abs(value + scale.shift) * Math.expm1(scaled);
}

export function applyScale(scale: ContinuousTransform['scale'], value: number): number {
  return scale.kind === 'linear' ? value : Math.log(value + scale.shift);
}

function invertScale(scale: ContinuousTransform['scale'], scaled: number): number {
  return scale.kind === 'linear' ? scaled : Math.exp(scaled) - scale.shift;
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}
