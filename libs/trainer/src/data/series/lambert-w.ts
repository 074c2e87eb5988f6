/**
 * The inverse Lambert W transform (Goerg 2015, "The Lambert Way to Gaussianize Heavy-Tailed Data with the Inverse of
 * Tukey's h Transformation as a Special Case"): brings heavy tails to those of a normal distribution, and back exactly.
 */

/** W0(x) for x >= 0: the number w with w · e^w = x, by Halley's iteration. */
export function lambertW(x: number): number {
  if (x === 0) return 0;
  let w = x < 3 ? Math.log1p(x) * 0.7 : Math.log(x) - Math.log(Math.log(x));
  for (let i = 0; i < 50; i++) {
    const power = Math.exp(w);
    const error = w * power - x;
    const step = error / (power * (w + 1) - ((w + 2) * error) / (2 * w + 2));
    w -= step;
    if (Math.abs(step) <= 1e-15 * (1 + Math.abs(w))) break;
  }
  return w;
}

/** Takes the tails off a standardised value. */
export function gaussianise(value: number, delta: number): number {
  if (delta === 0) return value;
  return Math.sign(value) * Math.sqrt(lambertW(delta * value * value) / delta);
}

/** Puts the tails back: `u · e^(δ u² / 2)`. */
export function heavyTailed(value: number, delta: number): number {
  return value * Math.exp((delta * value * value) / 2);
}

/** The heaviest tails that are taken off; from 1 on the mean would not exist. */
const largestDelta = 0.9;

/**
 * The δ that gives standardised values the kurtosis of a normal distribution (Goerg 2015, section 4.1), by bisection; 0
 * where their tails are not heavier than that.
 */
export function fitDelta(values: Float64Array): number {
  if (kurtosisOf(values) <= 3) return 0;
  let [low, high] = [0, largestDelta];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (kurtosisOf(values.map((value) => gaussianise(value, middle))) > 3) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export function momentsOf(values: Float64Array): { mean: number; std: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, std: Math.sqrt(squares / values.length) };
}

/** Fourth standardised moment; 3 for a normal distribution. */
function kurtosisOf(values: Float64Array): number {
  const { mean, std } = momentsOf(values);
  let sum = 0;
  for (const value of values) sum += ((value - mean) / std) ** 4;
  return sum / values.length;
}
