import { pearson } from '../correlation';

/**
 * Autocorrelation at lags 1 … `maxLag`: Σ_t (x_t - x̄)(x_{t+k} - x̄) / Σ_t (x_t - x̄)², the estimator with the
 * full-length denominator (Box and Jenkins; statsmodels `acf`). Several sequences share mean and denominator; no pair
 * reaches from one into the next.
 *
 * @param sequences NaN values are left out pair by pair
 * @returns [maxLag] undefined where no pair is that far apart or all values are equal
 */
export function autocorrelation(sequences: readonly Float64Array[], maxLag: number): (number | undefined)[] {
  const mean = meanOver(sequences);
  let denominator = 0;
  for (const sequence of sequences) {
    for (const value of sequence) if (!Number.isNaN(value)) denominator += (value - mean) ** 2;
  }
  return Array.from({ length: maxLag }, (_, index) => {
    const lag = index + 1;
    let sum = 0;
    let pairs = 0;
    for (const sequence of sequences) {
      for (let t = 0; t + lag < sequence.length; t++) {
        const product = ((sequence[t] ?? 0) - mean) * ((sequence[t + lag] ?? 0) - mean);
        if (Number.isNaN(product)) continue;
        sum += product;
        pairs++;
      }
    }
    return pairs > 0 && denominator > 0 ? sum / denominator : undefined;
  });
}

/**
 * Leverage effect: Pearson's correlation of r_t and r²_{t+k}, k = 1 … `maxLag` (Cont 2001, section 3.7). Negative
 * where losses are followed by larger moves.
 *
 * @returns [maxLag] undefined with fewer than two pairs or without spread
 */
export function leverageEffect(sequences: readonly Float64Array[], maxLag: number): (number | undefined)[] {
  return Array.from({ length: maxLag }, (_, index) => {
    const lag = index + 1;
    const now: number[] = [];
    const later: number[] = [];
    for (const sequence of sequences) {
      for (let t = 0; t + lag < sequence.length; t++) {
        now.push(sequence[t] ?? Number.NaN);
        later.push((sequence[t + lag] ?? Number.NaN) ** 2);
      }
    }
    return pearson(Float64Array.from(now), Float64Array.from(later));
  });
}

function meanOver(sequences: readonly Float64Array[]): number {
  let sum = 0;
  let count = 0;
  for (const sequence of sequences) {
    for (const value of sequence) {
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
  }
  return sum / count;
}
