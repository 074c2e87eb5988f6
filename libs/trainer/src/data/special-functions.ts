/** Arguments below this are raised by the functions' recurrences to where their asymptotic series are exact. */
const seriesFrom = 8;

/**
 * ψ(x), the derivative of ln Γ(x), for x > 0 to about 1e-13 (Abramowitz and Stegun 1964, 6.3.5 and 6.3.18).
 *
 * @throws RangeError unless x > 0
 */
export function digamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`digamma needs a number above 0, not ${x}`);
  let shift = 0;
  let at = x;
  for (; at < seriesFrom; at++) shift -= 1 / at;
  const inverse = 1 / (at * at);
  const series =
    inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse * (1 / 132 - (inverse * 691) / 32760)))));
  return shift + Math.log(at) - 0.5 / at - series;
}

/**
 * ln Γ(x) for x > 0 to about 1e-13 (Abramowitz and Stegun 1964, 6.1.15 and 6.1.41).
 *
 * @throws RangeError unless x > 0
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma needs a number above 0, not ${x}`);
  let product = 1;
  let at = x;
  for (; at < seriesFrom; at++) product *= at;
  const inverse = 1 / (at * at);
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188 - (inverse * 691) / 360360))))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}

/** ln B(a, b), the logarithm of the beta function. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
