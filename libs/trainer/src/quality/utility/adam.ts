export interface AdamOptions {
  /** Default 1e-3. */
  rate?: number;
  /** Adds ½ · penalty · |w|² per row to the loss. Default 0. */
  penalty?: number;
}

/** Takes one step: a gradient that is the sum over so many rows. */
export type AdamStep = (gradient: Float64Array, rows: number) => void;

/** Adam (Kingma and Ba 2015; β 0.9 and 0.999, ε 1e-8) on the mean gradient of a batch, in place. */
export function adam(parameters: Float64Array, { rate = 1e-3, penalty = 0 }: AdamOptions = {}): AdamStep {
  const first = new Float64Array(parameters.length);
  const second = new Float64Array(parameters.length);
  let step = 0;
  return (gradient, rows) => {
    step++;
    const scaled = (rate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
    for (let i = 0; i < parameters.length; i++) {
      const slope = ((gradient[i] ?? 0) + penalty * (parameters[i] ?? 0)) / rows;
      const m = 0.9 * (first[i] ?? 0) + 0.1 * slope;
      const v = 0.999 * (second[i] ?? 0) + 0.001 * slope * slope;
      first[i] = m;
      second[i] = v;
      parameters[i] = (parameters[i] ?? 0) - (scaled * m) / (Math.sqrt(v) + 1e-8);
    }
  };
}
