import { Adam } from '../../src/engine/adam';
import type { Random } from '../../src/random/random';

/** A layer of gated recurrent units (Cho et al. 2014) with a linear output, trained by backpropagation through time. */
export interface Gru {
  inputs: number;
  units: number;
  /** `[inputs + units + 1, 3 · units]`: update, reset, candidate; then `[units + 1]` of the output. */
  weights: Float32Array;
  output: Float32Array;
  optimiser: Adam;
}

export function buildGru(inputs: number, units: number, random: Random): Gru {
  const rows = inputs + units + 1;
  const limit = Math.sqrt(6 / (rows + 3 * units));
  const weights = random.fillUniform(new Float32Array(rows * 3 * units), -limit, limit);
  // Gates begin open, as in the reference; the candidate has no bias at first.
  for (let j = 0; j < 3 * units; j++) weights[(rows - 1) * 3 * units + j] = j < 2 * units ? 1 : 0;
  const output = random.fillUniform(new Float32Array(units + 1), -Math.sqrt(6 / (units + 1)), Math.sqrt(6 / (units + 1)));
  output[units] = 0;
  const optimiser = new Adam([weights, output], { learningRate: 1e-3, beta1: 0.9, beta2: 0.999 });
  return { inputs, units, weights, output, optimiser };
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

interface Trace {
  /** `[steps + 1][units]`, and gates `[steps][3 · units]`. */
  hidden: Float64Array;
  gates: Float64Array;
}

/** @param values `[steps, inputs]` */
function run({ inputs, units, weights }: Gru, values: ArrayLike<number>, steps: number): Trace {
  const hidden = new Float64Array((steps + 1) * units);
  const gates = new Float64Array(steps * 3 * units);
  const width = 3 * units;
  const biasAt = (inputs + units) * width;
  for (let t = 0; t < steps; t++) {
    const h = t * units;
    const g = t * width;
    for (let j = 0; j < width; j++) {
      let sum = weights[biasAt + j] as number;
      for (let i = 0; i < inputs; i++) sum += (values[t * inputs + i] as number) * (weights[i * width + j] as number);
      const isCandidate = j >= 2 * units;
      for (let i = 0; i < units; i++) {
        const gate = isCandidate ? (gates[g + units + i] as number) : 1;
        sum += gate * (hidden[h + i] as number) * (weights[(inputs + i) * width + j] as number);
      }
      gates[g + j] = isCandidate ? Math.tanh(sum) : sigmoid(sum);
    }
    for (let i = 0; i < units; i++) {
      const update = gates[g + i] as number;
      hidden[h + units + i] = update * (hidden[h + i] as number) + (1 - update) * (gates[g + 2 * units + i] as number);
    }
  }
  return { hidden, gates };
}

/** What the output layer gives after each step, before any activation. */
export function outputs(gru: Gru, values: ArrayLike<number>, steps: number): Float64Array {
  const { hidden } = run(gru, values, steps);
  return Float64Array.from({ length: steps }, (_, t) => outputAt(gru, hidden, t));
}

function outputAt({ units, output }: Gru, hidden: Float64Array, t: number): number {
  let sum = output[units] as number;
  for (let i = 0; i < units; i++) sum += (output[i] as number) * (hidden[(t + 1) * units + i] as number);
  return sum;
}

/**
 * One update on a batch of sequences.
 *
 * @param slope for the output of a step, its gradient; called for every sequence and step
 */
export function update(
  gru: Gru,
  batch: readonly ArrayLike<number>[],
  steps: number,
  slope: (sequence: number, t: number, output: number) => number,
): void {
  const weightGradient = new Float32Array(gru.weights.length);
  const outputGradient = new Float32Array(gru.output.length);
  batch.forEach((values, index) => {
    const trace = run(gru, values, steps);
    back(gru, { values, trace, steps }, { weightGradient, outputGradient }, (t, value) => slope(index, t, value));
  });
  gru.optimiser.update([weightGradient, outputGradient]);
}

function back(
  gru: Gru,
  { values, trace, steps }: { values: ArrayLike<number>; trace: Trace; steps: number },
  { weightGradient, outputGradient }: { weightGradient: Float32Array; outputGradient: Float32Array },
  slope: (t: number, output: number) => number,
): void {
  const { inputs, units, weights, output } = gru;
  const width = 3 * units;
  let later = new Float64Array(units);
  for (let t = steps - 1; t >= 0; t--) {
    const [h, g] = [t * units, t * width];
    const error = slope(t, outputAt(gru, trace.hidden, t));
    outputGradient[units] = (outputGradient[units] as number) + error;
    const before = new Float64Array(units);
    const raw = new Float64Array(width);
    for (let i = 0; i < units; i++) {
      outputGradient[i] = (outputGradient[i] as number) + error * (trace.hidden[h + units + i] as number);
      const dh = (later[i] as number) + error * (output[i] as number);
      const [z, c] = [trace.gates[g + i] as number, trace.gates[g + 2 * units + i] as number];
      const old = trace.hidden[h + i] as number;
      raw[i] = dh * (old - c) * z * (1 - z);
      raw[2 * units + i] = dh * (1 - z) * (1 - c * c);
      before[i] = dh * z;
    }
    for (let i = 0; i < units; i++) {
      let through = 0;
      for (let j = 2 * units; j < width; j++) through += (raw[j] as number) * (weights[(inputs + i) * width + j] as number);
      const r = trace.gates[g + units + i] as number;
      raw[units + i] = through * (trace.hidden[h + i] as number) * r * (1 - r);
      before[i] = (before[i] as number) + through * r;
    }
    for (let i = 0; i < units; i++) {
      for (let j = 0; j < 2 * units; j++) {
        before[i] = (before[i] as number) + (raw[j] as number) * (weights[(inputs + i) * width + j] as number);
      }
    }
    for (let j = 0; j < width; j++) {
      const slopeOf = raw[j] as number;
      for (let i = 0; i < inputs; i++) {
        const at = i * width + j;
        weightGradient[at] = (weightGradient[at] as number) + slopeOf * (values[t * inputs + i] as number);
      }
      for (let i = 0; i < units; i++) {
        const gate = j >= 2 * units ? (trace.gates[g + units + i] as number) : 1;
        const at = (inputs + i) * width + j;
        weightGradient[at] = (weightGradient[at] as number) + slopeOf * gate * (trace.hidden[h + i] as number);
      }
      const bias = (inputs + units) * width + j;
      weightGradient[bias] = (weightGradient[bias] as number) + slopeOf;
    }
    later = before;
  }
}
